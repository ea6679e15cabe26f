import Actors
import Domain

extension People {
    /// Changes the configuration at the process of a host.
    func configure(_ setting: Plan.Setting, _ host: Int) {
        guard let process = world.servingProcess(on: host) else { return }
        world.history.note("\(setting) at process \(process.number)")
        process.serve { [world] engine in
            do {
                try await engine.configurator.change(by: .commandLine) { configuration throws(ConfigurationFault) in
                    setting.changes(of: configuration)
                }
                world.history.note("\(setting) is done")
            } catch {
                world.history.note("\(setting) failed: \(error)")
            }
        }
    }
}

extension Plan.Setting {
    fileprivate func changes(of configuration: Configuration) -> [ConfigurationChange] {
        switch self {
        case .presence(let person, let isEnabled):
            guard var user = configuration.users[UserID(Cast.people[person])] else { return [] }
            user.isEnabled = isEnabled
            return [.save(user)]
        case .number(let person):
            guard var method = configuration.contactMethods[ContactMethodID("sms-\(Cast.people[person])")] else {
                return []
            }
            method.address = "+38591555020\(person)"
            return [.save(method)]
        case .rules(let person):
            let user = UserID(Cast.people[person])
            return [.saveRules(user, (configuration.rules[user] ?? []).filter { $0.delay == .zero })]
        }
    }
}
