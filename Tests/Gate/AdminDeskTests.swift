// Requests to the server's scripts: what is let through, what comes of it.

import Testing

@testable import Gate

@Suite struct AdminDeskTests {
    func desk(_ verbs: AdminVerb...) -> AdminDesk {
        var desk = AdminDesk()
        for verb in verbs { desk.allow(verb) }
        return desk
    }

    func request(_ verb: String, _ arguments: String...) -> AdminRequest {
        AdminRequest(Array(verb.utf8), arguments.map { Array($0.utf8) }, by: "script")
    }

    func text(_ reply: GateReply) -> String { String(decoding: reply.text, as: UTF8.self) }

    @Test func nothingIsAllowedUntilTheOwnerSaysSo() {
        var desk = desk()
        for verb in AdminVerb.allCases {
            #expect(desk.put(request(verb.word.description, "1"), at: 0).code == 3)
        }
        #expect(desk.put(request("format c:"), at: 0).code == 2)
        #expect(desk.news.allSatisfy { $0.status == .refused && $0.ticket == 0 })
        #expect(desk.news.count == AdminVerb.allCases.count + 1)
    }

    @Test func aRequestIsPutAndItsReportRecorded() {
        var desk = desk(.kick)
        #expect(desk.put(request("kick", "123", "Go away."), at: 0) == GateReply("1"))
        #expect(desk.news.map(\.status) == [.asked])
        #expect(desk.done([0x31], Array("ok".utf8), [0x21], at: 9_999) == GateReply("ok"))
        #expect(desk.news.last?.status == .done)
        #expect(desk.news.last?.text == [0x21])
        #expect(desk.done([0x31], Array("ok".utf8), [], at: 9_999).code == 2, "closed")
        #expect(desk.openCount == 0)
    }

    @Test func whatNobodyReportsIsUnansweredAfterTenSeconds() {
        var desk = desk(.lock)
        _ = desk.put(request("lock"), at: 0)
        desk.sweep(9_999)
        #expect(desk.openCount == 1)
        desk.sweep(10_000)
        #expect(desk.openCount == 0)
        #expect(desk.news.last?.status == .unanswered)
    }

    @Test func onlyDigitsAndHarmlessTextsGoThrough() {
        var now: Int64 = 0
        for (verb, arguments, isFine): (AdminVerb, [String], Bool) in [
            (.kick, ["1"], true), (.kick, ["12345678901234567890"], true),
            (.kick, ["123456789012345678901"], false), (.kick, [], false), (.kick, [""], false),
            (.kick, ["1a"], false), (.kick, ["-1"], false),
            (.kick, ["1", "Bye, all: 3 times!?_-"], true),
            (.kick, ["1", "a\"b"], false), (.kick, ["1", "a;b"], false),
            (.kick, ["1", "ж"], false),
            (.kick, ["1", String(repeating: "a", count: 101)], false),
            (.kick, ["1", "a", "b"], false), (.lock, ["1"], false), (.unban, ["1"], true),
            (.checkFile, ["1", "2"], true), (.checkFile, ["1", "2", "1"], true),
            (.checkFile, ["1"], false), (.checkFile, ["1", "x"], false), (.checkExe, ["1"], true),
            (.chat, ["1"], false), (.chat, ["1", "hello"], true), (.users, [], true),
        ] {
            var desk = desk(verb)
            now += 1000
            let reply = desk.put(
                AdminRequest(
                    Array(verb.word.description.utf8), arguments.map { Array($0.utf8) }, by: "rule"),
                at: now)
            #expect((reply.code == 0) == isFine, "\(verb) \(arguments)")
        }
    }

    @Test func twoASecondAndTenOpenAreTheMost() {
        var desk = desk(.kick)
        #expect(desk.put(request("kick", "1"), at: 0).code == 0)
        #expect(desk.put(request("kick", "2"), at: 0).code == 0)
        #expect(desk.put(request("kick", "3"), at: 999).code == 4)
        #expect(desk.put(request("kick", "1"), at: 999) == GateReply("1"), "asked for already")
        for number in 3...10 {
            #expect(desk.put(request("kick", String(number)), at: Int64(number) * 600).code == 0)
        }
        #expect(desk.put(request("kick", "11"), at: 9_000).code == 4)
        #expect(desk.put(request("kick", "11"), at: 10_000).code == 0)
    }

    @Test func whatCanNotBeUndoneIsAskedForTwice() {
        var desk = desk(.clearBans, .clearKicks)
        #expect(desk.put(request("clearBans"), at: 0) == GateReply("confirm 1", 1))
        #expect(text(desk.next([], at: 0)) == "")
        #expect(desk.put(request("clearKicks", "1"), at: 1).code == 5, "another command's ticket")
        #expect(desk.put(request("clearBans", "2"), at: 1).code == 5)
        #expect(desk.put(request("clearBans", "1"), at: 1) == GateReply("1"))
        #expect(desk.news.last?.status == .asked)
        #expect(desk.put(request("clearBans", "1"), at: 2).code == 5, "once is enough")
    }

    @Test func workCanBeFetchedOnceAndInOrder() {
        var desk = desk(.kick, .lock)
        _ = desk.put(request("kick", "7", "bye"), at: 0)
        _ = desk.put(request("lock"), at: 0)
        #expect(text(desk.next([], at: 1)) == "kick")
        #expect(text(desk.next(Array("id".utf8), at: 1)) == "7")
        #expect(text(desk.next(Array("text".utf8), at: 1)) == "bye")
        #expect(text(desk.next(Array("ticket".utf8), at: 1)) == "1")
        #expect(desk.done([0x31], Array("ok".utf8), [], at: 1).code == 0)
        #expect(text(desk.next([], at: 1)) == "lock")
        #expect(text(desk.next([], at: 1)) == "")
        #expect(desk.next(Array("id".utf8), at: 1).code == 2)
    }
}
