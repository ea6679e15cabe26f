/// An error, with what to do about it.
struct ErrorView: View {
    let title: String
    let explanation: String

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title))
        <p>\(explanation)</p>
        <p>\(linkButton("/dashboard", "To the dashboard"))</p>
        """
    }
}
