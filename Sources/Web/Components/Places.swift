/// A list whose order counts, as fields `prefix0`, `prefix1` …: each chooses one of the same things, or nothing.
struct Places: Sendable {
    var prefix: String
    var legend: String
    var hint: String?
    var choices: [Field.Choice]
    /// What one place is called.
    var noun: String
    /// The field of a fault that concerns all of them.
    var whole: String
    /// What the button that asks for more sends as `do`.
    var more: String
    /// What the button that moves a place up sends, before the place's number; nil where the order tells nothing.
    var up: String?

    /// The fields beside which a fault stands.
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
