// Who made the call that comes next, as the game tells it through RVExtensionContext. The automatic
// context call is switched off by our feature flag; a command that wants it asks for it.
// docs/formats/plugin.md, "Context".

import CPlatform

/// The context of the last call for which the game gave one. Written and read by the thread that the
/// game calls us on, behind a lock of its own: the game calls RVExtensionContext from inside our own
/// call, when the entry lock is held.
///
/// Invariants: `lock` points at one word, `texts` at `textCount * textSize` bytes, each part ended by
/// a NUL; all live as long as the process.
@safe
struct CallContext {
    /// Source file, mission source, server name.
    static let textCount = 3
    /// Longer texts are cut.
    static let textSize = 256

    private let lock: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Values>
    private let texts: UnsafeMutablePointer<CChar>

    /// What can be said in numbers.
    struct Values: Equatable {
        /// The thread it was given on.
        var thread: UInt64 = 0
        /// How many values the game gave: 4, or 5 since 2.18.
        var count = 0
        /// Steam id of the machine that runs the call; 0 on a dedicated server.
        var steamID: UInt64 = 0
        /// Network owner of a remote execution; nil when the game is too old to tell.
        var remoteOwner: Int32?
    }

    init() {
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: 0)
        unsafe values = .allocate(capacity: 1)
        unsafe values.initialize(to: Values())
        unsafe texts = .allocate(capacity: Self.textCount * Self.textSize)
        unsafe texts.initialize(repeating: 0, count: Self.textCount * Self.textSize)
    }

    /// Keeps what the game gave: `arguments` are `count` texts (any of them may be nil).
    func store(_ arguments: UnsafePointer<UnsafePointer<CChar>?>?, count: Int) {
        var new = Values()
        new.thread = bb_thread_id()
        unsafe bb_spin_lock(lock)
        if let arguments = unsafe arguments, count > 0 {
            new.count = count
            new.steamID = unsafe Self.digits(arguments[0])
            if count > 4, let owner = unsafe NumberCheck.value(arguments[4]),
                abs(owner) < 1_000_000_000
            {
                new.remoteOwner = Int32(owner)
            }
        }
        var index = 0
        while index < Self.textCount {
            let target = unsafe texts + index &* Self.textSize
            let isGiven = index &+ 1 < count
            if isGiven, let arguments = unsafe arguments {
                unsafe copy(arguments[index &+ 1], to: target)
            } else {
                unsafe target[0] = 0
            }
            index &+= 1
        }
        unsafe values.pointee = new
        unsafe bb_spin_unlock(lock)
    }

    /// Forgets what was stored, so that the next `read` tells whether the game gave anything.
    func clear() {
        unsafe bb_spin_lock(lock)
        unsafe values.pointee = Values()
        unsafe bb_spin_unlock(lock)
    }

    /// What was stored last.
    func read() -> Values {
        unsafe bb_spin_lock(lock)
        defer { unsafe bb_spin_unlock(lock) }
        return unsafe values.pointee
    }

    /// One of the texts that were stored last (0: source file, 1: mission source, 2: server name).
    func text(_ index: Int) -> String {
        guard index >= 0, index < Self.textCount else { return "" }
        unsafe bb_spin_lock(lock)
        defer { unsafe bb_spin_unlock(lock) }
        return unsafe String(cString: texts + index * Self.textSize)
    }

    private func copy(_ text: UnsafePointer<CChar>?, to target: UnsafeMutablePointer<CChar>) {
        unsafe target[0] = 0
        guard let text = unsafe text else { return }
        if unsafe bb_copy_text(target, text, UInt64(Self.textSize)) > 0 { return }
        unsafe target.update(from: text, count: Self.textSize - 1)
        let bytes = unsafe UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self)
        let kept = unsafe CharacterBytes.wholeCharacters(bytes, Self.textSize - 1)
        unsafe target[kept] = 0
    }

    /// A Steam id has more digits than a Double holds.
    private static func digits(_ text: UnsafePointer<CChar>?) -> UInt64 {
        guard let text = unsafe text else { return 0 }
        var value: UInt64 = 0
        var index = 0
        while index < 20 {
            let digit = unsafe UInt8(bitPattern: text[index]) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
        return value
    }
}

/// Whose script makes a call.
enum Caller {
    /// The server's own.
    case server
    /// One that a client has started on the server.
    case client
    /// The game can't tell.
    case unknown
}

/// Asks the game who makes the call under way.
struct CallerCheck {
    let context: CallContext
    /// The game's function that tells the context of a call; nil where the game has none (before 2.18).
    var requestContext: (@convention(c) () -> Void)?

    init(context: CallContext) {
        self.context = context
        if let function = unsafe bb_game_function("RVExtensionRequestContext") {
            unsafe requestContext = unsafeBitCast(
                function, to: (@convention(c) () -> Void)?.self)
        }
    }

    /// The game answers through `RVExtensionContext` before its function returns.
    @inline(never)
    func caller() -> Caller {
        guard let requestContext else { return .unknown }
        context.clear()
        requestContext()
        let told = context.read()
        guard told.thread == bb_thread_id(), let owner = told.remoteOwner else { return .unknown }
        // 0: not remotely executed; 2: by the server itself.
        return owner == 0 || owner == 2 ? .server : .client
    }
}
