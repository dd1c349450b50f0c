// From the server's events to rows, the same for SQLite and PostgreSQL (docs/formats/database.md).
// `RowMapper` is the same for recordings.

import Mission
import Values

/// Makes the rows of one log's server side.
public struct ServerRowMapper: ~Copyable {
    private let logID: [UInt8]
    /// Admin commands that a script may still report on.
    private var open: [AdminCommand] = []
    private var json: [UInt8] = []

    /// What the records of one admin command say.
    private struct AdminCommand {
        var event: ServerEvent
        var ticket: Int64
        var record: JSONValue
        var status: [UInt8]
        var reply: [UInt8] = []
        var answered: Int64?
    }

    /// - Parameter logID: 16 bytes.
    public init(logID: [UInt8]) {
        self.logID = Array(RowMapper.logID(logID).utf8)
    }

    /// Writes what an event or a decision leaves in the tables.
    public mutating func receive<Target: RowTarget & ~Copyable>(
        _ event: ServerEvent, into target: inout Target
    ) throws(Target.Failure) {
        if event.decision.isEmpty { return try write(event, into: &target) }
        let record: JSONValue
        do throws(JSONError) {
            record = try JSONValue.parse(event.decision.span)
        } catch {
            // `ServerEventDecoder` lets no such record through.
            return
        }
        if event.name.span.elementsEqual("gate") { try write(event, record, into: &target) }
        if event.name.span.elementsEqual("admin") { try note(event, record, into: &target) }
    }

    /// The log is at its end: commands that nobody has reported on so far stand as they are.
    public mutating func finish<Target: RowTarget & ~Copyable>(
        into target: inout Target
    ) throws(Target.Failure) {
        for command in open { try write(command, into: &target) }
        open = []
    }

    // MARK: rows

    private mutating func write<Target: RowTarget & ~Copyable>(
        _ event: ServerEvent, into target: inout Target
    ) throws(Target.Failure) {
        let subject = event.subject
        begin(.serverEvents, event, &target)
        put(event.name, &target)
        put(subject, &target)
        putOrNull(event.id, &target)
        target.boolean(event.isExact)
        if event.candidates.isEmpty { target.null() } else { put(list: event.candidates, &target) }
        putOrNull(event.uid, &target)
        putOrNull(event.userName, &target)
        // A note has its subject in front, and says the kind of kick in words, too.
        let isNote = event.name != subject
        let isKick = subject.span.elementsEqual("kicked")
        target.integer(isKick ? integer(event, isNote ? 2 : 1) : nil)
        let isChat = subject.span.elementsEqual("chat")
        putOrNull(
            isKick ? text(event, isNote ? 4 : 2) : isChat ? text(event, isNote ? 2 : 1) : [],
            &target)
        putOrNull(event.file ?? [], &target)
        put(list: event.arguments, &target)
        putOrNull(event.mission, &target)
        try target.endRow()
    }

    private func write<Target: RowTarget & ~Copyable>(
        _ event: ServerEvent, _ record: JSONValue, into target: inout Target
    ) throws(Target.Failure) {
        begin(.gateDecisions, event, &target)
        putOrNull(event.id, &target)
        putOrNull(event.uid, &target)
        putOrNull(event.userName, &target)
        for key: StaticString in ["result", "reason", "by"] {
            putOrNull(Self.text(record.member(key)), &target)
        }
        let wait = Self.number(record.member("wait"))
        if let wait { target.real(wait) } else { target.null() }
        target.integer(Self.integer(record.member("polls")))
        putOrNull(event.mission, &target)
        putOrNull(Self.text(record.member("rule")), &target)
        try target.endRow()
    }

    /// The first record of a ticket begins its row, the others say how it went on.
    private mutating func note<Target: RowTarget & ~Copyable>(
        _ event: ServerEvent, _ record: JSONValue, into target: inout Target
    ) throws(Target.Failure) {
        let status = Self.text(record.member("status"))
        let reply = Self.text(record.member("text"))
        let ticket = Self.integer(record.member("ticket")) ?? 0
        guard ticket > 0 else {
            return try write(
                AdminCommand(event: event, ticket: 0, record: record, status: status, reply: reply),
                into: &target)
        }
        guard let place = open.firstIndex(where: { $0.ticket == ticket }) else {
            open.append(
                AdminCommand(
                    event: event, ticket: ticket, record: record, status: status, reply: reply))
            return
        }
        open[place].status = status
        open[place].reply = reply
        guard !status.span.elementsEqual("asked") else { return }
        open[place].answered = event.time
        try write(open.remove(at: place), into: &target)
    }

    private mutating func write<Target: RowTarget & ~Copyable>(
        _ command: AdminCommand, into target: inout Target
    ) throws(Target.Failure) {
        begin(.adminCommands, command.event, &target)
        target.integer(command.ticket > 0 ? command.ticket : nil)
        var words: [[UInt8]] = []
        if case .array(let values)? = command.record.member("request") {
            words = values.map { Self.text($0) }
        }
        put(words.first ?? [], &target)
        put(list: Array(words.dropFirst()), &target)
        putOrNull(Self.text(command.record.member("by")), &target)
        put(command.status, &target)
        putOrNull(command.reply, &target)
        if let time = command.answered { target.time(time) } else { target.null() }
        putOrNull(command.event.mission, &target)
        try target.endRow()
    }

    // MARK: values

    private func begin<Target: RowTarget & ~Copyable>(
        _ table: TableID, _ event: ServerEvent, _ target: inout Target
    ) {
        target.beginRow(table, replacing: true)
        target.text(logID.span)
        target.integer(event.sequence)
        target.time(event.time)
    }

    private func put<Target: RowTarget & ~Copyable>(_ text: [UInt8], _ target: inout Target) {
        guard !UTF8Text.isValid(text.span) else { return target.text(text.span) }
        var mended: [UInt8] = []
        UTF8Text.appendRepaired(text.span, to: &mended)
        target.text(mended.span)
    }

    private func putOrNull<Target: RowTarget & ~Copyable>(_ text: [UInt8], _ target: inout Target) {
        if text.isEmpty { target.null() } else { put(text, &target) }
    }

    private mutating func put<Target: RowTarget & ~Copyable>(
        list texts: [[UInt8]], _ target: inout Target
    ) {
        json.removeAll(keepingCapacity: true)
        json.appendJSONStrings(texts)
        target.text(json.span)
    }

    /// The text of an argument, empty when there is none.
    private func text(_ event: ServerEvent, _ place: Int) -> [UInt8] {
        guard event.arguments.indices.contains(place) else { return [] }
        let argument = event.arguments[place]
        return ArgumentText.value(argument.span)
    }

    private func integer(_ event: ServerEvent, _ place: Int) -> Int64? {
        let digits = text(event, place)
        return NumberParser.parseInteger(digits.span)
    }

    private static func text(_ value: JSONValue?) -> [UInt8] {
        guard case .string(let text)? = value else { return [] }
        return text
    }

    private static func number(_ value: JSONValue?) -> Double? {
        guard case .number(let number, _)? = value, number.isFinite else { return nil }
        return number
    }

    private static func integer(_ value: JSONValue?) -> Int64? {
        number(value).flatMap { Int64(exactly: $0) }
    }
}
