extension Configuration {
    /// The people to whom an incident of this urgency can be handed: they may act on incidents and can be paged.
    package func takers(of urgency: Urgency, except user: UserID) -> [User] {
        users.values
            .filter {
                $0.id != user && $0.isEnabled && allows($0.id, .respond) && !wishes(of: $0.id, urgency: urgency).isEmpty
            }
            .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }
}
