internal import Domain
internal import Formats
internal import Foundation
package import Store

/// Signing in with a company's provider.
extension Accounts {
    /// How long a browser may be at the provider.
    package static let companyLength: Duration = .minutes(10)

    /// The result of a sign-in with the company's provider.
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
        return (
            address, base64URLText(Array(try seal.seal(Array(fields.joined(separator: "\n").utf8), of: "company").utf8))
        )
    }

    /// Completes a sign-in.
    ///
    /// - Parameters:
    ///   - cookie: what ``beginCompanySignIn(at:next:redirect:again:)`` gave the browser.
    ///   - issuer: the `iss` of the request (RFC 9207), if it had one.
    package func finishCompanySignIn(
        at provider: IdentityProvider, cookie: String, state: String, code: String, issuer: String?, redirect: String,
        from origin: Origin
    ) async throws -> CompanySignIn {
        guard let text = base64URL(cookie[...]).map({ String(decoding: $0, as: UTF8.self) }),
            let bytes = seal.open(text, of: "company")
        else { return .refused("This browser has not begun to sign in, or that was too long ago. Try again.") }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard fields.count == 5, let until = Int64(fields[0]), time.now().seconds < until, !code.isEmpty,
            isSameText(String(fields[1]), state)
        else { return .refused("This sign-in does not belong to this browser, or it took too long. Try again.") }
        guard issuer == nil || issuer == provider.settings.issuer else {
            return .refused("Another sign-in service answered. Try again.")
        }
        let token: IdentityToken
        do {
            token = try await provider.token(
                code: code, nonce: String(fields[2]), verifier: String(fields[3]), redirect: redirect)
        } catch {
            trail.log("a sign-in with the company account failed: \(error)", from: origin.address)
            return .refused("The sign-in service's answer was refused. The log says why.")
        }
        switch try await user(for: token, provider.settings, from: origin) {
        case .refused(let words):
            trail.log("a company account was refused: \(words)", from: origin.address)
            return .refused(words)
        case .found(let user):
            let (session, key) = try await welcome(
                user, from: origin, with: "the company account", byCompany: true,
                provedAt: token.authenticatedAt.map { Timestamp(seconds: $0) })
            return .welcome(session, key: key, next: String(fields[4]))
        }
    }

    private enum Match {
        case found(User)
        case refused(String)
    }

    /// Finds the user of an identity: by the provider's id for the person, then by a verified address, and otherwise creates one
    /// if that is allowed. The groups' role is stored before the session begins.
    private func user(
        for token: IdentityToken, _ settings: IdentityProvider.Settings, from origin: Origin
    ) async throws -> Match {
        let role = settings.role(of: token.groups)
        guard settings.groups.isEmpty || role != nil else {
            return .refused("None of your groups may use PagerPal. Ask an administrator.")
        }
        let linked = try await store.identity(issuer: settings.issuer, subject: token.subject)
        let email = token.isEmailVerified ? token.email : nil
        let known =
            linked.flatMap { configuration.current.users[$0] }
            ?? email.flatMap { email in
                configuration.current.users.values.first { $0.email.lowercased() == email.lowercased() }
            }
        var user: User
        if let known {
            // Somebody else may have had the address before.
            if linked == nil, try await store.hasIdentity(known.id, issuer: settings.issuer) {
                return .refused("This address belongs to another company account. Ask an administrator.")
            }
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
        if let role { user.role = role }
        for team in settings.teamGroups.keys.sorted() where configuration.current.team(named: team) == nil {
            trail.log("OIDC_TEAM_GROUPS names the team “\(team)”, which does not exist", from: origin.address)
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
        if linked == nil {
            try await store.link(issuer: settings.issuer, subject: token.subject, to: user.id, at: time.now())
            try await trail.note("a company account was linked", about: user, by: .user(user, via: "company account"))
        }
        return .found(user)
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
