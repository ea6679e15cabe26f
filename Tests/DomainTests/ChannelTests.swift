import Domain
import Testing

/// Every channel's definition must be complete.
@Suite struct ChannelTests {
    @Test(arguments: Channel.allCases)
    func `a channel describes itself in full`(channel: Channel) {
        let definition = channel.definition
        #expect(!definition.name.isEmpty)
        #expect(!definition.symbol.isEmpty)
        #expect(definition.advice.hasSuffix("."))
        #expect(definition.address.advice.hasPrefix("Write ") && definition.address.advice.hasSuffix("."))
        #expect(definition.usualRule.delay >= .zero && definition.usualRule.delay <= .hours(24))
        if let limit = definition.textLimit {
            let fitted = limit.fitted(String(repeating: "x", count: 100_000))
            #expect(fitted.count < 10_000 && fitted.hasSuffix("..."))
            #expect(limit.fitted("short") == "short")
        }
    }

    @Test func `names must be distinct`() {
        #expect(Set(Channel.allCases.map(\.name)).count == Channel.allCases.count)
    }

    /// The advice ends with an example address, which must be valid.
    @Test(arguments: Channel.allCases)
    func `an address rule accepts its own example and refuses an empty address`(channel: Channel) {
        let rule = channel.definition.address
        let example = rule.advice.dropLast().split(separator: " ").last.map(String.init) ?? ""
        #expect(rule.fault(in: example) == nil)
        #expect(rule.normalized("  \(example)\n") == example)
        #expect(rule.fault(in: "") == rule.advice)
        #expect(rule.fault(in: example + "\r\nBcc: x@example.com") == rule.advice)
    }

    /// On its own, every channel pages at once at both urgencies, so no choice of channel leaves a person unreachable.
    @Test(arguments: Channel.allCases)
    func `a person with one channel and no rules is paged there at once`(channel: Channel) {
        let method = ContactMethod(
            id: "only", userID: "ada", channel: channel, address: "x", verifiedAt: Timestamp(seconds: 0))
        let configuration = Configuration(
            version: 1, users: [User(id: "ada", name: "Ada", email: "ada@example.com")], teams: [],
            contactMethods: [method], rules: [], schedules: [], policies: [], sources: [])
        let rules = configuration.usualRules(of: "ada")
        #expect(Set(rules.map(\.urgency)) == [.low, .high])
        #expect(rules.allSatisfy { $0.delay == .zero })
    }
}

@Suite struct TextLimitTests {
    @Test func `the required ending of a text is kept complete in any alphabet`() {
        let link = "\nAck: https://pager.example.com/a/0198c2f4-0000-7000-8000-000000000001-0123456789abcdef"
        for letter in ["x", "€", "ž", "👩‍👩‍👧", "漢"] {
            for limit in [TextLimit.smsParts(3), .characters(500)] {
                let text = limit.fitted(String(repeating: letter, count: 3_000), keeping: link)
                #expect(text.hasSuffix("...\(link)"))
                #expect(limit.fitted(text) == text)
            }
        }
    }

    @Test func `a text is cut as late as possible`() {
        #expect(SMSText.length(TextLimit.smsParts(3).fitted(String(repeating: "x", count: 2_000))) == 459)
        #expect(SMSText.length(TextLimit.smsParts(3).fitted(String(repeating: "ž", count: 2_000))) == 201)
        #expect(TextLimit.characters(10).fitted("0123456789") == "0123456789")
        #expect(TextLimit.characters(10).fitted("0123456789a") == "0123456...")
    }

    @Test(arguments: [
        ("", 1), (String(repeating: "x", count: 160), 1), (String(repeating: "x", count: 161), 2),
        (String(repeating: "€", count: 81), 2), (String(repeating: "ž", count: 70), 1),
        (String(repeating: "ž", count: 71), 2), (String(repeating: "x", count: 459), 3),
    ])
    func `an SMS has the parts that the network counts`(text: String, parts: Int) {
        #expect(SMSText.parts(of: text) == parts)
    }
}

@Suite struct NationalNumberTests {
    private func read(
        _ text: String, country: String? = nil, zone: String = "UTC", channel: Channel = .sms
    ) -> (address: String, fault: String?) {
        let user = User(id: "ada", name: "Ada", email: "ada@example.com", timeZone: zone)
        return channel.definition.address.read(
            text, of: user, NationalNumbers(country: country.flatMap { CountryCode($0) }))
    }

    @Test(arguments: [
        ("091 555-0101", "385", "+385915550101"), ("01/4555 010", "385", "+38514555010"),
        ("(212) 555-0101", "1", "+12125550101"), ("1 212 555 0101", "1", "+12125550101"),
        ("06 20 555 0101", "36", "+36205550101"), ("347 555 0101", "39", "+393475550101"),
        ("06 5555 0101", "39", "+390655550101"), ("600 555 010", "34", "+34600555010"),
        ("8 912 555 01 01", "7", "+79125550101"),
    ])
    func `a number in national form is understood in the country of the setting`(
        _ typed: String, _ country: String, _ number: String
    ) {
        let found = read(typed, country: country, zone: "Asia/Tokyo")
        #expect(found.address == number && found.fault == nil)
    }

    @Test(arguments: [
        ("091 555 0101", "Europe/Zagreb", "+385915550101"), ("020 5555 0101", "Europe/London", "+442055550101"),
        ("212 555 0101", "America/New_York", "+12125550101"),
    ])
    func `without a setting, the person's time zone names the country`(
        _ typed: String, _ zone: String, _ number: String
    ) {
        #expect(read(typed, zone: zone).address == number)
    }

    @Test func `a number that is not clear is explained with the form to write`() {
        #expect(read("091 555 0101").fault?.contains("like +385 91 555 0101 for 091 555 0101") == true)
        // The plus may have been forgotten, or the 0 left out.
        #expect(read("385 91 555 0101", country: "385").fault == "Write it as +385915550101.")
        #expect(read("91 555 0101", country: "385").fault == "Write it as +385 915550101.")
        #expect(read("0091 555", country: "385").fault == nil)
    }

    @Test func `an international number, and an address of another channel, stay as they are`() {
        for zone in ["UTC", "Europe/Zagreb"] {
            #expect(read("+44 20 5555 0101", zone: zone).address == "+442055550101")
            #expect(read("0044 20 5555 0101", zone: zone).address == "+442055550101")
            #expect(read("123456", zone: zone, channel: .telegram).address == "123456")
        }
    }

    @Test func `the zones of the tz database have a country`() {
        for zone in ["Europe/Zagreb", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Pacific/Auckland"] {
            #expect(CountryCode(timeZone: zone) != nil)
        }
        #expect(CountryCode(timeZone: "UTC") == nil && CountryCode(timeZone: "Etc/GMT+2") == nil)
        #expect(CountryCode("+385")?.digits == "385" && CountryCode("0385") == nil && CountryCode("hr") == nil)
    }
}
