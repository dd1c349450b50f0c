// What the server side writes: the JSON of a decision as the log keeps it (docs/formats/log.md), and
// the data of callbacks, an array as `parseSimpleArray` reads it (docs/server-events.md).

import Gate
import Values

/// Texts about decisions and questions.
enum ServerRecord {
    // MARK: the log

    /// A gate's decision when it was told to the player.
    static func json(_ player: GateEntry) -> [UInt8] {
        var text = [UInt8](bytesOf: "{\"of\":\"gate\",\"id\":")
        text.put(json: player.id)
        add(",\"uid\":", player.uid, &text)
        add(",\"name\":", player.name, &text)
        text.put(player.isAccepted ? ",\"result\":\"accept\"" : ",\"result\":\"refuse\"")
        add(",\"reason\":", player.reason, &text)
        text.put(",\"by\":")
        text.put(quoted: player.decidedBy.word)
        text.put(",\"wait\":")
        text.put(seconds: player.wait)
        text.put(",\"polls\":")
        text.put(number: Int64(player.polls))
        text.put("}")
        return text
    }

    /// A step of an admin command.
    static func json(_ request: AdminRequest) -> [UInt8] {
        var text = [UInt8](bytesOf: "{\"of\":\"admin\",\"ticket\":")
        text += request.ticketText
        text.put(",\"request\":")
        text += request.words
        text.put(",\"by\":")
        text.put(quoted: request.asker)
        text.put(",\"status\":")
        text.put(quoted: request.status)
        add(",\"text\":", request.text, &text)
        text.put("}")
        return text
    }

    /// Left out when it is empty.
    private static func add(_ key: StaticString, _ value: [UInt8], _ text: inout [UInt8]) {
        guard !value.isEmpty else { return }
        text.put(key)
        text.put(json: value)
    }

    // MARK: callbacks

    /// `["ask","<id>",<wait>,<attempt>,"<uid>","<name>"]`; the first `key` bytes name the player.
    static func ask(_ player: GateEntry) -> (text: [UInt8], key: Int) {
        var text = [UInt8](bytesOf: "[\"ask\",")
        putQuoted(player.id, &text)
        let key = text.count
        putWait(player, &text)
        text.put(",")
        putQuoted(player.uid, &text)
        text.put(",")
        putQuoted(player.name, &text)
        text.put("]")
        return (text, key)
    }

    /// As the wiki's own example has it: `["<id>",<wait>]`.
    static func join(_ player: GateEntry) -> (text: [UInt8], key: Int) {
        var text = [UInt8](bytesOf: "[")
        putQuoted(player.id, &text)
        let key = text.count
        text.put(",")
        text.put(seconds: player.wait)
        text.put("]")
        return (text, key)
    }

    /// `["left","<id>",<wait>,<attempt>]`
    static func left(_ player: GateEntry) -> [UInt8] {
        var text = [UInt8](bytesOf: "[\"left\",")
        putQuoted(player.id, &text)
        putWait(player, &text)
        text.put("]")
        return text
    }

    /// `["expired","<id>","<answer>"]`
    static func expired(_ player: GateEntry) -> [UInt8] {
        var text = [UInt8](bytesOf: "[\"expired\",")
        putQuoted(player.id, &text)
        text.put(",")
        putQuoted(player.answer.text, &text)
        text.put("]")
        return text
    }

    /// `["<ticket>","<verb>","<argument>",…]`
    static func admin(_ request: AdminRequest) -> [UInt8] {
        var text = [UInt8](bytesOf: "[\"")
        text += request.ticketText
        text.put("\",")
        // The list of words goes on where the ticket ends.
        for index in request.words.indices where index > 0 { text.append(request.words[index]) }
        return text
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
        var mended: [UInt8] = []
        UTF8Text.appendRepaired(value.span, to: &mended)
        text.put("\"")
        for byte in mended {
            text.append(byte < 0x20 ? 0x20 : byte)
            if byte == UInt8(ascii: "\"") { text.append(byte) }
        }
        text.put("\"")
    }
}
