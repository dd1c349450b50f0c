// The few words that threads of the game and the courier both look at. Each is one atomic: neither
// side ever waits for the other.

import CPlatform
import Segments
import Synchronization
import Values

/// Words shared between the call path and the courier. Made once, lives as long as the process.
@safe
struct Shared: ~Copyable {
    /// The log's writer (bits of an `Unmanaged` reference that is never given up), 0 while there is
    /// none. Written when the log is opened; read by every call.
    private let writerBits = Atomic<UInt>(0)
    /// Why there is no log: bits of a pointer to a text that is never freed, 0 when there is no reason.
    private let reasonBits = Atomic<UInt>(0)
    /// Saves that the courier has finished. The call path compares it with those it asked for.
    let savesDone = Atomic<UInt32>(0)
    /// Log lines that found no room on their way to the courier; the courier tells of them.
    let linesDropped = Atomic<UInt32>(0)
    /// Players and admin commands that wait for somebody's answer: set by calls, read by the courier.
    let serverWaits = Atomic<UInt32>(0)
    /// The courier asks the next call to look at the clock for them.
    let serverDue = Atomic<Bool>(false)
    /// Seconds to add to UTC for local time: set by the courier, read by calls.
    let utcOffset = Atomic<Int32>(0)
    /// Set when the library goes: no call is kept any more.
    let isClosed = Atomic<Bool>(false)
    /// What the plug-in and the hub's client tell each other (`Courier+Icom`). Never freed.
    let icom: UnsafeMutablePointer<bb_icom>

    init() {
        unsafe icom = .allocate(capacity: 1)
        unsafe icom.initialize(to: bb_icom())
    }

    var writer: Unmanaged<LogWriter>? {
        // Acquire: the writer was made complete before its address was stored.
        guard
            let address = unsafe UnsafeRawPointer(bitPattern: writerBits.load(ordering: .acquiring))
        else { return nil }
        return unsafe Unmanaged<LogWriter>.fromOpaque(address)
    }

    /// Why there is no log, as a text for a reply.
    var reason: UnsafePointer<CChar>? {
        unsafe UnsafePointer(bitPattern: reasonBits.load(ordering: .acquiring))
    }

    /// Puts a writer in place, for good: a call may be in it at any moment.
    func publish(_ writer: LogWriter) {
        let bits = unsafe UInt(bitPattern: Unmanaged.passRetained(writer).toOpaque())
        writerBits.store(bits, ordering: .releasing)
    }

    /// Says why there is no log. Earlier reasons are not freed (a reply may be reading one): the text
    /// is small, and there is one for each `:STORAGE:INIT:` that failed.
    func publish(reason: String) {
        reasonBits.store(UInt(bitPattern: unsafe Self.lasting(reason)), ordering: .releasing)
    }

    /// A C text that is never freed.
    static func lasting(_ text: String) -> UnsafePointer<CChar> {
        let bytes = text.bytes
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
        for index in 0..<bytes.count { unsafe text[index] = CChar(bitPattern: bytes[index]) }
        unsafe text[bytes.count] = 0
        return unsafe UnsafePointer(text)
    }
}
