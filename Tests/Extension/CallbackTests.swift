import Synchronization
import Testing

@testable import Extension

/// A callback of the game with a buffer of few places: C functions have no context, so it is global,
/// and the tests that use it run one at a time.
private enum FakeGame {
    static let free = Atomic<Int>(0)
    static let taken = Mutex<[String]>([])

    static let callback: GameCallback = { name, function, data in
        guard let name, let function, let data else { return -1 }
        let places = FakeGame.free.load(ordering: .relaxed)
        guard places > 0 else { return -1 }
        FakeGame.free.store(places - 1, ordering: .relaxed)
        FakeGame.taken.withLock {
            $0.append(String(cString: name) + String(cString: function) + String(cString: data))
        }
        return Int32(places - 1)
    }
}

private func data(_ texts: [String]) -> String {
    String(
        decoding: CallbackQueue.data(texts).dropLast(), as: UTF8.self)
}

@Test func dataIsAnArrayOfEscapedStrings() {
    #expect(data([]) == "[]")
    #expect(data(["a", "b"]) == #"["a","b"]"#)
    #expect(data([#"it's "x" [y]"#]) == #"["it''s ""x"" (y)"]"#)
    #expect(data([#"C:\a\b"#, ""]) == #"["C:\a\b",""]"#)
    #expect(data(["a\0b"]) == #"["a b"]"#)
}

@Test func aLongTextIsCutBetweenCharacters() {
    let text = String(repeating: "€", count: 4_000)
    let got = data([text]).dropFirst(2).dropLast(2)
    #expect(got.utf8.count <= CallbackQueue.textLimit + 2)
    #expect(text.hasPrefix(got))
    #expect(!got.isEmpty)
}

@Suite(.serialized) struct CallbackDelivery {
    @Test func aFullBufferKeepsTheOrderAndLosesNothing() {
        FakeGame.taken.withLock { $0.removeAll() }
        let slot = CallbackSlot()
        slot.set(FakeGame.callback)
        var queue = CallbackQueue()
        for number in 0..<10 { queue.add(":X:", [String(number)]) }
        for places in [0, 3, 0, 1, 100] {
            FakeGame.free.store(places, ordering: .relaxed)
            queue.deliver(to: slot)
        }
        #expect(queue.isEmpty)
        #expect(
            FakeGame.taken.withLock { $0 }
                == (0..<10).map { "ocap_recorder:X:[\"\($0)\"]" })
    }

    @Test func withoutACallbackTheyWaitAndTheOldestGoAtTheLimit() {
        FakeGame.taken.withLock { $0.removeAll() }
        let slot = CallbackSlot()
        var queue = CallbackQueue()
        for number in 0..<CallbackQueue.limit + 5 { queue.add(":X:", [String(number)]) }
        queue.deliver(to: slot)
        #expect(queue.dropped == 5)
        slot.set(FakeGame.callback)
        FakeGame.free.store(1, ordering: .relaxed)
        queue.deliver(to: slot)
        #expect(FakeGame.taken.withLock { $0 } == ["ocap_recorder:X:[\"5\"]"])
        slot.set(nil)
        queue.deliver(to: slot)
        #expect(!queue.isEmpty)
    }
}
