// From the game thread to the courier: a ring of messages in memory, written without a lock, a system
// call or an allocation, and read by one thread of ours.
//
// Why a ring and no lock: a courier that is descheduled while it holds a lock would stall the game.
// Why no bell either: ringing is a system call when the courier sleeps. The courier looks every
// 20 ms, one frame of the game.

import CPlatform

/// What the game thread asks of the courier.
enum Order: UInt32 {
    /// Padding at the ring's end; never handed out.
    case padding = 0
    /// `:SYS:INIT:`
    case initialise = 1
    /// `:STORAGE:INIT:`
    case openStorage
    /// `:MISSION:START:`, its two arguments as texts.
    case startMission
    /// `:MISSION:SAVE:`
    case saveMission
    /// `:SYS:LOG:`, all arguments as texts.
    case logLine
    /// Any call, name and arguments as texts, while the log level is `debug`.
    case logCall
    /// The first call that was not kept after one that was: the outcome's code as number.
    case notKept
    // Callbacks of the server side: the data as text; the number says how many bytes of it tell one
    // question from another (0: never replaced by a newer one).
    case askGate
    case askJoin
    case askAdmin
    /// An error for the log file.
    case problem
    /// For the hub's client: the number says what (`BB_ICOM_CONNECT` …), the texts are its arguments.
    case icom
}

/// One message, as the courier reads it.
struct Message {
    let order: Order
    /// Sequence number of the call, 0 when it was not kept.
    let sequence: UInt64
    /// The texts did not fit: some are cut, or all are missing.
    let isCut: Bool
    let texts: [[UInt8]]
}

/// The ring. One thread at a time may write (the game's, under the entry lock), one may read.
///
/// Invariants: `storage` holds `capacity` bytes, a power of two. `written` and `taken` count bytes
/// since the start, modulo 2^32; `written - taken <= capacity`. Bytes from `taken` to `written` are
/// whole messages and belong to the reader, the others to the writer. Every message begins at a
/// multiple of 8 and does not wrap.
@safe
struct Handover {
    /// A message's header: total bytes, order, payload bytes, texts and a flag, sequence number.
    private static let headerSize = 24
    private static let cutFlag: UInt32 = 0x8000_0000
    private let storage: UnsafeMutableRawPointer
    private let capacity: UInt32
    /// Bytes at the end of the free space that only orders may use, so that a flood of log lines never
    /// keeps a save from being seen.
    private let reserve: UInt32
    // On cache lines of their own: the two threads write one each.
    private let written: UnsafeMutableRawPointer
    private let taken: UnsafeMutableRawPointer

    /// `capacityBytes` must be a power of two and at least 64 KiB. All pages are touched here, so that
    /// the game thread never meets a fresh one.
    init(capacityBytes: Int) {
        precondition(
            capacityBytes >= 65_536 && capacityBytes & (capacityBytes - 1) == 0
                && capacityBytes <= 1 << 30, "the ring's size must be a power of two")
        unsafe storage = .allocate(byteCount: capacityBytes + 128, alignment: 64)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: capacityBytes + 128)
        unsafe written = storage + capacityBytes
        unsafe taken = storage + capacityBytes + 64
        capacity = UInt32(capacityBytes)
        reserve = capacity / 4 * 3
    }

    func free() { unsafe storage.deallocate() }

    // MARK: the game's side

    /// Puts a message into the ring. `name` (may be nil) and the `count` texts at `texts` (which may be
    /// nil, as may each of them) are copied, in all at most `limit` bytes: what does not fit is cut
    /// off. False when there is no room: nothing was put.
    func offer(
        _ order: Order, sequence: UInt64, name: UnsafePointer<CChar>?,
        texts: UnsafePointer<UnsafePointer<CChar>?>?, count: Int, limit: Int, mayUseReserve: Bool
    ) -> Bool {
        let position = unsafe bb_load_relaxed_32(written)
        // Acquire: the reader is done with the bytes it gave back.
        let free = capacity &- (position &- (unsafe bb_load_acquire_32(taken)))
        let usable = mayUseReserve ? free : free > reserve ? free &- reserve : 0
        let offset = position & (capacity &- 1)
        let untilEnd = capacity &- offset
        let most = Self.headerSize + limit + 8
        // A message never wraps: when the ring's end is too near, padding fills it.
        let padding = Int(untilEnd) < most ? untilEnd : 0
        guard Int(usable) >= most + Int(padding) else { return false }
        if padding > 0 {
            unsafe (storage + Int(offset)).storeBytes(of: padding, as: UInt32.self)
            unsafe (storage + Int(offset) + 4).storeBytes(
                of: Order.padding.rawValue, as: UInt32.self)
        }
        let message = unsafe padding > 0 ? storage : storage + Int(offset)
        var filled = 0
        var textCount: UInt32 = 0
        var isCut = false
        if unsafe name != nil {
            unsafe isCut = !copy(name, to: message, &filled, limit)
            textCount = 1
        }
        if let texts = unsafe texts {
            var index = 0
            while index < count, !isCut {
                unsafe isCut = !copy(texts[index], to: message, &filled, limit)
                textCount &+= 1
                index &+= 1
            }
        }
        let total = UInt32(truncatingIfNeeded: (Self.headerSize + filled + 7) & ~7)
        unsafe message.storeBytes(of: total, as: UInt32.self)
        unsafe (message + 4).storeBytes(of: order.rawValue, as: UInt32.self)
        unsafe (message + 8).storeBytes(
            of: UInt32(truncatingIfNeeded: filled), as: UInt32.self)
        unsafe (message + 12).storeBytes(
            of: textCount | (isCut ? Self.cutFlag : 0), as: UInt32.self)
        unsafe (message + 16).storeBytes(of: sequence, as: UInt64.self)
        // Release: publishes the message's bytes to the courier.
        unsafe bb_store_release_32(written, position &+ padding &+ total)
        return true
    }

    /// Copies a text and its NUL behind what is filled; false when it was cut (its NUL is then there,
    /// too: one byte is always kept for it).
    private func copy(
        _ text: UnsafePointer<CChar>?, to message: UnsafeMutableRawPointer, _ filled: inout Int,
        _ limit: Int
    ) -> Bool {
        let room = limit &- filled
        guard room > 0 else { return false }
        let target = unsafe message + Self.headerSize + filled
        guard let text = unsafe text else {
            unsafe target.storeBytes(of: 0, as: UInt8.self)
            filled &+= 1
            return true
        }
        let copied = unsafe Int(bb_copy_text(target, text, UInt64(room)))
        if copied > 0 {
            filled &+= copied
            return true
        }
        // Longer than the room: what fits of it, and a NUL.
        unsafe target.copyMemory(from: text, byteCount: room &- 1)
        unsafe (target + room - 1).storeBytes(of: 0, as: UInt8.self)
        filled &+= room
        return false
    }

    // MARK: the courier's side

    /// Takes the oldest message out, nil when there is none.
    func take() -> Message? {
        while true {
            let position = unsafe bb_load_relaxed_32(taken)
            // Acquire: the message's bytes were written before the count that announces them.
            guard unsafe bb_load_acquire_32(written) != position else { return nil }
            let message = unsafe storage + Int(position & (capacity &- 1))
            let total = unsafe message.load(as: UInt32.self)
            let number = unsafe (message + 4).load(as: UInt32.self)
            guard let order = Order(rawValue: number), order != .padding else {
                // Release: gives the bytes back.
                unsafe bb_store_release_32(taken, position &+ total)
                continue
            }
            let filled = unsafe Int((message + 8).load(as: UInt32.self))
            let flags = unsafe (message + 12).load(as: UInt32.self)
            let sequence = unsafe (message + 16).load(as: UInt64.self)
            let payload = unsafe UnsafeRawBufferPointer(
                start: message + Self.headerSize, count: filled)
            var texts: [[UInt8]] = []
            texts.reserveCapacity(Int(flags & ~Self.cutFlag))
            var start = 0
            for index in 0..<filled where unsafe payload[index] == 0 {
                unsafe texts.append([UInt8](payload[start..<index]))
                start = index + 1
            }
            unsafe bb_store_release_32(taken, position &+ total)
            return Message(
                order: order, sequence: sequence, isCut: flags & Self.cutFlag != 0, texts: texts)
        }
    }
}
