// Requests to the server's scripts: what is let through, what comes of it.

import Testing

@testable import Gate

@Suite struct AdminDeskTests {
    static let verbs = [
        "kick", "ban", "unban", "unkick", "clearBans", "clearKicks", "lock", "unlock", "checkFile",
        "checkExe", "users", "numberOfFiles", "chat", "shutdown", "restart",
    ]

    func desk(_ verbs: String...) -> AdminDesk {
        var desk = AdminDesk()
        for verb in verbs { #expect(desk.allow(Array(verb.utf8)).code == 0) }
        return desk
    }

    func request(_ verb: String, _ arguments: String...) -> AdminRequest {
        AdminRequest(([verb] + arguments).map { Array($0.utf8) }, by: "script")
    }

    func text(_ reply: GateReply) -> String { String(decoding: reply.text, as: UTF8.self) }

    /// The words that were recorded.
    func told(_ desk: borrowing AdminDesk) -> [String] { desk.news.map { $0.status.description } }

    @Test func nothingIsAllowedUntilTheOwnerSaysSo() {
        var desk = desk()
        for verb in Self.verbs { #expect(desk.put(request(verb, "1"), at: 0).code == 3) }
        for word in ["format c:", "", "kic", "kick:", "kick:iT", ";", "iT", "KICK"] {
            #expect(desk.put(request(word), at: 0).code == 2)
            #expect(desk.allow(Array(word.utf8)).code == 5)
        }
        #expect(told(desk).allSatisfy { $0 == "refused" })
        #expect(desk.news.allSatisfy { $0.ticket == 0 && !$0.isAsked })
        #expect(desk.news.count == Self.verbs.count + 8)
    }

    @Test func eachVerbIsAllowedByItself() {
        for verb in Self.verbs {
            var desk = desk(verb)
            for other in Self.verbs {
                let code = desk.put(request(other), at: 0).code
                #expect((code == 3) == (other != verb), "\(verb) \(other)")
            }
        }
    }

    @Test func aRequestIsPutAndItsReportRecorded() {
        for (word, status) in [
            ("ok", "ok"), ("fail", "fail"), ("unknown", "unknown"), ("", "unknown"),
        ] {
            var desk = desk("kick")
            let request = request("kick", "123", "Go away.")
            #expect(desk.put(request, at: 0) == GateReply("1"))
            #expect(told(desk) == ["asked"])
            #expect(desk.done([0x31], Array(word.utf8), [0x21], at: 9_999) == GateReply("ok"))
            #expect(request.status.description == status)
            #expect(request.text == [0x21])
            #expect(desk.news.count == 2)
            #expect(desk.done([0x31], Array("ok".utf8), [], at: 9_999).code == 2, "closed")
            #expect(desk.openCount == 0)
        }
    }

    @Test func whatNobodyReportsIsUnansweredAfterTenSeconds() {
        var desk = desk("lock", "unlock")
        let first = request("lock")
        _ = desk.put(first, at: 0)
        _ = desk.put(request("unlock"), at: 0)
        desk.sweep(9_999)
        #expect(desk.openCount == 2)
        desk.sweep(10_000)
        #expect(desk.openCount == 0)
        #expect(first.status.description == "unanswered")
        #expect(desk.news.count == 4)
        #expect(desk.done([0x31], Array("ok".utf8), [], at: 10_001).code == 2, "too late")
    }

    @Test func onlyDigitsAndHarmlessTextsGoThrough() {
        var now: Int64 = 0
        for (verb, arguments, isFine): (String, [String], Bool) in [
            ("kick", ["1"], true), ("kick", ["12345678901234567890"], true),
            ("kick", ["123456789012345678901"], false), ("kick", [], false),
            ("kick", [""], false), ("kick", ["1a"], false), ("kick", ["-1"], false),
            ("kick", ["1e5"], false), ("kick", [" 1"], false), ("kick", ["1", ""], true),
            ("kick", ["1", "Bye, all: 3 times!?_-"], true), ("kick", ["1", "a\"b"], false),
            ("kick", ["1", "a;b"], false), ("kick", ["1", "a'b"], false),
            ("kick", ["1", "a\nb"], false), ("kick", ["1", "#lock"], false),
            ("kick", ["1", "[x]"], false), ("kick", ["1", "ж"], false),
            ("kick", ["1", String(repeating: "a", count: 100)], true),
            ("kick", ["1", String(repeating: "a", count: 101)], false),
            ("kick", ["1", "a", "b"], false), ("lock", ["1"], false), ("unban", ["1"], true),
            ("unban", ["1", "x"], false), ("checkFile", ["1", "2"], true),
            ("checkFile", ["1", "2", "1"], true), ("checkFile", ["1"], false),
            ("checkFile", ["1", "x"], false), ("checkFile", ["1", "1234567"], false),
            ("checkExe", ["1"], true), ("checkExe", ["1", "0"], true), ("chat", ["1"], false),
            ("chat", ["1", "hello"], true), ("users", [], true), ("shutdown", ["1"], false),
        ] {
            var desk = desk(verb)
            now += 1000
            let request = AdminRequest(([verb] + arguments).map { Array($0.utf8) }, by: "rule")
            let code = desk.put(request, at: now).code
            #expect(code == (isFine ? 0 : 5), "\(verb) \(arguments)")
            #expect(request.isAsked == isFine)
        }
    }

    @Test func aRequestIsARepeatForHalfAMinuteWhenItWasPutAndNotWhenTheDeskWasBusy() {
        var desk = desk("kick")
        for user in ["1", "2", "3"] { _ = desk.put(request("kick", user), at: 0) }
        func isRepeated(_ user: String, _ now: Int64) -> Bool {
            desk.isRepeated(request("kick", user), at: now)
        }
        #expect(isRepeated("1", 29_999) && isRepeated("2", 29_999), "several at once")
        #expect(!isRepeated("3", 1), "it was busy")
        #expect(!isRepeated("1", 30_000))
        for user in 10..<26 { _ = desk.put(request("kick", String(user)), at: Int64(user) * 1000) }
        #expect(!isRepeated("1", 25_000), "bounded")
        #expect(isRepeated("10", 25_000) && isRepeated("25", 25_000))
    }

    @Test func twoASecondAndTenOpenAreTheMost() {
        var desk = desk("kick")
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
        var desk = desk("clearBans", "clearKicks")
        #expect(desk.put(request("clearBans"), at: 0) == GateReply("confirm 1", 1))
        #expect(text(desk.next([0x30], at: 0)) == "")
        #expect(desk.done([0x31], Array("ok".utf8), [], at: 0).code == 2, "not asked yet")
        #expect(desk.put(request("clearKicks", "1"), at: 1).code == 5, "another command's ticket")
        #expect(desk.put(request("clearBans", "2"), at: 1).code == 5)
        #expect(desk.put(request("clearBans", "1"), at: 1) == GateReply("1"))
        #expect(desk.news.last?.isAsked == true)
        #expect(desk.put(request("clearBans", "1"), at: 2).code == 5, "once is enough")
        _ = desk.put(request("clearKicks"), at: 1_000)
        desk.sweep(11_000)
        #expect(desk.put(request("clearKicks", "2"), at: 11_000).code == 5, "too late")
    }

    @Test func workCanBeFetchedOnceAndInOrder() {
        var desk = desk("kick", "lock")
        func fetch(_ part: String) -> String { text(desk.next(Array(part.utf8), at: 1)) }
        #expect(fetch("0") == "" && fetch("1") == "", "there is nothing")
        _ = desk.put(request("kick", "7", "bye"), at: 0)
        _ = desk.put(request("lock"), at: 0)
        #expect(
            ["0", "1", "2", "3", "-1", "99999999999999999999"].map(fetch)
                == ["kick", "7", "bye", "", "kick", "1"])
        #expect(fetch("ticket") == "1")
        #expect(desk.done([0x31], Array("ok".utf8), [], at: 1).code == 0)
        #expect(fetch("0") == "lock")
        #expect(fetch("0") == "")
        #expect(fetch("1") == "", "nothing is under way")
    }

    @Test func aServerEventAsksOnlyForWhatTakesAnID() {
        let fine = ["kick", "ban", "unban", "unkick", "checkExe", "numberOfFiles"]
        for verb in Self.verbs {
            #expect(
                (AdminDesk.takesID(Array(verb.utf8)).code == 0) == fine.contains(verb), "\(verb)")
        }
        #expect(AdminDesk.takesID([]).code == 5)
    }
}
