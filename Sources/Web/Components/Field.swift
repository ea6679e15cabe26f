/// One field of a form: its label, its control and its faults.
struct Field: Sendable {
    enum Control: Sendable {
        /// The input's type, its maximum length, and its autocomplete value.
        case input(type: String, maximum: Int, autocomplete: String)
        case area(rows: Int, maximum: Int)
        case select([Choice])
        /// A check box, which sends `yes`.
        case check
        /// A check box with a hidden marker, so that an empty one is told from one that was not shown.
        case flag
        /// Several check boxes with the same name.
        case checks([Choice])
    }

    /// One option of a field.
    struct Choice: Sendable, Hashable {
        var value: String
        var label: String

        init(_ value: String, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    var name: String
    var label: String
    var hint: String?
    var isRequired: Bool
    var control: Control
    /// Distinguishes fields with the same name on one web page.
    private var suffix = ""

    init(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false, _ control: Control) {
        self.name = name
        self.label = label
        self.hint = hint
        self.isRequired = isRequired
        self.control = control
    }

    static func text(
        _ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false, maximum: Int = 200,
        autocomplete: String = "off"
    ) -> Field {
        Field(
            name, label, hint: hint, isRequired: isRequired,
            .input(type: "text", maximum: maximum, autocomplete: autocomplete))
    }

    static func email(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool = true) -> Field {
        Field(
            name, label, hint: hint, isRequired: isRequired,
            .input(type: "email", maximum: 254, autocomplete: "username"))
    }

    /// - Parameter isNew: whether the user chooses a new password, so that password managers offer to generate one.
    static func password(_ name: String, _ label: String, hint: String? = nil, isNew: Bool = false) -> Field {
        Field(
            name, label, hint: hint, isRequired: true,
            .input(type: "password", maximum: 200, autocomplete: isNew ? "new-password" : "current-password"))
    }

    static func number(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false) -> Field {
        Field(
            name, label, hint: hint, isRequired: isRequired, .input(type: "number", maximum: 12, autocomplete: "off"))
    }

    /// A local date and time, written as `2026-03-01T03:00`.
    static func localTime(_ name: String, _ label: String, hint: String? = nil) -> Field {
        Field(
            name, label, hint: hint, isRequired: true,
            .input(type: "datetime-local", maximum: 16, autocomplete: "off"))
    }

    static func area(
        _ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false, rows: Int = 3,
        maximum: Int = 5_000
    ) -> Field {
        Field(name, label, hint: hint, isRequired: isRequired, .area(rows: rows, maximum: maximum))
    }

    static func select(_ name: String, _ label: String, hint: String? = nil, _ choices: [Choice]) -> Field {
        Field(name, label, hint: hint, .select(choices))
    }

    static func check(_ name: String, _ label: String, hint: String? = nil) -> Field {
        Field(name, label, hint: hint, .check)
    }

    static func flag(_ name: String, _ label: String, hint: String? = nil) -> Field {
        Field(name, label, hint: hint, .flag)
    }

    static func checks(_ name: String, _ label: String, hint: String? = nil, _ choices: [Choice]) -> Field {
        Field(name, label, hint: hint, .checks(choices))
    }

    /// The same field with a distinct id, for web pages with several fields of the same name.
    func identified(by suffix: String) -> Field {
        var field = self
        field.suffix = "-\(suffix)"
        return field
    }

    private var id: String { name + suffix }

    /// Renders the field with the typed value and its fault.
    func html(_ input: FormInput) -> HTML {
        let fault = input.fault(of: name)
        let hintLine: HTML? = hint.map { "<p class=\"hint\" id=\"\(id)-hint\">\($0)</p>" }
        let faultLine: HTML? = fault.map { "<p class=\"fault\" id=\"\(id)-fault\">\($0)</p>" }
        let described = [hint != nil ? "\(id)-hint" : nil, fault != nil ? "\(id)-fault" : nil].compactMap { $0 }
        let attributes: HTML = """
            \(if: !described.isEmpty, " aria-describedby=\"\(described.joined(separator: " "))\"")\
            \(if: fault != nil, " aria-invalid=\"true\"")\(if: isRequired, " required")
            """
        switch control {
        case .check, .flag:
            let marker: HTML = "<input type=\"hidden\" name=\"\(name)-shown\" value=\"yes\">"
            return """
                <div class="field check">\(if: isFlag, marker)<label><input type="checkbox" name="\(name)" value="yes"\(attributes)\
                \(if: input[name] == "yes", " checked")> \(label)</label>\(hintLine)\(faultLine)</div>
                """
        case .checks(let choices):
            let boxes = choices.map { choice -> HTML in
                """
                <label><input type="checkbox" name="\(name)" value="\(choice.value)"\
                \(if: input.all(name).contains(choice.value), " checked")> \(choice.label)</label>
                """
            }
            return """
                <fieldset class="field checks"\(attributes)><legend>\(label)</legend>\(hintLine)
                <div class="boxes">\(boxes)</div>\(faultLine)</fieldset>
                """
        case .input, .area, .select:
            return """
                <div class="field"><label for="\(id)">\(label)\(if: !isRequired && !isChoice, "<span class=\"optional\"></span>")</label>\
                \(hintLine)\(element(input, attributes))\(faultLine)</div>
                """
        }
    }

    private var isFlag: Bool { if case .flag = control { true } else { false } }

    /// Whether the control always has a value, so that it can't be left empty.
    private var isChoice: Bool { if case .select = control { true } else { false } }

    /// Renders only the label and the control, for filters.
    func plain(_ input: FormInput) -> HTML {
        "<div class=\"field\"><label for=\"\(id)\">\(label)</label>\(element(input, ""))</div>"
    }

    /// The keyboard that a phone shows.
    private var inputMode: String? {
        guard case .input(let type, _, let autocomplete) = control else { return nil }
        return autocomplete == "one-time-code" || type == "number" ? "numeric" : nil
    }

    private func element(_ input: FormInput, _ attributes: HTML) -> HTML {
        switch control {
        case .input(let type, let maximum, let autocomplete):
            // Never send a password back.
            let value = type == "password" ? "" : input[name]
            return """
                <input id="\(id)" name="\(name)" type="\(type)" value="\(value)" maxlength="\(maximum)" \
                autocomplete="\(autocomplete)"\(inputMode.map { " inputmode=\"\($0)\"" as HTML })\(attributes)>
                """
        case .area(let rows, let maximum):
            return """
                <textarea id="\(id)" name="\(name)" rows="\(rows)" maxlength="\(maximum)" dir="auto"\(attributes)>
                \(input[name])</textarea>
                """
        case .select(let choices):
            let options = choices.map { choice -> HTML in
                "<option value=\"\(choice.value)\"\(if: choice.value == input[name], " selected")>\(choice.label)</option>"
            }
            return "<select id=\"\(id)\" name=\"\(name)\"\(attributes)>\(options)</select>"
        case .check, .checks, .flag: return ""
        }
    }
}
