// One table of a group while it is read: where each column is, and the last value of each column, for
// every key, which an empty line repeats.

import Values
import WAL

/// One column while it is read.
struct ColumnReader {
    var cursor: Int
    var end: Int
    /// No backslash and no star in it: every line is a value as it stands.
    var isPlain: Bool
}

/// What a table's rows are.
enum TableSubject {
    case command(Command, CallForm)
    case anyName(CallForm)
    case record(UInt16)
    case list
}

/// One table while it is read. A class, so that the tables can be kept in an array and each changed
/// in place.
@safe final class TableReader {
    let subject: TableSubject
    let rowCount: Int
    let key: Int
    let width: Int
    var rowsRead = 0
    var keys = KeyTable()
    var lastKeySlot = -1
    /// `width` of them.
    let columns: UnsafeMutablePointer<ColumnReader>
    /// The last values, `width` for each of `slotCapacity` slots.
    private(set) var last: UnsafeMutablePointer<Piece>
    private(set) var slotCapacity = 0

    init(subject: TableSubject, rowCount: Int, key: Int, columns source: [ColumnReader]) {
        self.subject = subject
        self.rowCount = rowCount
        self.key = key
        width = source.count
        unsafe columns = .allocate(capacity: max(1, width))
        for index in source.indices { unsafe (columns + index).initialize(to: source[index]) }
        unsafe last = .allocate(capacity: 1)
        makeRoom(slot: 0)
    }

    deinit {
        unsafe columns.deallocate()
        unsafe last.deallocate()
    }

    /// Gives the slots up to `slot` their place; `last` may move.
    func makeRoom(slot: Int) {
        guard slot >= slotCapacity else { return }
        let larger = max(slot + 1, slotCapacity * 2)
        let moved = UnsafeMutablePointer<Piece>.allocate(capacity: larger * width + 1)
        unsafe moved.update(from: last, count: slotCapacity * width)
        unsafe (moved + slotCapacity * width).initialize(
            repeating: .none, count: (larger - slotCapacity) * width)
        unsafe last.deallocate()
        unsafe last = moved
        slotCapacity = larger
    }
}
