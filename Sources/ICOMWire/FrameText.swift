// Frames as bytes: `type` first, then the fields in the order of docs/formats/icom.md, then LF.

import Values

/// Builds one line.
public struct FrameText: Sendable {
    /// The line so far; `line` ends it.
    private var bytes: [UInt8]

    /// A frame of that type, with room for `capacity` bytes.
    public init(_ type: FrameType, capacity: Int = 96) {
        bytes = []
        bytes.reserveCapacity(capacity)
        put("{\"type\":\"")
        put(type.word)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds a field whose value is JSON already.
    @inline(never)
    public mutating func add(_ field: FrameField, json: Span<UInt8>) {
        addKey(field.key)
        bytes.append(contentsOf: json)
    }

    /// Adds a text.
    @inline(never)
    public mutating func add(_ field: FrameField, text: [UInt8]) {
        addKey(field.key)
        bytes.appendJSONString(text.span)
    }

    /// Adds a text, or null.
    public mutating func add(_ field: FrameField, textOrNull text: [UInt8]?) {
        if let text {
            add(field, text: text)
        } else {
            add(field, literal: "null")
        }
    }

    /// Adds a word of JSON: null, true, a number.
    @inline(never)
    public mutating func add(_ field: FrameField, literal: StaticString) {
        addKey(field.key)
        put(literal)
    }

    /// Adds true or false.
    public mutating func add(_ field: FrameField, flag: Bool) {
        add(field, literal: flag ? "true" : "false")
    }

    /// Adds a list of texts.
    public mutating func add(_ field: FrameField, texts: [[UInt8]]) {
        addKey(field.key)
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.appendJSONString(text.span)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Adds a number under a key that is only ever written.
    public mutating func add(key: StaticString, number: Int) {
        addKey(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    @inline(never)
    private mutating func addKey(_ key: StaticString) {
        put(",\"")
        put(key)
        put("\":")
    }

    @inline(never)
    private mutating func put(_ text: StaticString) { bytes.append(contentsOf: text) }

    /// The whole line with its LF.
    public consuming func line() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(0x0A)
        return bytes
    }
}

extension FrameText {
    /// `ack`
    public static func ack(
        messageID: [UInt8]?, error: [UInt8]?, delivered: Int? = nil, confirms: Bool = false
    ) -> [UInt8] {
        var frame = FrameText(.ack)
        frame.add(.messageID, textOrNull: messageID)
        frame.add(.success, flag: error == nil)
        frame.add(.error, textOrNull: error)
        if let delivered { frame.add(key: "delivered", number: delivered) }
        if confirms { frame.add(.confirms, flag: true) }
        return frame.line()
    }

    /// `error`
    public static func error(_ message: [UInt8]) -> [UInt8] {
        var frame = FrameText(.error)
        frame.add(.message, text: message)
        return frame.line()
    }

    /// `register`
    public static func register(
        serverID: [UInt8], token: [UInt8]?, caps: [[UInt8]]
    ) -> [UInt8] {
        var frame = FrameText(.register)
        frame.add(.serverID, text: serverID)
        if let token { frame.add(.token, text: token) }
        if !caps.isEmpty {
            frame.add(.proto, literal: "1")
            frame.add(.caps, texts: caps)
        }
        return frame.line()
    }

    /// `event`; `data` is JSON already.
    public static func event(
        target: [UInt8], name: [UInt8], data: Span<UInt8>, messageID: [UInt8]? = nil,
        outbox: OutboxPlace? = nil
    ) -> [UInt8] {
        var frame = FrameText(.event, capacity: 160 + target.count + name.count + data.count)
        frame.add(.targetServer, text: target)
        frame.add(.eventName, text: name)
        frame.add(.data, json: data)
        if let messageID { frame.add(.messageID, text: messageID) }
        if let outbox { frame.add(.outbox, json: outbox.json.span) }
        return frame.line()
    }

    /// `broadcast`; `data` is JSON already.
    public static func broadcast(
        name: [UInt8], data: Span<UInt8>, messageID: [UInt8]? = nil
    ) -> [UInt8] {
        var frame = FrameText(.broadcast, capacity: 96 + name.count + data.count)
        frame.add(.eventName, text: name)
        frame.add(.data, json: data)
        if let messageID { frame.add(.messageID, text: messageID) }
        return frame.line()
    }

    /// The event that tells a sender what its receiver has.
    public static func confirmation(to server: [UInt8], _ place: OutboxPlace) -> [UInt8] {
        var frame = FrameText(.event, capacity: 192)
        frame.add(.targetServer, text: server)
        frame.addKey(FrameField.eventName.key)
        frame.bytes.append(UInt8(ascii: "\""))
        frame.put(EventName.confirmation)
        frame.bytes.append(UInt8(ascii: "\""))
        frame.add(.data, literal: "null")
        frame.add(.confirm, json: place.json.span)
        return frame.line()
    }

    /// A frame of a type without fields.
    public static func bare(_ type: FrameType) -> [UInt8] { FrameText(type, capacity: 24).line() }
}
