// What the library and the plug-in tell each other: the words, texts and functions of `bb_icom`. Neither
// side ever waits for the other: the library gives way, the game's thread takes what is there.
//
// What holds at the border (CPlatform.h, "The hub's client"; the other side: Courier+Icom.swift):
//   * what the plug-in set before it started us does not change, and lives as long as the process;
//   * a text that we show stays in place until another one has taken its place behind the lock;
//   * the game's callback is called from our thread, and not after `end` has told it to stop.

import CPlatform
import Values

/// How it stands with the hub, as `icom:status` says it.
enum IcomState: UInt32 {
    case idle
    case connecting
    case registering
    case online
    case backoff
    case stopped
}

/// How much a line of the log file matters.
enum IcomLevel: UInt32 {
    case debug
    case info
    case warn
    case error
}

/// The engine's callback: name, function, data; free places left, or negative when it took nothing.
typealias GameCallback =
    @convention(c) (
        UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
    ) -> Int32

/// The library's view of `bb_icom`. Made once, lives as long as the process.
///
/// `@unchecked Sendable`: `shown` belongs to the library's thread, the rest is atomic words.
@safe
final class IcomBoard: @unchecked Sendable {
    private let shared: UnsafeMutablePointer<bb_icom>
    /// The texts that stand on the board, status and servers; nil when there is none.
    private var shown: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?) = (nil, nil)

    // As the plug-in set them.
    let keepsOutbox: Bool
    let inboxLimit: Int
    let leastLevel: UInt32
    let token: [UInt8]
    /// This process's log; empty when there is none.
    let logFolder: String
    let logsFolder: String
    let logID: [UInt8]

    init(_ shared: UnsafeMutablePointer<bb_icom>) {
        unsafe self.shared = shared
        keepsOutbox = unsafe shared.pointee.keeps_outbox != 0
        inboxLimit = unsafe Int(shared.pointee.inbox_events)
        leastLevel = unsafe shared.pointee.least_level
        token = unsafe Self.text(shared.pointee.token).bytes
        logFolder = unsafe Self.text(shared.pointee.log_folder)
        logsFolder = unsafe Self.text(shared.pointee.logs_folder)
        logID = unsafe withUnsafeBytes(of: &shared.pointee.log_id) { unsafe [UInt8]($0) }
    }

    private static func text(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }

    // MARK: words

    private func word(_ index: Int) -> UInt32 {
        unsafe bb_icom_get(shared, UInt32(truncatingIfNeeded: index))
    }

    private func set(_ index: Int, _ value: UInt32) {
        unsafe bb_icom_set(shared, UInt32(truncatingIfNeeded: index), value)
    }

    func show(_ state: IcomState) { set(BB_ICOM_STATE, state.rawValue) }

    /// The mark that accepted events carry: whose outbox they are in. `unkept`: no outbox is open.
    var owner: UInt32 {
        get { word(BB_ICOM_OWNER) }
        set { set(BB_ICOM_OWNER, newValue) }
    }

    /// Somebody asked for the servers since the last list came.
    var isListWanted: Bool { word(BB_ICOM_LIST_WANTED) != 0 }

    func listIsAsked() { set(BB_ICOM_LIST_WANTED, 0) }

    /// A mission listens.
    var isReady: Bool { word(BB_ICOM_READY) != 0 }

    /// The segment of the log that calls go to, or one a little in front of it.
    var segment: UInt32 { max(1, word(BB_ICOM_SEGMENT)) }

    /// The game's callback, once it has registered one.
    var callback: GameCallback? {
        let number = unsafe bb_load_acquire_64(&shared.pointee.callback)
        return unsafe unsafeBitCast(UInt(number), to: GameCallback?.self)
    }

    // MARK: texts

    /// Puts other texts in place. Empty ones are none.
    func show(status: [UInt8], servers: [UInt8]) {
        let fresh = unsafe (Self.lasting(status), Self.lasting(servers))
        while unsafe bb_icom_swap(shared, UInt32(BB_ICOM_TEXT_LOCK), 1) != 0 { bb_thread_yield() }
        unsafe shared.pointee.status = bb_icom_text(
            bytes: fresh.0, count: UInt64(status.count))
        unsafe shared.pointee.servers = bb_icom_text(
            bytes: fresh.1, count: UInt64(servers.count))
        set(BB_ICOM_TEXT_LOCK, 0)
        // Nobody reads them but behind the lock.
        unsafe shown.0?.deallocate()
        unsafe shown.1?.deallocate()
        unsafe shown = fresh
    }

    private static func lasting(_ text: [UInt8]) -> UnsafeMutablePointer<UInt8>? {
        guard !text.isEmpty else { return nil }
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
        for index in 0..<text.count { unsafe (copy + index).initialize(to: text[index]) }
        return unsafe copy
    }

    // MARK: marks

    /// The mark of a server's outbox: never `unkept`.
    static func mark(of name: [UInt8]) -> UInt32 {
        let hash = unsafe name.withUnsafeBytes {
            unsafe bb_crc32c(0xFFFF_FFFF, $0.baseAddress, UInt64($0.count))
        }
        return hash == unkept ? 1 : hash
    }

    /// The mark of events that no outbox keeps.
    static let unkept: UInt32 = 0
}
