internal import Domain

extension Frame {
    /// A form with custom content and several buttons. Enter presses the first button of a form, so the save button
    /// comes first, hidden.
    ///
    /// - Parameters:
    ///   - shown: the fields that show their own faults. All other faults appear at the top.
    ///   - actions: the buttons at the bottom.
    func editor(
        _ action: Path, _ input: FormInput, shown: Set<String>, _ content: HTML, actions: HTML
    ) -> HTML {
        let others = input.faults.filter { !shown.contains($0.field) }
        let general: [HTML] = others.map { "<p class=\"fault\" role=\"alert\">\($0.explanation)</p>" }
        let below: HTML = "<p class=\"fault\" role=\"alert\">Not saved. See the messages below.</p>"
        return form(
            action, style: "form editor",
            """
            <button class="visually-hidden" type="submit" name="do" value="save" tabindex="-1" aria-hidden="true">Save</button>
            \(input.seenField)\(general)\(if: others.count < input.faults.count, below)\(content)
            <div class="row">\(actions)</div>
            """)
    }

    /// A button of an editor. It submits the whole form with the action to perform.
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
    /// Adds faults after renaming their fields, such as `layers[0].name` to `name`.
    func with(_ faults: [FieldFault], renaming name: (String) -> String) -> FormInput {
        with(faults.map { FieldFault(name($0.field), $0.explanation) })
    }

    /// Returns a copy with another value for a field.
    func setting(_ name: String, _ value: String) -> FormInput {
        var input = self
        input.values[name] = [value]
        return input
    }

    /// Counts the rows of a repeated field: `place-0` and `place-1` make two.
    func rows(_ prefix: String) -> Int {
        let numbers = values.keys.compactMap { name -> Int? in
            guard name.hasPrefix(prefix) else { return nil }
            return Int(name.dropFirst(prefix.count).prefix { $0 != "-" }).flatMap { (0..<200).contains($0) ? $0 : nil }
        }
        return (numbers.max() ?? -1) + 1
    }
}
