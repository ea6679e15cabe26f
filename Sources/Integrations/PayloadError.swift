package import Domain

/// Why a payload can't be used at all.
package enum PayloadError: Error, Sendable, Hashable {
    /// It is not what it says it is, or breaks a limit of depth or size: a 400. Says where.
    case malformed(String)
    /// It is well-formed and yet says nothing that can be used: a 422 that names the fields.
    case unprocessable([FieldFault])
    /// It is not signed as the source demands, or not by whom it says: a 403 that says why.
    case unauthentic(String)
}
