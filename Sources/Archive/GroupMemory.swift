// Where a group's values lie while it is read: memory that grows, and pieces of it.

/// A value: where it stands and how long it is.
struct Piece {
    var offset: UInt32
    var count: UInt32
    static let none = Piece(offset: .max, count: .max)
}

/// Readable bytes behind every buffer, so that short values can be copied 16 bytes at a time.
private let slack = 32

/// Plain memory that grows and is freed with its owner.
@safe struct GroupBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity + slack)
        unsafe base.initialize(repeating: 0, count: capacity + slack)
    }

    deinit { unsafe base.deallocate() }

    /// Makes room for `extra` bytes behind `count`.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if count + extra > capacity { grow(extra) }
    }

    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + slack)
        unsafe moved.update(from: base, count: count)
        unsafe (moved + count).initialize(repeating: 0, count: larger + slack - count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }
}
