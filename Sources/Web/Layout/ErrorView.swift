/// What went wrong, and what to do.
package struct ErrorView: View {
    package let title: String
    private let explanation: String

    package init(title: String, explanation: String) {
        self.title = title
        self.explanation = explanation
    }

    package func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title))
        <p>\(explanation)</p>
        <p>\(linkButton("/dashboard", "To the dashboard"))</p>
        """
    }
}
