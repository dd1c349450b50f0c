// The spill store and the sorter: what goes in comes out, in order, whatever the memory.

import Testing

@testable import Replay

private struct Random {
    var state: UInt64

    mutating func next(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }
}

/// A record that tells which one it is.
private func fill(_ record: inout ByteBuffer, stream: Int, number: Int, size: Int) {
    record.clear()
    record.put(varint: UInt64(size))
    for index in 0..<size { record.put(UInt8(truncatingIfNeeded: stream &+ number &* 7 &+ index)) }
}

@Suite struct SpillStoreTests {
    @Test(arguments: [64 << 20, 100_000, 2_000, 0])
    func everyStreamGivesItsRecordsBackInOrder(_ memoryBytes: Int) throws {
        let seed: UInt64 = 20_260_308
        print("seed \(seed)")
        let folder = try TestFolder()
        var random = Random(state: seed)
        var store = SpillStore(folder: folder.path, memoryBytes: memoryBytes)
        var sizes: [[Int]] = []
        for _ in 0..<40 {
            let stream = store.makeStream()
            #expect(stream == sizes.count)
            sizes.append([])
        }
        var record = ByteBuffer()
        for _ in 0..<10_000 {
            let stream = Int(random.next(40))
            // Now and then a record that is larger than a chunk.
            let size = random.next(500) == 0 ? 20_000 : Int(random.next(60))
            fill(&record, stream: stream, number: sizes[stream].count, size: size)
            sizes[stream].append(size)
            try store.append(record, to: stream)
        }
        // Reading and writing may alternate.
        for round in 0..<2 {
            for stream in sizes.indices {
                var number = 0
                var chunk = ByteBuffer()
                for place in 0..<store.chunkCount(of: stream) {
                    try store.read(chunk: place, of: stream, into: &chunk)
                    var cursor = ByteCursor(chunk.bytes)
                    while !cursor.isAtEnd {
                        let size = Int(cursor.varint())
                        try #require(size == sizes[stream][number])
                        var isSame = true
                        for index in 0..<size {
                            let wanted = UInt8(
                                truncatingIfNeeded: stream &+ number &* 7 &+ index)
                            isSame = cursor.byte() == wanted && isSame
                        }
                        let isGood = isSame && cursor.isValid
                        #expect(isGood)
                        number += 1
                    }
                }
                #expect(number == sizes[stream].count)
                if round == 0 {
                    fill(&record, stream: stream, number: number, size: 5)
                    sizes[stream].append(5)
                    try store.append(record, to: stream)
                }
            }
        }
        #expect((store.spilledBytes > 0) == (memoryBytes < 1 << 20))
        #expect(folder.replays.isEmpty)
    }

    @Test func theSpillFileHasNoName() throws {
        let folder = try TestFolder()
        var store = SpillStore(folder: folder.path, memoryBytes: 0)
        let stream = store.makeStream()
        var record = ByteBuffer()
        for number in 0..<400 {
            fill(&record, stream: 0, number: number, size: 8000)
            try store.append(record, to: stream)
        }
        #expect(store.spilledBytes > 3 << 20)
        #expect(folder.names.filter { $0 != ".blackbox-replays" }.isEmpty)
    }

    @Test func anEmptiedStreamBeginsAnew() throws {
        let folder = try TestFolder()
        for memoryBytes in [0, 1 << 20] {
            var store = SpillStore(folder: folder.path, memoryBytes: memoryBytes)
            let stream = store.makeStream()
            var record = ByteBuffer()
            record.put(1)
            for _ in 0..<20_000 { try store.append(record, to: stream) }
            store.empty(stream)
            #expect(store.chunkCount(of: stream) == 0)
            record.put(2)
            try store.append(record, to: stream)
            var chunk = ByteBuffer()
            try store.read(chunk: 0, of: stream, into: &chunk)
            var bytes: [UInt8] = []
            chunk.append(to: &bytes)
            #expect(bytes == [1, 2])
        }
    }

    @Test(arguments: [64 << 20, 5_000, 0])
    func eventsComeOutSorted(_ limitBytes: Int) throws {
        let seed: UInt64 = 11
        print("seed \(seed)")
        let folder = try TestFolder()
        var random = Random(state: seed)
        var store = SpillStore(folder: folder.path, memoryBytes: 10_000)
        var sorter = EventSorter(limitBytes: limitBytes)
        var expected: [EventKey] = []
        var record = ByteBuffer()
        for order in 0..<3_000 {
            let key = EventKey(
                frame: UInt32(random.next(300)), group: UInt8(random.next(6)), order: UInt64(order))
            expected.append(key)
            record.clear()
            for _ in 0..<random.next(30) { record.put(UInt8(truncatingIfNeeded: order)) }
            try sorter.add(key, record, store: &store)
        }
        expected.sort()
        var found: [EventKey] = []
        try sorter.drain(store: &store) { (key, bytes) throws(ReplayError) in
            found.append(key)
            for index in bytes.indices {
                if bytes[index] != UInt8(truncatingIfNeeded: key.order) {
                    Issue.record("bytes of another event")
                }
            }
        }
        #expect(found == expected)
    }

    @Test func damagedRecordsReadAsZerosAndSaySo() {
        let bytes: [UInt8] = [0x80, 0x80]
        var cursor = ByteCursor(bytes.span)
        let varint = cursor.varint()
        #expect(varint == 0)
        let isValid = cursor.isValid
        #expect(!isValid)
        var short = ByteCursor(bytes.span)
        let number = short.number(UInt64.self)
        #expect(number == 0)
        let isGood = short.isValid || !short.isAtEnd
        #expect(!isGood)
    }
}
