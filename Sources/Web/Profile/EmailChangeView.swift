/// The page behind the link that proves a new address.
struct EmailChangeView: View {
    let title = "New address"
    let section: Section? = .profile
    private let email: String
    private let action: Path

    /// - Parameter action: the path of this web page, which contains the link's secret.
    init(email: String, action: Path) {
        self.email = email
        self.action = action
    }

    func content(_ frame: Frame) -> HTML {
        """
        <h1>New address</h1><p>From now on you sign in with <b>\(email)</b>. Your old address gets a mail that says so.</p>
        \(frame.button(action, "Use this address", style: .primary))
        """
    }
}
