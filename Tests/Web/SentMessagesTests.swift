// What is kept of a stream until the server has answered.

import Testing

@testable import Stream

@Suite struct SentMessagesTests {
    private func message(_ kind: StreamMessage.Kind, _ sequence: UInt64) -> StreamMessage {
        StreamMessage(kind: kind, text: Array("m\(sequence)".utf8), sequence: sequence)
    }

    private func sequences(_ sent: SentMessages) -> [UInt64] { sent.messages.map(\.sequence) }

    @Test func whatIsAnsweredIsForgottenBatchByBatch() {
        var sent = SentMessages()
        sent.add([message(.start, 1), message(.event, 2)], reached: 4)
        sent.add([message(.event, 5)], reached: 5)
        // A later batch may end at the same record.
        sent.add([message(.end, 5)], reached: 5)
        #expect(sequences(sent) == [1, 2, 5, 5])
        #expect(sent.settle(through: 0) == nil)
        #expect(sent.settle(through: 1) == 4)
        #expect(sent.settle(through: 2) == 5)
        #expect(sequences(sent) == [5])
        #expect(sent.newest == 3 && !sent.isEmpty)
    }

    @Test func theEndOfAMissionLeavesTheNextOnesMessages() {
        var sent = SentMessages()
        sent.add([message(.start, 1)], reached: 1)
        sent.begin(message(.start, 1))
        sent.add([message(.event, 2), message(.end, 3), message(.start, 3)], reached: 4)
        #expect(sent.start?.sequence == 1)
        sent.endMission()
        #expect(sent.start == nil)
        #expect(sent.messages.map(\.kind) == [.start])
        #expect(sent.settle(through: 2) == 4)
        #expect(sent.isEmpty)
    }

    @Test func anEndAtABatchsEndLeavesNothing() {
        var sent = SentMessages()
        sent.add([message(.start, 1)], reached: 1)
        sent.add([message(.end, 3)], reached: 4)
        sent.endMission()
        #expect(sent.isEmpty && !sent.isFull)
    }

    @Test func withTooMuchUnderWayAnswersAreWaitedFor() {
        var sent = SentMessages()
        let large = StreamMessage(
            kind: .event, text: [UInt8](repeating: 0x20, count: 4 << 20), sequence: 1)
        var count: UInt64 = 0
        while !sent.isFull {
            count += 1
            sent.add([large], reached: count)
        }
        #expect(count == 4)
        #expect(sent.settle(through: 1) == 1)
        #expect(!sent.isFull)
    }
}
