// What the server side writes: the JSON of a decision as the log keeps it (docs/formats/log.md), and
// the data of callbacks, an array as `parseSimpleArray` reads it (docs/server-events.md). All of it is
// appended to a buffer that is used again and again: a question that is repeated allocates nothing.

import Gate
import Values

/// Texts about decisions and questions.
enum ServerRecord {
    // MARK: the log

    /// A gate's decision when it was told to the player.
    static func json(_ player: GateEntry, _ text: inout [UInt8]) {
        text.put("{\"of\":\"gate\",\"id\":")
        text.put(json: player.id)
        add("uid", player.uid, &text)
        add("name", player.name, &text)
        text.put(key: "result")
        text.put(quoted: player.isAccepted ? "accept" : "refuse")
        add("reason", player.reason, &text)
        text.put(key: "by")
        text.put(quoted: player.decidedBy.word)
        add("rule", player.rule, &text)
        text.put(key: "wait")
        text.put(seconds: player.wait)
        text.put(key: "polls")
        text.put(number: Int64(player.polls))
        text.put("}")
    }

    /// A step of an admin command.
    static func json(_ request: AdminRequest, _ text: inout [UInt8]) {
        text.put("{\"of\":\"admin\",\"ticket\":")
        text += request.ticketText
        text.put(key: "request")
        text += request.words
        text.put(key: "by")
        text.put(quoted: request.asker)
        text.put(key: "status")
        text.put(quoted: request.status)
        add("text", request.text, &text)
        text.put("}")
    }

    /// Left out when it is empty.
    private static func add(_ key: StaticString, _ value: [UInt8], _ text: inout [UInt8]) {
        guard !value.isEmpty else { return }
        text.put(key: key)
        text.put(json: value)
    }

    // MARK: callbacks

    /// `["ask","<id>",<wait>,<attempt>,"<uid>","<name>"]`; how many bytes of it name the player.
    static func ask(_ player: GateEntry, _ text: inout [UInt8]) -> Int {
        text.put("[\"ask\",")
        putQuoted(player.id, &text)
        let key = text.count
        putWait(player, &text)
        text.put(",")
        putQuoted(player.uid, &text)
        text.put(",")
        putQuoted(player.name, &text)
        text.put("]")
        return key
    }

    /// The callback of the wiki's own example: `joinRequest`, `["<id>",<wait>]`. An assumption: the parameters
    /// of `onPlayerJoinAttempt` under the name of the function, which no source confirms. A script that was
    /// written for the example shows what it wants by what it does with `_this` in its `ExtensionCallback`;
    /// what it gets, `diag_log _this` there writes into the game's report file. If it is something else,
    /// only these two have to change.
    static var joinFunction: StaticString { "joinRequest" }

    /// See `joinFunction`; how many bytes of it name the player.
    static func join(_ player: GateEntry, _ text: inout [UInt8]) -> Int {
        text.put("[")
        putQuoted(player.id, &text)
        let key = text.count
        text.put(",")
        text.put(seconds: player.wait)
        text.put("]")
        return key
    }

    /// `["left","<id>",<wait>,<attempt>]`
    static func left(_ player: GateEntry, _ text: inout [UInt8]) {
        text.put("[\"left\",")
        putQuoted(player.id, &text)
        putWait(player, &text)
        text.put("]")
    }

    /// `["expired","<id>","<answer>"]`
    static func expired(_ player: GateEntry, _ text: inout [UInt8]) {
        text.put("[\"expired\",")
        putQuoted(player.id, &text)
        text.put(",\"")
        // A reason was cleaned: nothing in it needs a second quote.
        let answer = player.answer
        text.put(answer.word)
        text += answer.reason
        text.put("\"]")
    }

    /// `["<ticket>","<verb>","<argument>",…]`
    static func admin(_ request: AdminRequest, _ text: inout [UInt8]) {
        text.put("[\"")
        text += request.ticketText
        text.put("\",")
        // The list of words goes on where the ticket ends.
        for index in request.words.indices where index > 0 { text.append(request.words[index]) }
    }

    private static func putWait(_ player: GateEntry, _ text: inout [UInt8]) {
        text.put(",")
        text.put(seconds: player.wait)
        text.put(",")
        text.put(number: Int64(player.sequence))
    }

    /// Quotes doubled, control characters turned into spaces, what is not UTF-8 mended.
    @inline(never)
    private static func putQuoted(_ value: [UInt8], _ text: inout [UInt8]) {
        text.put("\"")
        var index = text.count
        UTF8Text.appendRepaired(value.span, to: &text)
        while index < text.count {
            if text[index] < 0x20 { text[index] = 0x20 }
            if text[index] == UInt8(ascii: "\"") {
                text.insert(UInt8(ascii: "\""), at: index)
                index += 1
            }
            index += 1
        }
        text.put("\"")
    }
}
