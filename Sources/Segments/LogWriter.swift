// The writer of one log: its folder, lock, producer, and the three threads that work behind the game:
//   preparer  makes the next segments ready and touches pages ahead of the writing position,
//   keeper    appends what is new to the tail file each tick and syncs it,
//   sealer    syncs, seals and gives back full segments.
// They are three because each of their waits must not delay the others: a tail file's sync that hangs
// must not stop pages from being prepared, and a segment's sync (64 MiB) must not stretch the tick.
// None of them appends, and none holds a lock that the game thread takes.

import CPlatform
import Values
import WAL

/// Writes one log. `append` may be called from any thread that the game calls us on; everything else
/// from one thread.
///
/// `@unchecked Sendable`: what threads share are `SegmentSlots` and `SharedWords` (atomics with one
/// owner each); the producer is behind its lock; the rest is fixed at init or belongs to one thread.
@safe
public final class LogWriter: @unchecked Sendable {
    /// The log's own folder.
    public let folder: String
    /// 16 random bytes that name the log.
    public let logID: [UInt8]
    /// UTC nanoseconds since 1970 at its start.
    public let startWall: Int64

    let settings: LogSettings
    let salt: UInt32
    let bootID: [UInt8]
    let lockFile: File
    let slots: UnsafeMutablePointer<SegmentSlots>
    let words: UnsafeMutablePointer<SharedWords>
    let anchor: UnsafeMutablePointer<ClockAnchor>
    private let producer: UnsafeMutablePointer<Producer>
    private let dictionary: UnsafeMutableRawBufferPointer
    let preparerBell: UnsafeMutableRawPointer
    let keeperBell: UnsafeMutableRawPointer
    let sealerBell: UnsafeMutableRawPointer
    /// The producer is initialised.
    private var isOpen = false
    private var threads: [ThreadHandle] = []
    /// The keeper's own; after `close` has joined it, `close`'s.
    var keeper: Keeper

    /// Makes a folder of its own below `root` (made when missing), takes its lock and has the first
    /// segment ready. Milliseconds; does not start the threads.
    ///
    /// - Throws: `LogError` when the folder, the lock file or the first segment can't be had.
    public init(root: String, settings wanted: LogSettings) throws(LogError) {
        let settings = wanted.bounded()
        self.settings = settings
        startWall = bb_clock_wall()
        folder = try Self.makeFolder(root, startWall)
        lockFile = try File(Paths.join(folder, LogNames.lock), 1 | 2 | 4)
        logID = randomBytes(16)
        salt = randomBytes(4).span.integer
        bootID = bootIdentity()
        unsafe slots = .allocate(capacity: 1)
        unsafe slots.initialize(to: SegmentSlots())
        unsafe words = .allocate(capacity: 1)
        unsafe words.initialize(to: SharedWords())
        unsafe anchor = .allocate(capacity: 1)
        unsafe anchor.initialize(to: ClockAnchor(wall: 0, monotonic: 0, utcOffset: 0))
        let names = CommandDictionary.payload()
        unsafe dictionary = .allocate(byteCount: names.bytes.count, alignment: 8)
        unsafe dictionary.copyBytes(from: names.bytes)
        unsafe producer = .allocate(capacity: 1)
        // calloc of a word: fails only when the process is out of memory anyway.
        unsafe preparerBell = bb_bell_make()
        unsafe keeperBell = bb_bell_make()
        unsafe sealerBell = bb_bell_make()
        keeper = Keeper()
        let locked = bb_file_lock(lockFile.handle, 1)
        guard locked == 0 else { throw LogError(.lock, lockFile.path, Int64(locked)) }
        try lockFile.write(Array((String(bb_process_id()) + "\n").utf8), at: 0)
        let index = SegmentSlots.index(of: 1)
        try prepare(1)
        guard let base = unsafe slots.pointee[index].base else {
            throw LogError(.map, folder, -12)
        }
        unsafe SegmentHeader.complete(
            at: base, firstSequence: 1, previousSequence: 0, previousCRC: 0,
            wall: bb_clock_wall(), monotonic: bb_clock_exact())
        let largest = RecordWriter.largestPayload(
            capacity: settings.segmentBytes,
            reserved: names.bytes.count + 4 * RecordLayout.headerSize + 128)
        unsafe producer.initialize(
            to: Producer(
                writer: RecordWriter(
                    base: base, capacity: slots.pointee[index].size, salt: salt),
                current: index, slots: UnsafePointer(slots), words: UnsafePointer(words),
                anchor: UnsafePointer(anchor), dictionary: UnsafeRawBufferPointer(dictionary),
                dictionaryCount: names.count, salt: salt, largestPayload: largest))
        isOpen = true
        unsafe slots.pointee.setFirstSequence(index, 1)
        unsafe producer.pointee.appendDictionary()
        unsafe producer.pointee.finish()
        unsafe slots.pointee.pass(index, to: SlotState.current)
        unsafe words.pointee[.current] = 1
        populate(index, SegmentLayout.headerSize, settings.populateBytes)
    }

    deinit {
        if isOpen {
            close()
            unsafe producer.deinitialize(count: 1)
        }
        unsafe producer.deallocate()
        unsafe dictionary.deallocate()
        unsafe anchor.deallocate()
        unsafe words.deinitialize(count: 1)
        unsafe words.deallocate()
        unsafe slots.deinitialize(count: 1)
        unsafe slots.deallocate()
        unsafe bb_bell_free(preparerBell)
        unsafe bb_bell_free(keeperBell)
        unsafe bb_bell_free(sealerBell)
    }

    /// Appends one call. Well under a microsecond; no system call, no allocation, no wait.
    ///
    /// - Parameters:
    ///   - kind: the command's number, or `RecordKind.namedCall` with the name as `first`.
    ///   - flags: `RecordFlags` bits.
    ///   - first: a field in front of the arguments, or nil.
    ///   - arguments: `count` pointers to C texts; a nil one counts as empty.
    @inline(__always)
    public func append(
        kind: UInt16, flags: UInt16, first: UnsafePointer<CChar>?,
        arguments: UnsafePointer<UnsafePointer<CChar>?>?, count: Int, priority: Priority
    ) -> AppendOutcome {
        let producer = unsafe self.producer
        let lock = unsafe UnsafeMutableRawPointer(producer).assumingMemoryBound(to: UInt32.self)
        unsafe bb_spin_lock(lock)
        defer { unsafe bb_spin_unlock(lock) }
        guard unsafe words.pointee[.closed] == 0, unsafe producer.pointee.forked.pointee == 0
        else { return .closed }
        return unsafe producer.pointee.append(
            CallFields(
                first: first, arguments: arguments, argumentCount: arguments == nil ? 0 : count),
            kind: kind, flags: flags, priority: priority)
    }

    /// Appends a mark behind the call that it is about. False when there was no room for it.
    ///
    /// - Parameters:
    ///   - kind: `RecordKind.missionStart`, `.missionSave` or `.icomEvent`.
    ///   - number: starts so far; of an event, for whom it waits.
    ///   - call: sequence number of the call.
    @discardableResult
    public func mark(kind: UInt16, number: UInt32, call: UInt64) -> Bool {
        let producer = unsafe self.producer
        let lock = unsafe UnsafeMutableRawPointer(producer).assumingMemoryBound(to: UInt32.self)
        unsafe bb_spin_lock(lock)
        defer { unsafe bb_spin_unlock(lock) }
        guard unsafe words.pointee[.closed] == 0, unsafe producer.pointee.forked.pointee == 0
        else { return false }
        return unsafe producer.pointee.mark(kind, number, call)
    }

    /// Starts the threads. Without them a log can be written as long as the first segment lasts.
    public func startThreads() throws(LogError) {
        guard threads.isEmpty else { return }
        try start("bb-prepare") { writer in writer.runPreparer() }
        try start("bb-keep") { writer in writer.runKeeper() }
        try start("bb-seal") { writer in writer.runSealer() }
    }

    private func start(
        _ name: String, _ body: @escaping @Sendable (LogWriter) -> Void
    ) throws(LogError) {
        let task = ThreadTask(writer: self, body: body)
        let context = unsafe Unmanaged.passRetained(task)
        let thread = unsafe bb_thread_start(
            { (context: UnsafeMutableRawPointer?) in
                guard let context = unsafe context else { return }
                let task = unsafe Unmanaged<ThreadTask>.fromOpaque(context).takeRetainedValue()
                task.body(task.writer)
            }, context.toOpaque(), name)
        guard let thread = unsafe thread else {
            unsafe context.release()
            throw LogError(.startThread, folder, -12)
        }
        threads.append(unsafe ThreadHandle(handle: thread))
    }

    /// Ends the log in order: no further call is taken, the threads end, what is left goes to the
    /// tail file and is synced, the last segment gets its footer. May be called again. The owner must
    /// call it once the threads were started: they keep the writer alive.
    public func close() {
        let producer = unsafe self.producer
        let lock = unsafe UnsafeMutableRawPointer(producer).assumingMemoryBound(to: UInt32.self)
        unsafe bb_spin_lock(lock)
        let wasClosed = unsafe words.pointee[.closed] != 0
        if !wasClosed {
            unsafe producer.pointee.finish()
            unsafe words.pointee[.closed] = 1
        }
        unsafe bb_spin_unlock(lock)
        guard !wasClosed, unsafe producer.pointee.forked.pointee == 0 else { return }
        unsafe words.pointee[.stop] = 1
        unsafe bb_bell_ring(preparerBell)
        unsafe bb_bell_ring(keeperBell)
        unsafe bb_bell_ring(sealerBell)
        for thread in threads { unsafe bb_thread_join(thread.handle) }
        threads = []
        finishFiles()
    }

    /// State bits (`KeeperState`) of the background work.
    public var keeperState: UInt32 { unsafe words.pointee[.keeperState] }

    /// Calls that could not be kept so far (modulo 2³²).
    public var lostCount: UInt32 { unsafe words.pointee[.lost] }

    func setState(_ bit: UInt32, _ on: Bool) {
        // Three threads set bits of their own: the producer's lock is too hot for that, and a lost
        // update would be corrected by the next tick, which sets its bit again.
        let state = unsafe words.pointee[.keeperState]
        unsafe words.pointee[.keeperState] = on ? state | bit : state & ~bit
    }

    var isStopping: Bool { unsafe words.pointee[.stop] != 0 }

    /// `<root>/<UTC>-<pid>`, with `-2`, `-3` … when that is taken, and its lock.
    private static func makeFolder(
        _ root: String, _ wall: Int64
    ) throws(LogError) -> String {
        try Paths.makeFolders(root)
        let time = CivilTime(secondsSince1970: wall / 1_000_000_000).compact(separator: "T")
        let name = time + "Z-" + String(bb_process_id())
        for attempt in 1...1000 {
            let folder = Paths.join(root, attempt == 1 ? name : name + "-" + String(attempt))
            let made = unsafe bb_path_make_folder(folder)
            if made == -17 { continue }
            guard made == 0 else { throw LogError(.makeFolder, folder, Int64(made)) }
            return folder
        }
        throw LogError(.makeFolder, Paths.join(root, name), -17)
    }
}

/// A started thread, to be joined once.
@safe
private struct ThreadHandle {
    let handle: UnsafeMutableRawPointer
}

/// What a thread is started with.
private final class ThreadTask: Sendable {
    let writer: LogWriter
    let body: @Sendable (LogWriter) -> Void

    init(writer: LogWriter, body: @escaping @Sendable (LogWriter) -> Void) {
        self.writer = writer
        self.body = body
    }
}

func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        unsafe bb_random(buffer.baseAddress, UInt64(count))
        filled = count
    }
}

func bootIdentity() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 16) { buffer, filled in
        unsafe bb_boot_id(buffer.baseAddress)
        filled = 16
    }
}

extension Span<UInt8> {
    /// The first four bytes as an integer.
    fileprivate var integer: UInt32 {
        UInt32(self[0]) | UInt32(self[1]) << 8 | UInt32(self[2]) << 16 | UInt32(self[3]) << 24
    }
}
