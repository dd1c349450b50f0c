// The plug-in of this process: opened at the first call of the game, closed when the library goes.

import CPlatform
import Segments
import Synchronization
import Values

/// Everything that lives as long as the library is loaded. Made once, never freed: a call may be under
/// way at any moment.
///
/// `@unchecked Sendable`: `path` is used behind the entry lock, `shared` is atomics, the courier
/// belongs to its thread, the rest is fixed after `init`.
@safe
final class Plugin: @unchecked Sendable {
    let path: UnsafeMutablePointer<CallPath>
    let shared: UnsafeMutablePointer<Shared>
    let slot = CallbackSlot()
    let context = CallContext()
    let version: String
    let courier: Courier
    let server: UnsafeMutablePointer<ServerSide>
    private var thread: UnsafeMutableRawPointer?
    private let process = bb_process_id()

    /// Bytes of the ring to the courier: the largest description of a mission fits wherever the ring
    /// stands.
    private static let handoverBytes = 1024 * 1024

    /// Reads the configuration and opens the log. Milliseconds. Whatever fails, there is a plug-in
    /// afterwards: calls are then answered with the reason.
    init(places: Places) {
        version = unsafe SystemText.fixed(bb_build_version())
        let (configuration, notes) = Self.configuration(places)
        let logPath = LogFile.path(in: configuration.logsDir, wall: bb_clock_wall())
        unsafe shared = .allocate(capacity: 1)
        unsafe shared.initialize(to: Shared())
        unsafe server = .allocate(capacity: 1)
        unsafe server.initialize(to: ServerSide(context: context))
        let serverNotes = unsafe server.pointee.configure(configuration)
        let handover = Handover(capacityBytes: Self.handoverBytes)
        unsafe path = .allocate(capacity: 1)
        unsafe path.initialize(
            to: CallPath(
                shared: UnsafePointer(shared), handover: handover,
                replies: PreparedReplies(
                    version: version, commit: unsafe SystemText.fixed(bb_build_commit()),
                    date: unsafe SystemText.fixed(bb_build_date()), gameFolder: places.gameFolder,
                    modulePath: places.modulePath, logPath: logPath),
                logsEveryCall: configuration.logLevel == .debug, server: server))
        courier = unsafe Courier(
            configuration: configuration, places: places, shared: UnsafePointer(shared),
            handover: handover, slot: slot, version: version, logPath: logPath)
        courier.say(
            .info, "the recorder begins",
            [
                LogField("version", version), LogField("library", places.modulePath),
                LogField("storage", configuration.storageType),
            ])
        for note in notes + serverNotes {
            courier.say(.warn, note, "file", places.configurationPath)
        }
        _ = courier.openLog()
        bb_touch_own_code()
    }

    static func configuration(_ places: Places) -> (Configuration, [String]) {
        let kind = unsafe bb_path_kind(places.configurationPath)
        if kind == Int32(BB_KIND_NONE) { return (Configuration(), []) }
        guard kind == Int32(BB_KIND_FILE) else {
            return (Configuration(), ["the configuration is no file, using the defaults"])
        }
        do {
            let text = try Files.read(places.configurationPath, limitBytes: 1 << 20)
            let read = Configuration.read(text)
            return (read.configuration, read.notes)
        } catch {
            return (
                Configuration(),
                ["the configuration can't be read, using the defaults: " + error.text]
            )
        }
    }

    /// Starts the courier's thread. Without one the game gets replies and no callbacks.
    func start() {
        let context = unsafe Unmanaged.passUnretained(courier).toOpaque()
        unsafe thread = bb_thread_start(
            { context in
                guard let context = unsafe context else { return }
                // The plug-in owns the courier, and is never freed.
                unsafe Unmanaged<Courier>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.run() }
            }, context, "bb-courier")
    }

    /// The library goes, or the game exits: no call is kept any more, the courier does what is left,
    /// the log is closed in order. A forked child of the game has no threads of ours and leaves the
    /// files alone.
    func close() {
        guard bb_process_id() == process else { return }
        guard unsafe !shared.pointee.isClosed.exchange(true, ordering: .sequentiallyConsistent)
        else { return }
        courier.stop()
        if let thread = unsafe thread { unsafe bb_thread_join(thread) }
        if let writer = unsafe shared.pointee.writer {
            unsafe writer._withUnsafeGuaranteedRef { $0.close() }
        }
    }

    // MARK: the one of this process

    /// Bits of the unmanaged reference, 0 before the first call.
    private static let current = Atomic<UInt>(0)
    /// 1 while some thread opens it.
    private static let isOpening = Atomic<UInt32>(0)

    /// The plug-in of this process, opened when this is the first call.
    @inline(__always)
    static func withCurrent<Result>(_ body: (Plugin) -> Result) -> Result {
        var bits = current.load(ordering: .acquiring)
        if bits == 0 { bits = open() }
        // Never 0 here: `open` gives the bits of an object that is never released.
        guard let address = unsafe UnsafeRawPointer(bitPattern: bits) else {
            preconditionFailure("the plug-in's address can't be zero")
        }
        return unsafe Unmanaged<Plugin>.fromOpaque(address)._withUnsafeGuaranteedRef(body)
    }

    /// One thread opens it, another one that comes at the same time waits.
    @inline(never)
    private static func open() -> UInt {
        while isOpening.exchange(1, ordering: .acquiring) != 0 {
            let bits = current.load(ordering: .acquiring)
            if bits != 0 { return bits }
            bb_thread_sleep_ns(100_000)
        }
        let bits = current.load(ordering: .acquiring)
        if bits != 0 { return bits }
        let plugin = Plugin(places: Places.current())
        plugin.start()
        let new = unsafe UInt(bitPattern: Unmanaged.passRetained(plugin).toOpaque())
        // Release: the plug-in is complete before another thread can see it.
        current.store(new, ordering: .releasing)
        bb_at_unload { Plugin.closeCurrent() }
        return new
    }

    /// Called by the library's destructor.
    static func closeCurrent() {
        guard let address = unsafe UnsafeRawPointer(bitPattern: current.load(ordering: .acquiring))
        else { return }
        unsafe Unmanaged<Plugin>.fromOpaque(address)._withUnsafeGuaranteedRef { $0.close() }
    }
}
