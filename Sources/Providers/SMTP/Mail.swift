internal import Domain
internal import Foundation

/// An e-mail in its wire format: headers and a text with its HTML version (RFC 5322, RFC 2045 to 2047).
struct Mail {
    let bytes: [UInt8]
    let from, to: MailAddress

    init(message: Message, from: MailAddress, to: MailAddress, replyTo: MailAddress? = nil, date: Timestamp) {
        (self.from, self.to) = (from, to)
        var lines = [
            "From: \(from.name.isEmpty ? "" : MailHeader.phrase(from.name, after: 6) + "\r\n ")<\(from.address)>",
            "To: <\(to.address)>",
            "Date: \(MailHeader.date(date))",
            "Subject: \(MailHeader.encoded(message.subject, after: 9))",
            "Message-ID: <\(MailHeader.token(message.id))@\(from.domain)>",
        ]
        if let replyTo { lines.append("Reply-To: <\(replyTo.address)>") }
        if let thread = message.thread {
            // A stable id that no mail has. All mails of an incident refer to it, so the thread does not depend on
            // their order.
            let anchor = "<thread-\(MailHeader.token(thread))@\(from.domain)>"
            lines += ["In-Reply-To: \(anchor)", "References: \(anchor)"]
        }
        lines += [
            // Suppress automatic replies (RFC 3834; the second header is Exchange's).
            "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "List-Id: <pages.\(from.domain)>",
            "MIME-Version: 1.0",
        ]
        if message.urgency == .high { lines.append("Importance: high") }
        bytes = Array((lines + Mail.body(message)).joined(separator: "\r\n").utf8)
    }

    private static func body(_ message: Message) -> [String] {
        guard let html = message.html else { return part("text/plain", message.text) }
        let boundary = "part-\(MailHeader.token(message.id))"
        return ["Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"", "", "--\(boundary)"]
            + part("text/plain", message.text) + ["--\(boundary)"] + part("text/html", html) + ["--\(boundary)--", ""]
    }

    /// Base64 preserves long lines, lone carriage returns and leading dots.
    private static func part(_ type: String, _ text: String) -> [String] {
        let encoded = Array(Data(text.utf8).base64EncodedString().utf8)
        let lines = stride(from: 0, to: encoded.count, by: 76).map {
            String(decoding: encoded[$0..<min($0 + 76, encoded.count)], as: UTF8.self)
        }
        return ["Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", ""] + lines + [""]
    }
}

/// Encodes the parts of headers that need care.
enum MailHeader {
    /// Returns a display name: unchanged, quoted if it has special characters (RFC 5322, 3.2.3 to 3.2.5), or as encoded
    /// words.
    static func phrase(_ name: String, after used: Int) -> String {
        let text = encoded(name, after: used + 2)
        let isPlain = name.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || " !#$%&'*+-/=?^_`{|}~".contains($0))
        }
        if text != name || isPlain { return text }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Returns a text as encoded words of UTF-8 (RFC 2047), folded. Plain ASCII that fits stays unchanged. Line ends
    /// and controls become blanks, so the text cannot end the header.
    static func encoded(_ text: String, after used: Int) -> String {
        let scalars = text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) }
        let clean = String(String(scalars).prefix(500))
        let isPlain = clean.utf8.allSatisfy { $0 >= 32 && $0 < 127 } && !clean.contains("=?")
        if isPlain && clean.utf8.count + used <= 78 { return clean }
        var words: [String] = []
        var word = ""
        for character in clean {
            // 39 bytes are 52 characters of base64. With the encoding's frame and the header's name, a line stays below
            // 78.
            if (word + String(character)).utf8.count > 39 {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        words.append(word)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// Returns only the letters, digits, dots and dashes of a text, which are safe in a Message-ID or a boundary.
    static func token(_ text: String) -> String {
        String(
            text.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == ".")
            }.map(Character.init).prefix(64))
    }

    /// Formats a date for RFC 5322, in UTC: `Sat, 07 Mar 2026 03:00:00 +0000`.
    static func date(_ instant: Timestamp) -> String {
        let day = instant.seconds.flooredQuotient(by: 86400)
        let date = CivilDate(daysSince1970: day)
        let second = Int(instant.seconds - day * 86400)
        let weekday = Weekday.shortName(of: date.weekday)
        let month =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.month - 1]
        let time = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        return "\(weekday), \(padded(date.day)) \(month) \(date.year) \(time) +0000"
    }
}
