extension String {
    /// Somebody else's words in a form that can be stored and shown: no control characters, which databases refuse and
    /// terminals obey, and at most so many Unicode scalars.
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
