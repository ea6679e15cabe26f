internal import Formats

/// What a browser says about a ceremony, and an authenticator signs (WebAuthn 2, 5.8.1).
struct ClientData {
    enum Ceremony: String {
        case creating = "webauthn.create"
        case getting = "webauthn.get"
    }

    private static let longest = 4_096

    let challenge: String

    /// - Throws: a fault if it belongs to another ceremony, page or site.
    init(_ bytes: [UInt8], of ceremony: Ceremony, at party: RelyingParty) throws(PasskeyFault) {
        guard bytes.count <= ClientData.longest, let json = try? JSONParser.parse(bytes), json.object != nil else {
            throw PasskeyFault("the client data is no JSON, or too long")
        }
        guard json["type"]?.text == ceremony.rawValue else {
            throw PasskeyFault("the client data belongs to another ceremony")
        }
        guard json["origin"]?.text == party.origin else {
            throw PasskeyFault(
                "it was made at \(json["origin"]?.text?.prefix(200) ?? "no origin"), not at \(party.origin)")
        }
        guard json["crossOrigin"]?.boolean != true, json["topOrigin"] == nil else {
            throw PasskeyFault("it was made inside a page of another site")
        }
        challenge = json["challenge"]?.text ?? ""
    }
}
