// The document while it is written: a window of bytes in memory, and the file behind it.

import Values

/// Where the JSON is put. Whoever puts calls `passOn` often enough that the window stays small.
struct Document: ~Copyable {
    /// Bytes that have not gone to the file yet.
    var window: [UInt8] = []
    private let file: DocumentFile

    init(_ file: DocumentFile) {
        self.file = file
        window.reserveCapacity(2 * DocumentFile.blockBytes)
    }

    /// Gives full blocks to the file.
    @inline(__always)
    mutating func passOn() throws(ReplayError) {
        if window.count >= DocumentFile.blockBytes { try file.write(&window) }
    }

    /// Puts the same bytes `count` times, with a comma in front of each but the first of an array.
    mutating func put(
        _ element: Span<UInt8>, count: Int, isFirst: inout Bool
    ) throws(ReplayError) {
        var left = count
        while left > 0 {
            if !isFirst { window.append(UInt8(ascii: ",")) }
            isFirst = false
            window.append(contentsOf: element)
            try passOn()
            left -= 1
        }
    }

    /// Gives everything to the file and ends it.
    mutating func finish() throws(ReplayError) {
        try file.write(&window, last: true)
        try file.finish()
    }
}
