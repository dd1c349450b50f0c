// The client of the hub, on a thread of its own: takes orders, keeps the connection, sends what the log
// holds for it, hands over what comes. It may wait for name servers and sockets as long as it likes: the
// game thread never waits for it. docs/icom.md, docs/formats/icom.md.

import CPlatform
import ICOMWire
import Segments
import Synchronization
import Values

/// An order of the game, `BB_ICOM_CONNECT` …
struct IcomOrder {
    let number: UInt32
    /// With NULs between them.
    let texts: [UInt8]
}

/// A line for the log file, with their NULs.
private struct IcomLine {
    let level: IcomLevel
    let seconds: Int64
    let message: StaticString
    let server: [UInt8]
    let detail: [UInt8]
}

/// The client's state. Everything in it belongs to its thread, but for what stands behind `mailbox`.
///
/// `@unchecked Sendable`: see above; the board's words are atomic.
@safe
final class Icom: @unchecked Sendable {
    /// How often it looks when nothing is on the way: a frame of the game.
    static let roundNanoseconds: UInt64 = 20_000_000
    static let second: UInt64 = 1_000_000_000
    /// Lines that wait for the log file; more are left out.
    private static let lineLimit = 1_000

    let board: IcomBoard
    let stopWord: UnsafeMutablePointer<UInt32>
    private let mailbox: UnsafeMutableRawPointer
    private var orders: [IcomOrder] = []
    private var lines: [IcomLine] = []
    /// The one that the courier reads just now.
    private var taken: IcomLine?

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
    var sources: [IcomSource] = []
    var sentCount: UInt64 = 0
    var receivedCount: UInt64 = 0
    var failedCount: UInt64 = 0
    var savedAt: UInt64 = 0
    private var toldDropped = 0
    private var publishedAt: UInt64 = 0
    private var thread: UnsafeMutableRawPointer?
    private let hasEnded = Atomic<Bool>(false)

    init(_ board: IcomBoard) {
        self.board = board
        unsafe stopWord = .allocate(capacity: 1)
        unsafe stopWord.initialize(to: 0)
        unsafe mailbox = bb_mutex_make()
        inbox = IcomInbox(limit: board.inboxLimit)
    }

    /// Starts the thread; false when the system gives none.
    func start() -> Bool {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe thread = bb_thread_start(
            { context in
                guard let context = unsafe context else { return }
                // The plug-in holds it for ever.
                unsafe Unmanaged<Icom>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.run() }
            }, context, "bb-icom")
        return unsafe thread != nil
    }

    /// The thread's body.
    private func run() {
        while !isStopping {
            let now = bb_clock_exact()
            for order in takeOrders() { obey(order) }
            step(now)
            if board.isReady, let callback = unsafe board.callback {
                unsafe inbox.deliver(to: callback)
            }
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

    /// From the courier: the plug-in goes. A thread that waits for a name server can't be hurried: the
    /// game's exit does not wait for it.
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
    func post(_ order: IcomOrder) {
        unsafe bb_mutex_lock(mailbox)
        orders.append(order)
        unsafe bb_mutex_unlock(mailbox)
    }

    private func takeOrders() -> [IcomOrder] {
        unsafe bb_mutex_lock(mailbox)
        let all = orders
        orders = []
        unsafe bb_mutex_unlock(mailbox)
        return all
    }

    /// From the courier: the oldest line, false when there is none. Its texts live until the next is
    /// taken.
    func take(_ line: inout bb_icom_line) -> Bool {
        unsafe bb_mutex_lock(mailbox)
        taken = lines.isEmpty ? nil : lines.removeFirst()
        unsafe bb_mutex_unlock(mailbox)
        guard let taken else { return false }
        unsafe line.level = taken.level.rawValue
        unsafe line.seconds = taken.seconds
        unsafe line.message = Self.text(taken.message.utf8Start)
        // What an array's owner holds stays where it is as long as nobody writes to it.
        unsafe line.server = taken.server.withUnsafeBufferPointer {
            unsafe Self.text($0.baseAddress)
        }
        unsafe line.detail = taken.detail.withUnsafeBufferPointer {
            unsafe Self.text($0.baseAddress)
        }
        return true
    }

    private static func text(_ bytes: UnsafePointer<UInt8>?) -> UnsafePointer<CChar>? {
        unsafe UnsafeRawPointer(bytes)?.assumingMemoryBound(to: CChar.self)
    }

    /// A line for the log file; `detail` is what it is about.
    @inline(never)
    func say(_ level: IcomLevel, _ message: StaticString, _ detail: [UInt8] = []) {
        guard level.rawValue >= board.leastLevel else { return }
        let line = IcomLine(
            level: level, seconds: bb_clock_wall() / 1_000_000_000, message: message,
            server: serverID + [0], detail: detail + [0])
        unsafe bb_mutex_lock(mailbox)
        if lines.count < Self.lineLimit { lines.append(line) }
        unsafe bb_mutex_unlock(mailbox)
    }

    // MARK: orders

    private func obey(_ order: IcomOrder) {
        switch Int(order.number) {
        case BB_ICOM_CONNECT:
            guard let middle = order.texts.firstIndex(of: 0) else { return }
            connect([UInt8](order.texts[..<middle]), [UInt8](order.texts[(middle + 1)...]))
        case BB_ICOM_DISCONNECT:
            saveCursors(force: true)
            hangUp()
            enter(.idle)
            say(.info, "icom: disconnected")
        case BB_ICOM_RECONNECT:
            hangUp()
            backoffSeconds = 0
            enter(.connecting)
        default: break
        }
    }

    private func connect(_ address: [UInt8], _ name: [UInt8]) {
        hangUp()
        addresses = address
        nextAddress = 0
        backoffSeconds = 0
        if !name.isSame(as: serverID) {
            serverID = name
            sources = []
            openOutboxes()
        }
        enter(.connecting)
    }

    // MARK: what is told

    func enter(_ next: IcomState) {
        phase = next
        board.show(next)
        phaseSince = bb_clock_exact()
        phaseWall = bb_clock_wall() / 1_000_000_000
        publishedAt = 0
    }

    private func tellDropped() {
        guard inbox.dropped != toldDropped else { return }
        say(
            .warn, "icom: events were dropped: no mission listens (icom:ready)",
            number(inbox.dropped - toldDropped))
        toldDropped = inbox.dropped
    }

    private func number(_ value: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.put(number: Int64(value))
        return text
    }

    /// Renews the texts that `icom:status` and `icom:servers` hand out.
    private func publish(_ now: UInt64) {
        guard publishedAt == 0 || now &- publishedAt > Self.second / 10 else { return }
        publishedAt = now
        var text = [UInt8](bytesOf: "{\"state\":\"")
        if let word = unsafe bb_icom_state_name(phase.rawValue) {
            text += unsafe String(cString: word).utf8
        }
        text.append(UInt8(ascii: "\""))
        Self.add("server_id", serverID, to: &text)
        Self.add("hub", addresses, to: &text)
        Self.add("session_id", sessionID, to: &text)
        Self.add("since", UInt64(max(0, phaseWall)), to: &text)
        Self.add("sent", sentCount, to: &text)
        Self.add("received", receivedCount, to: &text)
        Self.add("failed", failedCount, to: &text)
        var queued: UInt64 = 0
        for outbox in outboxes {
            // Also while the hub is away, when nothing else looks.
            outbox.look()
            queued += outbox.waiting
        }
        Self.add("queued", queued, to: &text)
        Self.add("waiting", UInt64(inbox.count), to: &text)
        Self.add("last_error", lastError, to: &text)
        text.append(UInt8(ascii: "}"))
        board.show(status: text, servers: servers)
    }

    @inline(never)
    private static func add(_ key: StaticString, to text: inout [UInt8]) {
        text.put(",\"")
        text.put(key)
        text.put("\":")
    }

    @inline(never)
    private static func add(_ key: StaticString, _ value: [UInt8], to text: inout [UInt8]) {
        add(key, to: &text)
        if value.isEmpty {
            text.put("null")
        } else {
            text.appendJSONString(value.span)
        }
    }

    @inline(never)
    private static func add(_ key: StaticString, _ value: UInt64, to text: inout [UInt8]) {
        add(key, to: &text)
        text.put(number: Int64(clamping: value))
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
