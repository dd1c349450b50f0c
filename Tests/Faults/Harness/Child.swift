// What runs in a process of its own, because it ends it, or because it must be cut off from the outside.

import CPlatform
import Glibc
import Segments
import WAL

/// Writes a log and closes it.
enum BriefWriter {
    static func calls(_ name: [UInt8]) -> [PlainCall] {
        (0..<1200).map { PlainCall(kind: 65, arguments: [name, Array(String($0).utf8)]) }
    }

    static func run(root: String, name: [UInt8]) {
        guard let writer = try? LogWriter(root: root, settings: .small),
            (try? writer.startThreads()) != nil
        else { exit(3) }
        for call in calls(name) {
            guard case .kept = writer.insist(call) else { exit(4) }
        }
        writer.close()
    }
}

/// The parts, by name: `faults --child NAME FOLDER …`.
public enum Child {
    /// Exit code of a fault handler that the game had set.
    static let handledCode: Int32 = 77

    /// Runs a part by name; false when there is none of that name.
    public static func run(_ name: String, _ arguments: [String]) -> Bool {
        guard let folder = arguments.first else { return false }
        // Not what the language's runtime does with a crash, but what the system does.
        signal(SIGBUS, SIG_DFL)
        switch name {
        case "foreign-fault": foreignFault(folder)
        case "foreign-fault-handled":
            // As a game that catches faults itself: set before the plug-in's own.
            signal(SIGBUS) { _ in _exit(Child.handledCode) }
            foreignFault(folder)
        case "sent-bus-error":
            guard let writer = try? LogWriter(root: folder, settings: .small) else { exit(1) }
            _ = writer.append(PlainCall(kind: 65, arguments: []))
            kill(getpid(), SIGBUS)
        case "steady-writer":
            guard arguments.count == 3, let seed = UInt64(arguments[2]) else { return false }
            SteadyWriter.run(root: folder, notes: arguments[1], seed: seed)
        case "unloaded":
            guard arguments.count == 2, unsafe chdir(folder) == 0 else { return false }
            unloaded(arguments[1])
        case "two-plugins":
            guard arguments.count == 3 else { return false }
            exit(TwinPlugins.run(folder, arguments[1], arguments[2]) ? 0 : 1)
        case "brief-writer":
            guard arguments.count == 2 else { return false }
            BriefWriter.run(root: folder, name: Array(arguments[1].utf8))
        case "forked-game":
            guard arguments.count == 2 else { return false }
            exit(ForkedGame.run(folder, arguments[1]) ? 0 : 1)
        default: return false
        }
        exit(0)
    }

    /// The game unloads the plug-in, forks, and then meets a fault of its own.
    private static func unloaded(_ path: String) {
        guard let plugin = LoadedPlugin(path) else { exit(1) }
        plugin.call(":EVENT:CHAT:", "before it goes")
        plugin.unload()
        guard unsafe dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nil else { exit(2) }
        typealias Fork = @convention(c) () -> pid_t
        guard let symbol = unsafe dlsym(nil, "fork") else { exit(3) }
        let child = unsafe unsafeBitCast(symbol, to: Fork.self)()
        if child == 0 { _exit(0) }
        var status: Int32 = 0
        guard unsafe waitpid(child, &status, 0) == child, status == 0 else { exit(4) }
        fault(in: "other")
    }

    /// A store into a mapping of the game's own whose file was cut short.
    private static func foreignFault(_ folder: String) {
        guard let writer = try? LogWriter(root: folder, settings: .small) else { exit(1) }
        _ = writer.append(PlainCall(kind: 65, arguments: []))
        fault(in: folder + "/other")
    }

    private static func fault(in path: String) {
        guard let file = try? File(path, 1 | 2 | 4) else { exit(1) }
        _ = bb_file_set_size(file.handle, 8192)
        var error: Int32 = 0
        guard let base = unsafe bb_map_file(file.handle, 8192, 1, &error) else { exit(1) }
        _ = bb_file_set_size(file.handle, 0)
        unsafe base.storeBytes(of: 1, toByteOffset: 4096, as: UInt8.self)
    }
}
