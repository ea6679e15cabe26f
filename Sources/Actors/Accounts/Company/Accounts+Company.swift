internal import Domain
internal import Formats
internal import Foundation
package import Store

/// Signing in with a provider of a company.
extension Accounts {
    /// How long a browser may be at the provider.
    package static let companyLength: Duration = .minutes(10)

    /// The result of a sign-in with a provider.
    package enum CompanySignIn: Sendable {
        case welcome(Session, key: String, next: String)
        /// Why nobody was signed in, for the person.
        case refused(String)
    }

    /// Begins a sign-in.
    ///
    /// - Parameters:
    ///   - next: the path to open after it.
    ///   - redirect: where the browser comes back.
    ///   - again: whether the person must prove who it is, also if the provider knows the browser.
    /// - Returns: the address at the provider, and what the browser must bring back in a cookie.
    package func beginCompanySignIn(
        at provider: IdentityProvider, next: String, redirect: String, again: Bool
    ) async throws -> (address: String, cookie: String) {
        let (state, nonce, verifier) = (keys.key(), keys.key(), keys.key() + keys.key())
        let address = try await provider.address(
            state: state, nonce: nonce, verifier: verifier, redirect: redirect, again: again)
        let until = (time.now() + Accounts.companyLength).seconds
        let fields = ["\(until)", state, nonce, verifier, String(next.prefix(500))]
        let sealed = try seal.seal(Array(fields.joined(separator: "\n").utf8), of: provider.settings.purpose)
        return (address, base64URLText(Array(sealed.utf8)))
    }

    /// Completes a sign-in. The cookie counts for the provider at which it began alone, and no code is sent elsewhere: a
    /// hostile provider can't pass on another's code as its own (RFC 9700, 4.4).
    ///
    /// - Parameters:
    ///   - provider: the one whose address the browser came back to.
    ///   - providers: all of them, this one included.
    ///   - cookie: what ``beginCompanySignIn(at:next:redirect:again:)`` gave the browser.
    ///   - issuer: the `iss` of the request (RFC 9207), if it had one.
    package func finishCompanySignIn(
        at provider: IdentityProvider, of providers: IdentityProviders, cookie: String, state: String, code: String,
        issuer: String?, redirect: String, from origin: Origin
    ) async throws -> CompanySignIn {
        guard let text = base64URL(cookie[...]).map({ String(decoding: $0, as: UTF8.self) }),
            let bytes = seal.open(text, of: provider.settings.purpose)
        else { return .refused("This browser has not begun to sign in here, or that was too long ago. Try again.") }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard fields.count == 5, let until = Int64(fields[0]), time.now().seconds < until, !code.isEmpty,
            isSameText(String(fields[1]), state)
        else { return .refused("This sign-in does not belong to this browser, or it took too long. Try again.") }
        let token: IdentityToken
        do {
            guard try await provider.isOwn(issuer: issuer) else {
                return .refused("Another sign-in service answered. Try again.")
            }
            token = try await provider.token(
                code: code, nonce: String(fields[2]), verifier: String(fields[3]), redirect: redirect)
        } catch {
            trail.log("a sign-in with \(provider.settings.account) failed: \(error)", from: origin.address)
            return .refused("The sign-in service's answer was refused. The log says why.")
        }
        switch try await user(for: token, provider.settings, among: providers.issuers, from: origin) {
        case .refused(let words):
            trail.log("\(provider.settings.account) was refused: \(words)", from: origin.address)
            return .refused(words)
        case .found(let user):
            let (session, key) = try await welcome(
                user, from: origin, with: provider.settings.account, byCompany: true,
                provedAt: token.authenticatedAt.map { Timestamp(seconds: $0) })
            return .welcome(session, key: key, next: String(fields[4]))
        }
    }

    private enum Match {
        case found(User)
        case refused(String)
    }

    /// Finds the user of an identity: by the provider's id for the person, then by a verified address for which the provider
    /// speaks, and otherwise creates one if that is allowed. The groups' role is stored before the session begins.
    ///
    /// - Parameter issuers: those of all providers. A user who belongs to an account of one of them is not found by address.
    private func user(
        for token: IdentityToken, _ settings: IdentityProvider.Settings, among issuers: Set<String>, from origin: Origin
    ) async throws -> Match {
        let role = settings.role(of: token.groups)
        guard settings.groups.isEmpty || role != nil else {
            return .refused("None of your groups may use PagerPal. Ask an administrator.")
        }
        let linked = try await store.identity(issuer: settings.issuer, subject: token.subject)
        let email = token.isEmailVerified ? token.email : nil
        let known =
            if let linked {
                configuration.current.users[linked]
            } else {
                email.flatMap { email in
                    configuration.current.users.values.first { $0.email.lowercased() == email.lowercased() }
                }
            }
        // Another process has just created the user. An address must not find somebody else meanwhile.
        guard linked == nil || known != nil else { return .refused("Your user is not known here yet. Try again.") }
        if linked == nil, let email, !settings.speaks(for: email) {
            let variable = settings.variable("OIDC_EMAIL_DOMAINS")
            trail.log("\(variable) lacks the domain of somebody who wants to sign in", from: origin.address)
            return .refused("This sign-in service does not speak for the address \(email). Ask an administrator.")
        }
        var user: User
        if let known {
            user = known
        } else {
            guard let email, Channel.email.definition.address.fault(in: email) == nil else {
                return .refused("The sign-in service names no verified address.")
            }
            guard settings.createsUsers else {
                return .refused("There is no user with the address \(email). Ask an administrator.")
            }
            let name = String((token.name ?? String(email.prefix { $0 != "@" })).prefix(ConfigurationLimits.name))
            user = User(id: store.identifiers.next(), name: name, email: email, role: role ?? .viewer)
        }
        guard user.isEnabled else { return .refused("Your user is disabled. Ask an administrator.") }
        guard !user.isService else { return .refused("This address belongs to a service account.") }
        // Somebody else may have had the address before, or another provider names the same address.
        let other = Match.refused("This address belongs to another company account. Ask an administrator.")
        if linked == nil, known != nil, try await !link(token, settings, to: user, among: issuers) { return other }
        if let role { user.role = role }
        for team in settings.teamGroups.keys.sorted() where configuration.current.team(named: team) == nil {
            let variable = settings.variable("OIDC_TEAM_GROUPS")
            trail.log("\(variable) names the team “\(team)”, which does not exist", from: origin.address)
        }
        let changed = user
        let changes = { @Sendable (configuration: Configuration) -> [ConfigurationChange] in
            (changed != known ? [.save(changed)] : [])
                + configuration.memberships(of: changed.id, token.groups, settings)
        }
        if !changes(configuration.current).isEmpty {
            do {
                try await configurator.change(by: .user(user, via: "company account")) {
                    (configuration) throws(ConfigurationFault) in changes(configuration)
                }
            } catch {
                return .refused("Your user could not be stored: \(error)")
            }
        }
        if linked == nil, known == nil, try await !link(token, settings, to: user, among: issuers) { return other }
        return .found(user)
    }

    /// - Returns: false if the user belongs to another account of the providers.
    private func link(
        _ token: IdentityToken, _ settings: IdentityProvider.Settings, to user: User, among issuers: Set<String>
    ) async throws -> Bool {
        guard
            try await store.link(
                issuer: settings.issuer, subject: token.subject, to: user.id, among: issuers, at: time.now())
        else { return false }
        let note = settings.id == nil ? "a company account was linked" : "\(settings.account) was linked"
        try await trail.note(note, about: user, by: .user(user, via: "company account"))
        return true
    }
}

extension Configuration {
    /// The changes that make a person a member of the teams that the groups name, and of none that they could name but don't.
    fileprivate func memberships(
        of user: UserID, _ groups: [String], _ settings: IdentityProvider.Settings
    ) -> [ConfigurationChange] {
        settings.teamGroups.sorted { $0.key < $1.key }.compactMap { name, wanted in
            guard var team = team(named: name) else { return nil }
            let belongs = !wanted.isDisjoint(with: groups)
            guard belongs != team.memberIDs.contains(user) else { return nil }
            if belongs { team.memberIDs.append(user) } else { team.memberIDs.removeAll { $0 == user } }
            return .save(team)
        }
    }
}
