extension Clean {
    /// Returns the text without invisible characters that change its appearance or meaning: controls other than line
    /// ends and tabs, direction marks, zero-width characters. A title must not disguise itself or control a terminal or
    /// a mail header.
    package static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 || $0 == 10 }) { return text }
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        let input = text.unicodeScalars
        var index = input.startIndex
        while index < input.endIndex {
            let scalar = input[index]
            index = input.index(after: index)
            let next = index < input.endIndex ? input[index] : nil
            if scalar == "\r" {
                if next != "\n" { scalars.append("\n") }
            } else if scalar.value == 0x200D {
                // A zero-width joiner combines 👩 and 💻 into 👩‍💻. Anywhere else it only hides something.
                if let previous, let next, joins(previous), joins(next) { scalars.append(scalar) }
            } else if scalar.value == 0x2028 || scalar.value == 0x2029 {
                scalars.append("\n")
            } else if !isHidden(scalar.value) {
                scalars.append(scalar)
            }
            previous = scalar
        }
        return String(scalars)
    }

    private static func isHidden(_ value: UInt32) -> Bool {
        switch value {
        case 9, 10: false
        case 0..<32, 127..<160: true
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmoji && !("0"..."9").contains(scalar) || scalar.value == 0xFE0F
    }
}
