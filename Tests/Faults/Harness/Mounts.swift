// Filesystems of the tests: made in image files or in memory, mounted below a scratch folder. Needs root;
// only in a process with mounts of its own (Alone.swift), so that none can be left behind.

import CPlatform
import Glibc
import Segments

/// A mounted filesystem; unmounted with its owner.
final class Mounted {
    let path: String

    /// Mounts `source` with options of mount(8).
    init(_ source: String, at path: String, _ options: [String]) throws {
        try Paths.makeFolders(path)
        let mount = Program.path("mount") ?? "mount"
        let ended = try Program.run([mount] + options + [source, path], in: "/")
        guard ended.code == 0 else { throw MountFailure(text: ended.tail) }
        self.path = path
    }

    /// A filesystem that another program mounts here: waits until `name` shows in it.
    init(found path: String, _ name: String) throws {
        self.path = path
        let limit = Trial.now() + 20
        while unsafe access(path + "/" + name, F_OK) != 0 {
            guard Trial.now() < limit else { throw MountFailure(text: "\(path) did not come up") }
            bb_thread_sleep_ns(5_000_000)
        }
    }

    deinit { unmount() }

    /// Unmounts; also while files are open.
    func unmount() {
        _ = try? Program.run([Program.path("umount") ?? "umount", "-l", path], in: "/")
    }

    /// Unmounts and waits until the filesystem is gone; false while it is in use.
    func end() -> Bool {
        let limit = Trial.now() + 20
        while Trial.now() < limit {
            let ended = try? Program.run([Program.path("umount") ?? "umount", path], in: "/")
            if ended?.code == 0 { return true }
        }
        return false
    }

    /// Bytes that are left for everybody.
    var freeBytes: Int {
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return 0 }
        return Int(facts.f_bavail) * Int(facts.f_frsize)
    }
}

/// mount(8) refused.
struct MountFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { "mount: " + text }
}

/// What kinds of filesystems there are for images.
enum ImageKind: String, CaseIterable {
    case ext4
    case xfs
    case btrfs

    /// The smallest image that its mkfs accepts, about.
    var bytes: Int {
        switch self {
        case .ext4: 48 << 20
        case .xfs: 320 << 20
        case .btrfs: 128 << 20
        }
    }

    /// Makes an image file; a reason when that can't be done here.
    func make(_ path: String, bytes: Int? = nil) throws -> String? {
        guard let tool = Program.path("mkfs." + rawValue) else {
            return "no mkfs.\(rawValue) (packages e2fsprogs xfsprogs btrfs-progs)"
        }
        let file = try File(path, 1 | 2 | 4 | 16)
        guard unsafe truncate(path, bytes ?? self.bytes) == 0 else { return "no room for an image" }
        _ = file
        // All of it for everybody: nothing is kept back for root.
        let words = self == .ext4 ? [tool, "-q", "-m", "0", path] : [tool, "-q", path]
        let made = try Program.run(words, in: "/")
        return made.code == 0 ? nil : "mkfs.\(rawValue): \(made.tail)"
    }
}

extension Trial {
    /// True in a process with the right to mount that has mounts of its own; else the part is skipped.
    func canMount(_ part: String) -> Bool {
        guard geteuid() == 0 else {
            skip("\(part): needs root")
            return false
        }
        guard unsafe getenv("BLACKBOX_OWN_SPACE") != nil else {
            skip("\(part): needs a mount namespace of its own (Tools/torture)")
            return false
        }
        return true
    }

    /// Whether image files can be mounted here; else the part is skipped.
    func canLoop(_ part: String) -> Bool {
        guard canMount(part) else { return false }
        guard unsafe access("/dev/loop-control", R_OK | W_OK) == 0 else {
            skip("\(part): no loop devices here (/dev/loop-control)")
            return false
        }
        return true
    }
}
