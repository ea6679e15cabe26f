internal import Domain

extension Frame {
    /// A form of its own making with several buttons. Enter presses the first button of a form, so the one that saves
    /// stands first, out of sight.
    ///
    /// - Parameters:
    ///   - shown: the fields beside which a fault stands; what is wrong elsewhere stands above all.
    ///   - actions: the buttons below.
    func editor(
        _ action: Path, _ input: FormInput, shown: Set<String>, _ content: HTML, actions: HTML
    ) -> HTML {
        let others = input.faults.filter { !shown.contains($0.field) }
        let general: [HTML] = others.map { "<p class=\"fault\" role=\"alert\">\($0.explanation)</p>" }
        let below: HTML = "<p class=\"fault\" role=\"alert\">Something is not right yet: see below.</p>"
        return form(
            action, style: "form editor",
            """
            <button class="visually-hidden" type="submit" name="do" value="save" tabindex="-1" aria-hidden="true">Save</button>
            \(general)\(if: others.count < input.faults.count, below)\(content)
            <div class="row">\(actions)</div>
            """)
    }

    /// A button of an editor, which sends the whole form and says what to do with it.
    func does(
        _ value: String, _ label: String, symbol: Symbol? = nil, style: ButtonStyle = .plain, title: String? = nil
    ) -> HTML {
        let name: HTML? = title.map { " aria-label=\"\($0)\" title=\"\($0)\"" }
        return """
            <button class="button \(style.rawValue)" type="submit" name="do" value="\(value)"\(name)>\
            \(symbol.map { self.symbol($0) })\(label)</button>
            """
    }
}

extension FormInput {
    /// What is wrong with fields that this one does not have: `layers[0].name` as `name`.
    func with(_ faults: [FieldFault], renaming name: (String) -> String) -> FormInput {
        with(faults.map { FieldFault(name($0.field), $0.explanation) })
    }

    /// The same with another value of a field.
    func setting(_ name: String, _ value: String) -> FormInput {
        var input = self
        input.values[name] = [value]
        return input
    }

    /// How many rows of repeated fields were sent: `place-0`, `place-1` are two.
    func rows(_ prefix: String) -> Int {
        let numbers = values.keys.compactMap { name -> Int? in
            guard name.hasPrefix(prefix) else { return nil }
            return Int(name.dropFirst(prefix.count).prefix { $0 != "-" }).flatMap { (0..<200).contains($0) ? $0 : nil }
        }
        return (numbers.max() ?? -1) + 1
    }
}
