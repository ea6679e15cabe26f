/// The form for a new alert source.
struct NewSourceView: View {
    let title = "New alert source"
    let section: Section? = .sources
    let fields: [Field]
    let input: FormInput

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("New alert source"))
        <section class="card">\(frame.form("/alert-sources", fields, input, submit: "Create and show the key"))</section>
        """
    }
}
