/// What the link in a message opens: the incidents of the message and one big button. Opening it changes nothing,
/// since mail scanners and chat previews open links too.
package struct AcknowledgementPage: Sendable {
    package struct Model: Sendable {
        package struct Item: Sendable {
            package var number: Int
            package var title: String
            package var severity: String
            /// `triggered`, `acknowledged by Ada`, `resolved by Bob`.
            package var state: String
            package var isWaiting: Bool

            package init(number: Int, title: String, severity: String, state: String, isWaiting: Bool) {
                self.number = number
                self.title = title
                self.severity = severity
                self.state = state
                self.isWaiting = isWaiting
            }
        }

        package var person: String
        package var items: [Item]
        /// Set after the button was pressed.
        package var message: String?

        package init(person: String, items: [Item], message: String? = nil) {
            self.person = person
            self.items = items
            self.message = message
        }
    }

    private let model: Model

    package init(_ model: Model) { self.model = model }

    package var html: HTML {
        let waiting = model.items.count(where: \.isWaiting)
        let message: HTML = model.message.map { "<p class=\"message\" role=\"status\">\($0)</p>" } ?? ""
        let label = waiting == 1 ? "Acknowledge" : "Acknowledge all \(waiting)"
        let button: HTML =
            waiting == 0 ? "" : "<form method=\"post\"><button type=\"submit\">\(label)</button></form>"
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>Acknowledge · PagerPal</title>
            <link rel="stylesheet" href="/assets/acknowledgement.css">
            </head>
            <body>
            <main>
            <p class="hello">Hello \(model.person),</p>
            \(message)
            <ul>\(model.items.map(item))</ul>
            \(button)
            </main>
            </body>
            </html>
            """
    }

    private func item(_ item: Model.Item) -> HTML {
        """
        <li><p class="head"><span class="severity \(item.severity)">\(item.severity)</span> #\(item.number) · \(item.state)</p>
        <h1>\(item.title)</h1></li>
        """
    }
}
