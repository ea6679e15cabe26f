extension String {
    /// Returns external text in a form that is safe to store and show: without control characters, which databases
    /// refuse and terminals obey, and cut to a number of Unicode scalars.
    package func plain(limit: Int) -> String {
        let scalars = unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
