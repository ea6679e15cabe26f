package import Domain

/// Why a payload cannot be used at all.
package enum PayloadError: Error, Sendable, Hashable {
    /// It is not in its stated format, or exceeds a limit of depth or size. Answered with 400 and the location.
    case malformed(String)
    /// It is well-formed but contains nothing usable. Answered with 422 and the names of the fields.
    case unprocessable([FieldFault])
    /// It lacks the signature that the source requires, or the signature is wrong. Answered with 403 and the reason.
    case unauthentic(String)
}
