// What the game thread and the ICOM thread tell each other: a few words, and two texts that are ready to
// be handed out. Neither side ever waits for the other: the ICOM thread gives way, the game thread takes
// what is there.

import CPlatform
import Synchronization
import Values

/// How it stands with the hub, as `icom:status` says it.
enum IcomState: UInt32 {
    case idle
    case connecting
    case registering
    case online
    case backoff
    case stopped

    var word: StaticString {
        switch self {
        case .idle: "idle"
        case .connecting: "connecting"
        case .registering: "registering"
        case .online: "online"
        case .backoff: "backoff"
        case .stopped: "stopped"
        }
    }
}

/// The words and texts. Made once, lives as long as the process.
///
/// `@unchecked Sendable`: `status` and `servers` are used behind `lock`, the rest is atomics.
final class IcomBoard: @unchecked Sendable {
    private let stateWord = Atomic<UInt32>(0)
    /// The mark that accepted events carry: whose outbox they are in. 0: no outbox is open.
    let owner = Atomic<UInt32>(0)
    /// Somebody asked for the servers since the last list came.
    let isListWanted = Atomic<Bool>(false)
    /// Something of ICOM was asked for: the thread is needed.
    let isWanted = Atomic<Bool>(false)
    private let lock = Atomic<UInt32>(0)
    private var status: [UInt8] = Array("{\"state\":\"idle\"}".utf8)
    private var servers: [UInt8] = []

    var state: IcomState {
        get { IcomState(rawValue: stateWord.load(ordering: .acquiring)) ?? .idle }
        set { stateWord.store(newValue.rawValue, ordering: .releasing) }
    }

    /// The ICOM thread's side: puts other texts in place.
    func publish(status: [UInt8], servers: [UInt8]?) {
        while lock.exchange(1, ordering: .acquiring) != 0 { bb_thread_yield() }
        // The old ones are freed behind the lock's end: their last owner is this side.
        let old = (self.status, self.servers)
        self.status = status
        if let servers { self.servers = servers }
        lock.store(0, ordering: .releasing)
        withExtendedLifetime(old) {}
    }

    /// The game's side: hands out a text; false when there is none, or the other side is at it.
    func put(_ text: Text, into reply: inout ReplyBuffer) -> Bool {
        // The other side holds it for a few instructions; when it was descheduled just there, the game
        // does not wait.
        var tries = 0
        while lock.exchange(1, ordering: .acquiring) != 0 {
            tries &+= 1
            if tries > 1_000 { return false }
        }
        let bytes = text == .status ? status : servers
        lock.store(0, ordering: .releasing)
        guard !bytes.isEmpty else { return false }
        unsafe bytes.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { unsafe reply.put(start, buffer.count) }
        }
        return true
    }

    /// Which text.
    enum Text: UInt8 {
        case status
        case servers
    }

    /// The mark of a server's outbox: never 0.
    static func mark(of name: [UInt8]) -> UInt32 {
        let hash = unsafe name.withUnsafeBytes {
            unsafe bb_crc32c(0xFFFF_FFFF, $0.baseAddress, UInt64($0.count))
        }
        return hash == 0 ? 1 : hash
    }

    /// The mark of events that no outbox keeps.
    static let unkept: UInt32 = 0
}
