// What we tell the game on our own: queued by the courier, handed to the engine's callback in order,
// again a little later when its buffer is full. docs/formats/plugin.md, "Callbacks".

import CPlatform
import Synchronization
import Values

/// The engine's callback: name, function, data; free places left, or negative when it took nothing.
typealias GameCallback =
    @convention(c) (
        UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
    ) -> Int32

/// The function pointer that the game registered: stored by a thread of the game, read by the courier.
final class CallbackSlot: Sendable {
    /// The pointer's bits, 0 when there is none.
    private let bits = Atomic<UInt>(0)

    func set(_ callback: GameCallback?) {
        // Release: what the game set up before is seen by the courier that calls it.
        bits.store(unsafe unsafeBitCast(callback, to: UInt.self), ordering: .releasing)
    }

    /// The pointer as a number, 0 when there is none.
    var number: UInt { bits.load(ordering: .acquiring) }

    var callback: GameCallback? {
        unsafe unsafeBitCast(bits.load(ordering: .acquiring), to: GameCallback?.self)
    }
}

/// A callback that waits.
struct WaitingCallback {
    let function: StaticString
    /// With its NUL.
    var data: [UInt8]
    /// How many bytes of the data tell one question from another; 0: it is no question.
    let key: Int

    func isSame(as other: WaitingCallback) -> Bool {
        guard key == other.key, unsafe function.utf8Start == other.function.utf8Start else {
            return false
        }
        // No key is longer than its data.
        return data.span.extracting(0..<key).elementsEqual(other.data.span.extracting(0..<key))
    }
}

/// The callbacks that wait. Owned by the courier.
struct CallbackQueue {
    /// The plug-in's name in every callback.
    static let name: StaticString = "ocap_recorder"
    /// More than this wait only when the game takes none for very long; the oldest go then.
    static let limit = 1_024
    /// Longest text of one element: the engine's limit for the whole is not known, 8 KiB is safe.
    static let textLimit = 3_000

    var waiting: [WaitingCallback] = []
    /// Callbacks that were given up because too many waited.
    private(set) var dropped = 0

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ function: StaticString, _ texts: [String]) {
        add(WaitingCallback(function: function, data: Self.data(texts), key: 0))
    }

    /// Adds a callback of the server side. With a `key`, an older one with the same function and the
    /// same first `key` bytes is the same question: it keeps its place and gets the newer data, and is
    /// never given up, so no question is lost, and as many wait as there are players at most.
    mutating func announce(_ function: StaticString, _ data: [UInt8], key: Int) {
        var ended = data
        ended.append(0)
        let new = WaitingCallback(function: function, data: ended, key: min(key, data.count))
        for index in waiting.indices where new.key > 0 && waiting[index].isSame(as: new) {
            waiting[index].data = new.data
            return
        }
        add(new)
    }

    private mutating func add(_ callback: WaitingCallback) {
        if waiting.count >= Self.limit, callback.key == 0 {
            for index in waiting.indices where waiting[index].key == 0 {
                waiting.remove(at: index)
                dropped += 1
                break
            }
        }
        waiting.append(callback)
    }

    /// Hands over as many as the game takes, in order.
    mutating func deliver(to slot: CallbackSlot) {
        guard !waiting.isEmpty, let callback = unsafe slot.callback else { return }
        var done = 0
        while done < waiting.count {
            let entry = waiting[done]
            // The engine copies the three texts before it returns.
            let free = unsafe entry.data.withUnsafeBytes { data in
                unsafe callback(
                    UnsafeRawPointer(Self.name.utf8Start).assumingMemoryBound(to: CChar.self),
                    UnsafeRawPointer(entry.function.utf8Start).assumingMemoryBound(to: CChar.self),
                    data.baseAddress?.assumingMemoryBound(to: CChar.self))
            }
            guard free >= 0 else { break }
            done += 1
        }
        waiting.removeFirst(done)
    }

    /// The texts as an SQF array of strings, with its NUL: `["a","b"]`, `[]` when there are none.
    static func data(_ texts: [String]) -> [UInt8] {
        var bytes = [UInt8](bytesOf: "[")
        for text in texts {
            if bytes.count > 1 { bytes.put(",") }
            bytes.put("\"")
            appendEscaped(text.bytes, to: &bytes)
            bytes.put("\"")
        }
        bytes.put("]\0")
        return bytes
    }

    /// Quotes and apostrophes doubled, brackets turned into parentheses: what the addon has always got.
    private static func appendEscaped(_ text: [UInt8], to bytes: inout [UInt8]) {
        for index in text.indices {
            let byte = text[index]
            // Never cut inside a character.
            if index >= textLimit, byte & 0xC0 != 0x80 { return }
            switch byte {
            case UInt8(ascii: "["): bytes.put("(")
            case UInt8(ascii: "]"): bytes.put(")")
            case 0: bytes.put(" ")
            default:
                bytes.append(byte)
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { bytes.append(byte) }
            }
        }
    }
}
