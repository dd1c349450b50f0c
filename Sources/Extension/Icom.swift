// The client of the hub, on a thread of its own: takes orders, keeps the connection, sends what the log
// holds for it, hands over what comes. It may wait for name servers and sockets as long as it likes: the
// game thread never waits for it. docs/icom.md, docs/formats/icom.md.

import CPlatform
import ICOMWire
import Segments
import Synchronization
import Values

/// The client's state. Everything in it belongs to its thread, but for what stands behind `mailbox`.
///
/// `@unchecked Sendable`: see above; `board` and `slot` are atomics of their own.
@safe
final class Icom: @unchecked Sendable {
    /// How often it looks when nothing is on the way: a frame of the game.
    static let roundNanoseconds: UInt64 = 20_000_000
    static let second: UInt64 = 1_000_000_000

    let configuration: Configuration
    let board: IcomBoard
    let slot: CallbackSlot
    let shared: UnsafePointer<Shared>
    let stopWord: UnsafeMutablePointer<UInt32>
    private let mailbox: UnsafeMutableRawPointer
    private var orders: [Message] = []
    private var lines: [LogLine] = []

    // The connection.
    var phase = IcomState.idle
    /// `host:port`, several with commas.
    var addresses: [UInt8] = []
    var addressCount = 1
    var nextAddress = 0
    var serverID: [UInt8] = []
    var socket: Int64 = -1
    var assembler = LineAssembler(limitBytes: 0)
    var room = [UInt8](repeating: 0, count: 65_536)
    var output: [UInt8] = []
    var outputStart = 0
    var questions: [IcomQuestion] = []
    var sessionID: [UInt8] = []
    var phaseSince: UInt64 = 0
    var phaseWall: Int64 = 0
    var retryAt: UInt64 = 0
    var backoffSeconds: UInt64 = 0
    var lastError: [UInt8] = []
    var hubKnowsMore = false
    var listAt: UInt64 = 0
    var servers: [UInt8] = []

    // Events.
    var outboxes: [IcomOutbox] = []
    var inbox: IcomInbox
    private var isReady = false
    var sources: [IcomSource] = []
    var sentCount: UInt64 = 0
    var receivedCount: UInt64 = 0
    var failedCount: UInt64 = 0
    var underWay = 0
    var savedAt: UInt64 = 0
    private var toldDropped = 0
    private var publishedAt: UInt64 = 0
    private var thread: UnsafeMutableRawPointer?
    private let hasEnded = Atomic<Bool>(false)

    init(
        configuration: Configuration, board: IcomBoard, slot: CallbackSlot,
        shared: UnsafePointer<Shared>
    ) {
        self.configuration = configuration
        self.board = board
        self.slot = slot
        unsafe self.shared = shared
        unsafe stopWord = .allocate(capacity: 1)
        unsafe stopWord.initialize(to: 0)
        unsafe mailbox = bb_mutex_make()
        inbox = IcomInbox(limit: configuration.icomInbox)
    }

    /// The thread's body.
    func run() {
        if isConfigured {
            connect(Array(configuration.icomAddress.utf8), Array(configuration.icomServerID.utf8))
        }
        while !isStopping {
            let now = bb_clock_exact()
            for order in takeOrders() { obey(order, now) }
            step(now)
            if isReady { inbox.deliver(to: slot) }
            sendConfirmations()
            tellDropped()
            publish(now)
            flush()
            wait()
        }
        saveCursors(force: true)
        hangUp()
        hasEnded.store(true, ordering: .releasing)
    }

    /// From the courier: starts the thread when the configuration or a script asks for it. A server
    /// without ICOM has none.
    func startIfWanted() {
        guard unsafe thread == nil,
            board.isWanted.load(ordering: .acquiring) || isConfigured
        else { return }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe thread = bb_thread_start(
            { context in
                guard let context = unsafe context else { return }
                // The plug-in owns it, and is never freed.
                unsafe Unmanaged<Icom>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.run() }
            }, context, "bb-icom")
    }

    private var isConfigured: Bool {
        !configuration.icomAddress.utf8.isEmpty && !configuration.icomServerID.utf8.isEmpty
    }

    /// The library goes. A thread that waits for a name server can't be hurried: the game's exit does
    /// not wait for it.
    func end() {
        guard let thread = unsafe thread else { return }
        unsafe bb_store_release_32(stopWord, 1)
        for _ in 0..<200 {
            if hasEnded.load(ordering: .acquiring) { return unsafe bb_thread_join(thread) }
            bb_thread_sleep_ns(10_000_000)
        }
    }

    var isStopping: Bool { unsafe bb_load_acquire_32(stopWord) != 0 }

    /// From the courier: an order of the game.
    func post(_ order: Message) {
        unsafe bb_mutex_lock(mailbox)
        orders.append(order)
        unsafe bb_mutex_unlock(mailbox)
    }

    /// From the courier: lines for the log file.
    func takeLines() -> [LogLine] {
        unsafe bb_mutex_lock(mailbox)
        let all = lines
        lines = []
        unsafe bb_mutex_unlock(mailbox)
        return all
    }

    private func takeOrders() -> [Message] {
        unsafe bb_mutex_lock(mailbox)
        let all = orders
        orders = []
        unsafe bb_mutex_unlock(mailbox)
        return all
    }

    /// A line for the log file; `detail` is what it is about.
    @inline(never)
    func say(_ level: LogLevel, _ message: StaticString, _ detail: [UInt8] = []) {
        guard level.rawValue >= configuration.logLevel.rawValue else { return }
        let line = LogLine(
            level: level, message: Bytes.text(message),
            fields: [
                LogField("server_id", Bytes.text(serverID)), LogField("detail", Bytes.text(detail)),
            ], seconds: bb_clock_wall() / 1_000_000_000)
        unsafe bb_mutex_lock(mailbox)
        lines.append(line)
        unsafe bb_mutex_unlock(mailbox)
    }

    // MARK: orders

    private func obey(_ message: Message, _ now: UInt64) {
        switch message.order {
        case .icomConnect:
            guard message.texts.count == 2 else { return }
            let (address, name) = (message.texts[0], message.texts[1])
            connect(ArgumentText.value(address.span), ArgumentText.value(name.span))
        case .icomDisconnect:
            saveCursors(force: true)
            hangUp()
            enter(.idle)
            say(.info, "icom: disconnected")
        case .icomReconnect:
            hangUp()
            backoffSeconds = 0
            enter(.connecting)
        case .icomReady: isReady = true
        case .icomUnready: isReady = false
        default: break
        }
    }

    private func connect(_ address: [UInt8], _ name: [UInt8]) {
        hangUp()
        addresses = address
        nextAddress = 0
        backoffSeconds = 0
        if !Bytes.equal(name, serverID) {
            serverID = name
            sources = []
            openOutboxes()
        }
        enter(.connecting)
    }

    // MARK: what is told

    func enter(_ next: IcomState) {
        phase = next
        board.state = next
        phaseSince = bb_clock_exact()
        phaseWall = bb_clock_wall() / 1_000_000_000
        publishedAt = 0
    }

    private func tellDropped() {
        guard inbox.dropped != toldDropped else { return }
        say(
            .warn, "icom: events were dropped: no mission listens (icom:ready)",
            [UInt8](String(inbox.dropped - toldDropped).utf8))
        toldDropped = inbox.dropped
    }

    /// Renews the texts that `icom:status` and `icom:servers` hand out.
    private func publish(_ now: UInt64) {
        guard publishedAt == 0 || now &- publishedAt > Self.second / 10 else { return }
        publishedAt = now
        var text = Bytes.array("{\"state\":\"")
        Bytes.append(phase.word, to: &text)
        text.append(UInt8(ascii: "\""))
        Self.add("server_id", serverID, to: &text)
        Self.add("hub", addresses, to: &text)
        Self.add("session_id", sessionID, to: &text)
        Self.add("since", UInt64(max(0, phaseWall)), to: &text)
        Self.add("sent", sentCount, to: &text)
        Self.add("received", receivedCount, to: &text)
        Self.add("failed", failedCount, to: &text)
        Self.add("queued", UInt64(underWay), to: &text)
        Self.add("waiting", UInt64(inbox.count), to: &text)
        Self.add("last_error", lastError, to: &text)
        text.append(UInt8(ascii: "}"))
        board.publish(status: text, servers: servers)
    }

    @inline(never)
    private static func add(_ key: StaticString, to text: inout [UInt8]) {
        Bytes.append(",\"", to: &text)
        Bytes.append(key, to: &text)
        Bytes.append("\":", to: &text)
    }

    @inline(never)
    private static func add(_ key: StaticString, _ value: [UInt8], to text: inout [UInt8]) {
        add(key, to: &text)
        if value.isEmpty {
            Bytes.append("null", to: &text)
        } else {
            text.appendJSONString(value.span)
        }
    }

    @inline(never)
    private static func add(_ key: StaticString, _ value: UInt64, to text: inout [UInt8]) {
        add(key, to: &text)
        Bytes.append(value, to: &text)
    }

    // MARK: waiting

    private func wait() {
        if socket >= 0 {
            _ = bb_socket_wait(
                socket, outputStart < output.count ? 1 : 0, Self.roundNanoseconds)
        } else {
            bb_thread_sleep_ns(Self.roundNanoseconds)
        }
    }
}
