/// A document, with the list of all documents.
struct DocumentView: View {
    let title: String
    let section: Section? = .documents
    private let document: Document
    private let style: Path

    /// - Parameter style: the style sheet of documents, which other pages don't need.
    init(_ document: Document, style: Path) {
        title = document.title
        self.document = document
        self.style = style
    }

    func content(_ frame: Frame) -> HTML {
        let links = Document.all.map { other -> HTML in
            """
            <li><a href="/docs/\(other.name)"\(if: other.name == document.name, " aria-current=\"page\"")>\(other.title)</a></li>
            """
        }
        return """
            <link rel="stylesheet" href="\(style)">
            <div class="document"><details class="contents"><summary>All documents</summary><ul>\(links)</ul></details>
            <article>\(document.body)</article></div>
            """
    }
}
