// The disk of the logs: what it promises, how much is free, and how long that lasts.

import Archive
import CPlatform
import Extension
import Segments

extension Examination {
    /// When no log tells: an hour of a busy mission of 100 players.
    private static let assumedBytesPerHour: Double = 200 * 1024 * 1024
    /// A log shorter than this tells nothing of an hour.
    private static let shortestSeconds: Int64 = 600

    mutating func checkDisk() {
        let folder = Self.nearest(logDir)
        checkFilesystem(folder)
        checkSpace(folder)
    }

    private mutating func checkFilesystem(_ folder: String) {
        let kind = Self.filesystem(folder)
        switch kind {
        case "ext4", "xfs", "btrfs", "f2fs":
            add(
                "filesystem", .ok,
                "\(kind): what returned survives a kill, and a power cut but for the last "
                    + "\(settings.keeperIntervalMilliseconds) ms")
        case "zfs":
            add(
                "filesystem", .note,
                "zfs: as promised, but that space can't be set aside: see that the pool is not full"
            )
        case "tmpfs":
            add(
                "filesystem", .warning,
                "tmpfs: the logs survive a kill of the server, and not a restart of the machine",
                "give blackbox.logDir a folder on a disk")
        case "overlay":
            add(
                "filesystem", .warning,
                "overlay: the logs go with the container",
                "give blackbox.logDir a folder on a volume")
        case "nfs", "fuse", "0xff534d42", "0xfe534d42":
            add(
                "filesystem", .warning,
                "\(kind): a filesystem behind a network or a program may make the server wait",
                "give blackbox.logDir a folder on a disk of this machine")
        default:
            add(
                "filesystem", .note,
                "\(kind): not among those that were tried (ext4, xfs, btrfs)")
        }
    }

    private static func filesystem(_ folder: String) -> String {
        var length: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_path_filesystem(folder, $0.baseAddress, 64)
            }
            count = Int(max(0, length))
        }
        return length > 0 ? String(decoding: bytes, as: UTF8.self) : "an unknown filesystem"
    }

    private mutating func checkSpace(_ folder: String) {
        let free = unsafe bb_path_free_bytes(folder)
        guard free >= 0 else {
            add("space", .error, "\(folder): \(LogError.reason(Int32(-free), to: .read))")
            return
        }
        let rate = bytesPerHour()
        let hours = Double(free) / (rate ?? Self.assumedBytesPerHour)
        let text =
            Words.bytes(UInt64(free)) + " free: about "
            + Words.count(UInt64(min(hours, 1e9))) + " hours of recording"
            + (rate == nil ? ", as far as can be told without a log" : "")
        // Two segments are always prepared.
        let least = Int64(settings.segmentMiB) << 21
        if free < least {
            add(
                "space", .error, text + "; a new segment needs \(settings.segmentMiB) MiB",
                "make room, or give blackbox.logDir a larger disk")
        } else if UInt64(free) < UInt64(clamping: settings.minFreeMiB) << 20 {
            add(
                "space", .warning,
                text + "; blackbox.minFreeGB asks for "
                    + Words.bytes(UInt64(clamping: settings.minFreeMiB) << 20)
                    + ", and the oldest logs go for it",
                "make room, or lower blackbox.minFreeGB")
        } else if hours < 12 {
            add(
                "space", .warning, text,
                "make room, or lower blackbox.retentionGB, now "
                    + Words.bytes(UInt64(settings.retentionMiB) << 20))
        } else {
            add("space", .ok, text)
        }
    }

    /// What recording took in the newest logs that were long enough.
    private func bytesPerHour() -> Double? {
        var bytes: Double = 0
        var seconds: Double = 0
        for entry in ((try? LogList.find(logDir)) ?? []).reversed().prefix(20)
        where seconds < 86_400 {
            guard !entry.isLive, let source = try? LogSource.open(entry.path),
                let start = source.identity?.startWall
            else { continue }
            let standing = LogStanding(entry, logID: nil, needed: [])
            let length = standing.changed - start / 1_000_000_000
            guard length >= Self.shortestSeconds, length < 366 * 86_400 else { continue }
            var size = standing.byteCount
            for archive in source.archives {
                // What it was before it was packed: its arguments, and a quarter for the framing.
                guard let info = try? ArchiveReader.info(archive) else { continue }
                let arguments = info.figures.reduce(UInt64(0)) { $0 &+ $1.argumentBytes }
                size = size &- min(size, UInt64(info.fileBytes)) &+ arguments &+ arguments / 4
            }
            bytes += Double(size)
            seconds += Double(length)
        }
        return seconds > 0 && bytes > 0 ? bytes / seconds * 3600 : nil
    }
}
