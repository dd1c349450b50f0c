import CPlatform
import Foundation
import Synchronization
import Testing

@testable import Extension

private func offer(
    _ ring: Handover, _ order: Order, _ sequence: UInt64 = 0, _ texts: [String] = [],
    limit: Int = 1_000, mayUseReserve: Bool = true
) -> Bool {
    withTexts(texts) { pointers in
        ring.offer(
            order, sequence: sequence, name: nil, texts: pointers, count: texts.count, limit: limit,
            mayUseReserve: mayUseReserve)
    }
}

@Test func messagesComeOutAsTheyWentIn() {
    let ring = Handover(capacityBytes: 65_536)
    defer { ring.free() }
    #expect(ring.take() == nil)
    #expect(offer(ring, .startMission, 7, ["one", "", "drei"]))
    #expect(offer(ring, .saveMission, 8, [], limit: 0))
    let first = ring.take()
    #expect(first?.order == .startMission)
    #expect(first?.sequence == 7)
    #expect(first?.texts.map { String(decoding: $0, as: UTF8.self) } == ["one", "", "drei"])
    #expect(first?.isCut == false)
    #expect(ring.take()?.order == .saveMission)
    #expect(ring.take() == nil)
}

@Test func whatIsLongerThanTheLimitIsCutAndSaysSo() {
    let ring = Handover(capacityBytes: 65_536)
    defer { ring.free() }
    #expect(offer(ring, .logLine, 0, ["abcdef", "ghi"], limit: 4))
    let message = ring.take()
    #expect(message?.isCut == true)
    #expect(message?.texts.map { String(decoding: $0, as: UTF8.self) } == ["abc"])
}

@Test func aFloodOfLinesLeavesRoomForOrders() {
    let ring = Handover(capacityBytes: 65_536)
    defer { ring.free() }
    var lines = 0
    while offer(ring, .logLine, 0, ["a line"], mayUseReserve: false) { lines += 1 }
    #expect(lines > 100)
    for number in 0..<500 { #expect(offer(ring, .saveMission, UInt64(number), [], limit: 0)) }
    for _ in 0..<lines { #expect(ring.take()?.order == .logLine) }
    for number in 0..<500 { #expect(ring.take()?.sequence == UInt64(number)) }
    #expect(ring.take() == nil)
}

@Test func theRingGoesAroundForEverWithoutMixingMessages() {
    let ring = Handover(capacityBytes: 65_536)
    defer { ring.free() }
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    print("seed \(seed)")
    var state = seed
    func next(_ limit: UInt64) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % limit)
    }
    var expected: [(UInt64, [String])] = []
    var sequence: UInt64 = 0
    for _ in 0..<20_000 {
        let texts = (0..<next(4)).map { _ in String(repeating: "x", count: next(900)) }
        if offer(ring, .logLine, sequence, texts, limit: 4_096) {
            expected.append((sequence, texts))
            sequence += 1
        }
        for _ in 0..<next(3) where !expected.isEmpty {
            let (number, wanted) = expected.removeFirst()
            let message = ring.take()
            #expect(message?.sequence == number)
            #expect(message?.texts.map { String(decoding: $0, as: UTF8.self) } == wanted)
        }
    }
}

/// What the reading thread of the next test sees.
private final class Reader: Sendable {
    let ring: SharedRing
    let inOrder = Atomic<Bool>(true)
    init(_ ring: SharedRing) { self.ring = ring }
}

/// `@unchecked Sendable`: the ring is made for one writing and one reading thread.
private final class SharedRing: @unchecked Sendable {
    let ring = Handover(capacityBytes: 65_536)
    let done = Atomic<Bool>(false)
    deinit { ring.free() }
}

@Test func oneThreadWritesWhileAnotherReads() {
    let shared = SharedRing()
    let reader = Reader(shared)
    let count: UInt64 = 100_000
    let thread = Thread { [reader] in
        var next: UInt64 = 0
        while next < count {
            guard let message = reader.ring.ring.take() else { continue }
            let text = String(next)
            if message.sequence != next
                || message.texts.first.map({ String(decoding: $0, as: UTF8.self) }) != text
            {
                reader.inOrder.store(false, ordering: .relaxed)
                break
            }
            next += 1
        }
        reader.ring.done.store(true, ordering: .releasing)
    }
    thread.start()
    var sequence: UInt64 = 0
    while sequence < count, !shared.done.load(ordering: .acquiring) {
        if offer(shared.ring, .logLine, sequence, [String(sequence)]) { sequence += 1 }
    }
    while !shared.done.load(ordering: .acquiring) { bb_thread_sleep_ns(1_000_000) }
    let isInOrder = reader.inOrder.load(ordering: .relaxed)
    #expect(isInOrder)
}
