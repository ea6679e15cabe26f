/// What is wrong with one input field, and what to do.
package struct FieldFault: Error, Sendable, Hashable {
    /// The field's name or path: `title`, `[2].title`, `steps[0].delay`.
    package var field: String
    package var explanation: String

    package init(_ field: String, _ explanation: String) {
        self.field = field
        self.explanation = explanation
    }
}
