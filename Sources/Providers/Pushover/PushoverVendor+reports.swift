package import Domain

/// Pushover calls back when somebody acknowledges an emergency (https://pushover.net/api/receipts#callback).
///
/// The call has no signature. Its receipt is a random text of 30 characters that only Pushover and PagerPal know, so it is
/// the proof.
extension PushoverVendor: ReportingVendor {
    package func reports(in call: VendorReportCall) throws(VendorReportRefusal) -> [DeliveryReport] {
        guard let receipt = call.form["receipt"], receipt.wholeMatch(of: /[A-Za-z0-9]{30}/) != nil else {
            throw .unreadable("The field receipt is missing.")
        }
        guard call.form["acknowledged"] == "1" else { return [] }
        return [
            DeliveryReport(
                messageID: receipt, status: .seen, at: nil, explanation: "acknowledged in Pushover",
                key: DeliveryReport.acknowledgementKey)
        ]
    }

    package func reportAnswer(to call: VendorReportCall) -> VendorReportAnswer { VendorReportAnswer() }
}
