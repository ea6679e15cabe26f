/// What went wrong, and what to do.
struct ErrorView: View {
    let title: String
    private let explanation: String

    init(title: String, explanation: String) {
        self.title = title
        self.explanation = explanation
    }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title))
        <p>\(explanation)</p>
        <p>\(linkButton("/dashboard", "To the dashboard"))</p>
        """
    }
}
