internal import CCurl
internal import Glibc

/// One transfer and everything that libcurl points to while it runs. After `start` only the curl thread touches it, so
/// it is Sendable without a lock.
final class CurlTransfer: @unchecked Sendable {
    enum Ending { case cancelled, code(CURLcode) }

    let id: UInt64
    let request: CurlRequest
    private let onDone: @Sendable (Result<CurlResponse, CurlError>) -> Void
    private var easy: UnsafeMutableRawPointer?
    private var lists: [UnsafeMutablePointer<curl_slist>?] = []
    private let explanation = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    fileprivate var upload: [UInt8] = []
    fileprivate var uploaded = 0
    fileprivate var body: [UInt8] = []
    fileprivate var lines: [String] = []
    fileprivate var isTooLong = false
    fileprivate var wasRefusedByGuard = false
    fileprivate var hasStarted = false
    fileprivate var wasLostOnReuse = false
    fileprivate var wasNotStarted = false
    fileprivate var dialogue = MailDialogue()
    fileprivate var socket: curl_socket_t = -1

    init(id: UInt64, request: CurlRequest, onDone: @escaping @Sendable (Result<CurlResponse, CurlError>) -> Void) {
        self.id = id
        self.request = request
        self.onDone = onDone
        explanation.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { explanation.deallocate() }

    func start(on multi: UnsafeMutableRawPointer) {
        guard let easy = curl_easy_init() else {
            return onDone(.failure(.other("libcurl has no memory left")))
        }
        self.easy = easy
        configure(easy)
        curl_multi_add_handle(multi, easy)
    }

    func finish(on multi: UnsafeMutableRawPointer, _ code: CURLcode) { finish(on: multi, .code(code)) }

    func finish(on multi: UnsafeMutableRawPointer, _ ending: Ending) {
        guard let easy else { return }
        let result: Result<CurlResponse, CurlError> =
            switch ending {
            case .cancelled: .failure(.cancelled)
            case .code(CURLE_OK): .success(response(easy))
            case .code where isAnswered(easy): .success(response(easy))
            case .code(let code): .failure(error(code, easy))
            }
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        self.easy = nil
        onDone(result)
    }

    private func configure(_ easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_text(easy, CURLOPT_URL, request.url)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(request.timeout / .milliseconds(1)))
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout / .milliseconds(1)))
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, explanation)
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_text(easy, CURLOPT_NOPROXY, "*")
        ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody)
        ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader)
        if let certificates = request.certificates { ccurl_set_text(easy, CURLOPT_CAINFO, certificates) }
        if request.mayStart != nil {
            ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
            ccurl_set_prereq_callback(easy, askBeforeRequest)
        }
        // Otherwise a transfer that times out during name resolution waits for the resolver and blocks all others.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        ccurl_set_socket_callback(easy, openSocket)
        switch request.kind {
        case .http(let method, let headers, let body): configureHTTP(easy, method, headers, body)
        case .mail(let from, let to, let message, let login, let tls):
            configureMail(easy, from: from, to: to, message, login, tls, context)
        }
    }

    private func configureHTTP(
        _ easy: UnsafeMutableRawPointer, _ method: String, _ headers: [(name: String, value: String)], _ body: [UInt8]?
    ) {
        ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method)
        // The answer to HEAD has no body, whatever length it states.
        if method == "HEAD" { ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        // Without an empty Expect header, libcurl would wait a second for 100 Continue before larger bodies.
        let lines = headers.map { "\($0.name): \($0.value)" } + ["Expect:", "User-Agent: PagerPal"]
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, list(lines))
        guard let body else { return }
        ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { bytes in
            _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
    }

    private func configureMail(
        _ easy: UnsafeMutableRawPointer, from: String, to: String, _ message: [UInt8], _ login: CurlRequest.Login?,
        _ tls: CurlRequest.MailTLS, _ context: UnsafeMutableRawPointer
    ) {
        ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        let level = tls == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
        ccurl_set_long(easy, CURLOPT_USE_SSL, Int(level.rawValue))
        if let login {
            ccurl_set_text(easy, CURLOPT_USERNAME, login.user)
            if login.isToken {
                ccurl_set_text(easy, CURLOPT_XOAUTH2_BEARER, login.password)
                ccurl_set_text(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2")
                ccurl_set_long(easy, CURLOPT_SASL_IR, 1)
            } else {
                ccurl_set_text(easy, CURLOPT_PASSWORD, login.password)
            }
        }
        ccurl_set_text(easy, CURLOPT_MAIL_FROM, "<\(from)>")
        ccurl_set_list(easy, CURLOPT_MAIL_RCPT, list(["<\(to)>"]))
        // Use a new connection for each mail. On a reused one, a late answer could be taken for the next mail's, and a
        // server that closed the idle connection would cost an attempt.
        ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        ccurl_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        ccurl_set_long(easy, CURLOPT_VERBOSE, 1)
        ccurl_set_pointer(easy, CURLOPT_DEBUGDATA, context)
        ccurl_set_debug_callback(easy, observeMail)
        upload = message
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_set_data_callback(easy, CURLOPT_READFUNCTION, sendBody)
        ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
        // A server refuses a mail that is too big before it is sent (RFC 1870).
        ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))
    }

    private func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) }
        lists.append(list)
        return list
    }

    private func response(_ easy: UnsafeMutableRawPointer) -> CurlResponse {
        var status = 0
        var connections = 0
        var microseconds: curl_off_t = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
        ccurl_get_offset(easy, CURLINFO_TOTAL_TIME_T, &microseconds)
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        return CurlResponse(
            status: status, headers: headers, lines: isMail ? dialogue.reply.map { String($0) } : lines, body: body,
            newConnections: connections,
            duration: .microseconds(microseconds))
    }

    /// Whether the status has arrived and nothing else is needed.
    private func isAnswered(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard !isMail, request.responseLimit == 0 else { return false }
        var status = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status >= 200
    }

    fileprivate var isMail: Bool { if case .mail = request.kind { true } else { false } }

    private func error(_ code: CURLcode, _ easy: UnsafeMutableRawPointer) -> CurlError {
        if wasLostOnReuse { return .lostAfterSending("the connection ended without an answer") }
        if isTooLong { return .answerTooLong }
        if wasRefusedByGuard { return .addressNotAllowed }
        if wasNotStarted { return .notStarted }
        var requestBytes = 0
        ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes)
        // A server discards a mail without its end marker (RFC 5321, 4.1.1.4). The marker follows the last byte.
        let wasSent = !isMail ? requestBytes > 0 : dialogue.stage == .content && uploaded == upload.count
        let why = explanation[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: explanation)
        if isMail, let refusal = dialogue.refusal { return .mailRefused(refusal) }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return .nameNotResolved(why)
        case CURLE_COULDNT_CONNECT: return .notConnected(why)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
            return .tlsImpossible(why)
        // OpenSSL reports this when the server answers in plain text.
        case CURLE_SSL_CONNECT_ERROR where why.contains("wrong version number"):
            return .tlsImpossible(
                "\(why): the server does not speak TLS from the first byte on this port, so it may need STARTTLS")
        case CURLE_SSL_CONNECT_ERROR: return .tlsFailed(why)
        case CURLE_LOGIN_DENIED: return .loginNotPossible(offered: dialogue.mechanisms ?? "none")
        case CURLE_OPERATION_TIMEDOUT: return wasSent ? .lostAfterSending(why) : .timedOutBeforeSending(why)
        default: return wasSent ? .lostAfterSending(why) : .other(why)
        }
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let receiveBody: ccurl_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return 0 }
    guard transfer.body.count + size * count <= transfer.request.responseLimit else {
        transfer.isTooLong = true
        return 0
    }
    transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: size * count))
    return size * count
}

/// Receives HTTP headers and SMTP replies. At most 200 lines are kept.
private let receiveHeader: ccurl_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return 0 }
    let line = String(decoding: UnsafeRawBufferPointer(start: data, count: min(size * count, 1000)), as: UTF8.self)
        .prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" }
    if transfer.lines.count < 200 { transfer.lines.append(String(line)) }
    if transfer.isMail { transfer.dialogue.receive(line) }
    return size * count
}

private let askBeforeRequest: curl_prereq_callback = { context, _, _, _, _ in
    guard let transfer = transfer(context) else { return CURL_PREREQFUNC_OK }
    // libcurl repeats a request when a reused connection ends without an answer. The first one may have arrived, so the
    // sender must decide.
    guard !transfer.hasStarted else {
        transfer.wasLostOnReuse = true
        return CURL_PREREQFUNC_ABORT
    }
    guard transfer.request.mayStart?() != false else {
        transfer.wasNotStarted = true
        return CURL_PREREQFUNC_ABORT
    }
    transfer.hasStarted = true
    return CURL_PREREQFUNC_OK
}

private let sendBody: ccurl_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return 0 }
    if transfer.uploaded == 0, transfer.request.mayStart?() == false {
        transfer.wasNotStarted = true
        return Int(CURL_READFUNC_ABORT)
    }
    transfer.dialogue.sendContent()
    let length = min(size * count, transfer.upload.count - transfer.uploaded)
    transfer.upload.withUnsafeBytes { bytes in
        guard length > 0, let start = bytes.baseAddress else { return }
        memcpy(data, start + transfer.uploaded, length)
    }
    transfer.uploaded += length
    return length
}

/// Tracks the dialogue with a mail server.
private let observeMail: curl_debug_callback = { _, kind, data, size, context in
    guard let data, let transfer = transfer(context), kind == CURLINFO_HEADER_OUT else { return 0 }
    transfer.dialogue.send(String(decoding: UnsafeRawBufferPointer(start: data, count: min(size, 16)), as: UTF8.self))
    // The result is known and QUIT was sent. libcurl would wait up to two minutes for the answer.
    if transfer.dialogue.isOver { shutdown(transfer.socket, Int32(SHUT_RD)) }
    return 0
}

/// Checks the actual address of the connection, after name resolution.
private let openSocket: curl_opensocket_callback = { context, _, address in
    guard let address, let transfer = transfer(context) else { return curl_socket_t(-1) }
    if !allows(transfer.request.reach, address) {
        transfer.wasRefusedByGuard = true
        return curl_socket_t(-1)
    }
    transfer.socket = socket(
        address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    if transfer.isMail {
        // The time limit for greeting and login includes connecting, and an unreachable host must not use all of it.
        // Two more SYN attempts take 7 s.
        var tries: Int32 = 2
        setsockopt(transfer.socket, Int32(IPPROTO_TCP), TCP_SYNCNT, &tries, socklen_t(MemoryLayout<Int32>.size))
    }
    return transfer.socket
}

private func allows(_ reach: CurlRequest.Reach, _ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
    // The struct declares 16 bytes for the address. For IPv6, libcurl stores more bytes after them, as addrlen says.
    let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
    let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + offset, count: Int(address.pointee.addrlen))
    return reach.allows(socketAddress: Array(bytes), family: address.pointee.family)
}
