/// An ordered list, as fields `prefix0`, `prefix1` and so on. Each field selects one of the same choices, or nothing.
struct Places: Sendable {
    var prefix: String
    var legend: String
    var hint: String?
    var choices: [Field.Choice]
    /// The name of one place.
    var noun: String
    /// The field for faults that concern the whole list.
    var whole: String
    /// The value of `do` that the button for more places sends.
    var more: String
    /// The value that the move-up button sends, followed by the place's number. Nil if the order has no meaning.
    var up: String?
    /// The value that the remove button sends, followed by the place's number. Filled places are then lines of text
    /// instead of selects, so that a long list stays readable. Nil for selects.
    var remove: String?

    /// The fields that show their own faults.
    func names(_ input: FormInput) -> Set<String> {
        Set((0..<input.rows(prefix)).map { "\(prefix)\($0)" } + [whole])
    }

    func html(_ input: FormInput, _ frame: Frame) -> HTML {
        let rows = (0..<input.rows(prefix)).map { row($0, input, frame) }
        let hint: HTML? = hint.map { "<p class=\"hint\">\($0)</p>" }
        return """
            <fieldset class="field"><legend>\(legend)</legend>\(hint)
            <ol class="places">\(rows)</ol><div>\(frame.does(more, "More \(noun)s", symbol: .plus))</div>\
            \(fault(whole, input))</fieldset>
            """
    }

    private func row(_ row: Int, _ input: FormInput, _ frame: Frame) -> HTML {
        let name = "\(prefix)\(row)"
        if let remove, input.fault(of: name) == nil,
            let choice = choices.first(where: { !$0.value.isEmpty && $0.value == input[name] })
        {
            let up = up.map { "\($0)\(row)" }
            return """
                <li><input type="hidden" name="\(name)" value="\(choice.value)"><span dir="auto">\(choice.label)</span>
                <span class="row">\(row > 0 ? up.map { frame.does($0, "", symbol: .up, style: .quiet, title: "Move \(choice.label) up") } : nil)\
                \(frame.does("\(remove)\(row)", "Remove", style: .quiet, title: "Remove \(choice.label)"))</span></li>
                """
        }
        let label = "\(noun.prefix(1).uppercased())\(noun.dropFirst()) \(row + 1)"
        let options = choices.map { choice -> HTML in
            "<option value=\"\(choice.value)\"\(if: choice.value == input[name], " selected")>\(choice.label)</option>"
        }
        let isWrong = input.fault(of: name) != nil
        let move = up.map {
            frame.does("\($0)\(row)", "", symbol: .up, style: .quiet, title: "Move \(noun) \(row + 1) up")
        }
        return """
            <li><select name="\(name)" aria-label="\(label)"\
            \(if: isWrong, " aria-invalid=\"true\" aria-describedby=\"\(name)-fault\"")>\(options)</select>\
            \(row > 0 && !input[name].isEmpty ? move : nil)\(fault(name, input))</li>
            """
    }

    private func fault(_ name: String, _ input: FormInput) -> HTML? {
        input.fault(of: name).map { "<p class=\"fault\" id=\"\(name)-fault\">\($0)</p>" }
    }
}
