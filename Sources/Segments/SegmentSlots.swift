// The few segments that a running writer has in hand, and who may touch each: a table of slots whose
// states pass from thread to thread. No lock: a slot belongs to exactly one side at a time.
//
//     free ──preparer──▶ ready ──game──▶ current ──game──▶ full ──keeper──▶ saved ──sealer──▶ free

import CPlatform
import WAL

/// Whose turn it is with a slot.
enum SlotState {
    /// The preparer may fill it.
    static let free: UInt32 = 0
    /// Created, allocated, mapped: the game may switch to it.
    static let ready: UInt32 = 1
    /// The game appends; the keeper reads what is committed, the preparer touches pages ahead.
    static let current: UInt32 = 2
    /// The game has moved on; the keeper saves the rest.
    static let full: UInt32 = 3
    /// The keeper is done with it; the sealer syncs, seals and frees it.
    static let saved: UInt32 = 4
}

/// One segment in hand. Fields are written by whoever owns the slot by its state, before the state is
/// passed on with release ordering.
@unsafe
struct SegmentSlot {
    var base: UnsafeMutableRawPointer? = nil
    var size = 0
    var number: UInt32 = 0
    var file: Int64 = -1
    var guardSlot: Int32 = -1
    /// First sequence number, set by the game at the switch.
    var firstSequence: UInt64 = 0
}

/// The table.
///
/// Invariants: `count` slots and `count × 16` words live as long as this value; state, end and failed
/// words are only touched through the atomics below; a slot's fields follow the ownership above.
@safe
struct SegmentSlots: ~Copyable {
    static let count = 16
    private let slots: UnsafeMutablePointer<SegmentSlot>
    private let words: UnsafeMutablePointer<UInt32>

    init() {
        unsafe slots = .allocate(capacity: Self.count)
        unsafe slots.initialize(repeating: SegmentSlot(), count: Self.count)
        unsafe words = .allocate(capacity: Self.count * 16)
        unsafe words.initialize(repeating: 0, count: Self.count * 16)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe words.deallocate()
    }

    /// The slot of segment `number`: neighbours in the chain are neighbours in the table.
    @inline(__always)
    static func index(of number: UInt32) -> Int { Int(number) % count }

    @inline(__always)
    subscript(index: Int) -> SegmentSlot {
        get { unsafe slots[index] }
        nonmutating set { unsafe slots[index] = newValue }
    }

    @inline(__always)
    func setFirstSequence(_ index: Int, _ sequence: UInt64) {
        unsafe slots[index].firstSequence = sequence
    }

    @inline(__always)
    func state(_ index: Int) -> UInt32 { unsafe bb_load_acquire_32(words + index * 16) }

    @inline(__always)
    func pass(_ index: Int, to state: UInt32) {
        unsafe bb_store_release_32(words + index * 16, state)
    }

    /// Where the game's next record goes, bytes.
    @inline(__always)
    func end(_ index: Int) -> Int { unsafe Int(bb_load_acquire_32(words + index * 16 + 1)) &* 8 }

    @inline(__always)
    func publish(_ index: Int, end: Int) {
        unsafe bb_store_release_32(
            words + index * 16 + 1, UInt32(truncatingIfNeeded: end &>> 3))
    }

    /// Set by the fault handler when a page of the segment could not be had any more.
    @inline(__always)
    func hasFailed(_ index: Int) -> Bool { unsafe bb_load_acquire_32(words + index * 16 + 2) != 0 }

    func clearFailed(_ index: Int) { unsafe bb_store_release_32(words + index * 16 + 2, 0) }

    func failedWord(_ index: Int) -> UnsafeMutablePointer<UInt32> { unsafe words + index * 16 + 2 }
}

/// Words that the threads of a writer tell each other things through; each has one writing side.
///
/// Invariant: `words` lives as long as this value; all access is atomic.
@safe
struct SharedWords: ~Copyable {
    /// What each word is.
    enum Name: Int {
        /// Our threads shall end.
        case stop
        /// The preparer was refused a further segment (1): once nothing is ready, the game drops by
        /// priority and does not wait.
        case pressure
        /// An anchor is ready for the game to append (keeper sets, game clears).
        case anchor
        /// `KeeperState` bits.
        case keeperState
        /// The log takes no more calls.
        case closed
        /// Calls lost, low 32 bits, for the heartbeat.
        case lost
        /// Number of the current segment.
        case current
        /// Number of the segment whose pages the preparer touches at this moment, 0 for none.
        case touched
    }
    private let words: UnsafeMutablePointer<UInt32>

    init() {
        unsafe words = .allocate(capacity: 16 * 8)
        unsafe words.initialize(repeating: 0, count: 16 * 8)
    }

    deinit { unsafe words.deallocate() }

    /// Each word in a cache line of its own.
    @inline(__always)
    subscript(name: Name) -> UInt32 {
        get { unsafe bb_load_acquire_32(words + name.rawValue * 16) }
        nonmutating set { unsafe bb_store_release_32(words + name.rawValue * 16, newValue) }
    }
}

/// State bits of a writer's background work, as the heartbeat carries them.
public enum KeeperState {
    /// The tail file can't be written: what is new is not protected against a power cut.
    public static let tailFailing: UInt32 = 1
    /// No further segment can be had: the disk is full, or gone.
    public static let noSpace: UInt32 = 2
    /// A full segment could not be sealed.
    public static let sealFailing: UInt32 = 4
    /// The log was closed in order.
    public static let closed: UInt32 = 8
}
