#if DEBUG || MICRO
import Domain
import TestSupport

/// What an alert or a command changes.
func decide() throws {
    let sample = Sample()
    measure("decide to open, with its pages") { sample.opening().pages.count }
    let incident = sample.opening().incident
    let commands: [(String, Command)] = [
        ("a repeat", .receive(sample.team.event(), autoResolveAfter: nil)), ("to acknowledge", .acknowledge),
        ("to resolve", .resolve),
    ]
    for (name, command) in commands {
        try measure("decide \(name)") {
            try incident.decide(
                command, by: .user(sample.team.users[0]), at: sample.now, configuration: sample.configuration
            ).incident.alertCount
        }
    }
}
#endif
