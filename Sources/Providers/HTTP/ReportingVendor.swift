package import Domain

/// A vendor that calls PagerPal at `/api/v1/receipts/{name}` to say what became of a message.
package protocol ReportingVendor: HTTPVendor {
    /// Reads a call and checks that it comes from the vendor.
    func reports(in call: VendorReportCall) throws(VendorReportRefusal) -> [DeliveryReport]
    /// What to answer to a call that was accepted.
    func reportAnswer(to call: VendorReportCall) -> VendorReportAnswer
}

/// A call from a vendor.
package struct VendorReportCall: Sendable {
    /// The whole URL that the vendor called, as PagerPal gave it to the vendor.
    package let url: String
    /// The header with the vendor's signature.
    package let signature: String?
    /// The fields of the form.
    package let form: [String: String]

    package init(url: String, signature: String?, form: [String: String]) {
        self.url = url
        self.signature = signature
        self.form = form
    }
}

package enum VendorReportRefusal: Error {
    /// The call does not prove that it comes from the vendor.
    case notAuthentic
    case unreadable(String)
}

/// The answer to a vendor's call. Without a body the status is 204.
package struct VendorReportAnswer: Sendable {
    package var contentType: String?
    package var body: String?

    package init(contentType: String? = nil, body: String? = nil) {
        self.contentType = contentType
        self.body = body
    }
}
