// Server events as lines: numbered, filtered, bursts summed up.

import Mission
import Values
import WAL

/// Turns the records of logs, one log after another, into the lines of `server-log`.
struct ServerLog {
    /// A line, both ways.
    struct Entry {
        var time: Int64
        var json: [UInt8]
        var text: [UInt8]
    }

    private let times: ClosedRange<Int64>
    private let user: [UInt8]?
    private let summarises: Bool
    private let showsChecks: Bool
    private var decoder = ServerEventDecoder()
    private var number: UInt64 = 0
    private var bursts: [Burst] = []

    /// Events of one kind about one user within a minute.
    private struct Burst {
        var event: ServerEvent
        var minute: Int64
        var count = 0
        static let shown = 20
    }

    init(times: ClosedRange<Int64>, user: [UInt8]?, summarises: Bool, showsChecks: Bool) {
        self.times = times
        self.user = user
        self.summarises = summarises
        self.showsChecks = showsChecks
    }

    /// Another log begins. Who is behind an id is known from the earlier ones, too.
    mutating func begin() { bursts = [] }

    mutating func read(_ call: borrowing Call) -> [Entry] {
        guard let event = decoder.read(call) else { return [] }
        return add(event)
    }

    mutating func read(_ record: borrowing OtherRecord) -> [Entry] {
        guard let event = decoder.read(record) else { return [] }
        return add(event)
    }

    /// The log is at its end: what is left of its bursts.
    mutating func end() -> [Entry] { settle(before: Int64.max) }

    private mutating func add(_ event: ServerEvent) -> [Entry] {
        var entries = settle(before: event.time / 60_000_000_000)
        number += 1
        guard isWanted(event) else { return entries }
        if summarises, event.isAboutFile {
            let minute = event.time / 60_000_000_000
            let known = bursts.firstIndex {
                $0.minute == minute && $0.event.id == event.id && $0.event.name == event.name
            }
            let place = known ?? bursts.count
            if known == nil { bursts.append(Burst(event: event, minute: minute)) }
            bursts[place].count += 1
            bursts[place].event.time = event.time
            if bursts[place].count > Burst.shown { return entries }
        }
        entries.append(Entry(event, number, suppressed: 0))
        return entries
    }

    /// The summaries of bursts whose minute is over.
    private mutating func settle(before minute: Int64) -> [Entry] {
        var entries: [Entry] = []
        for burst in bursts where burst.minute < minute && burst.count > Burst.shown {
            entries.append(Entry(burst.event, number, suppressed: burst.count - Burst.shown))
        }
        bursts.removeAll { $0.minute < minute }
        return entries
    }

    private func isWanted(_ event: ServerEvent) -> Bool {
        guard times.contains(event.time) else { return false }
        if !showsChecks, event.name.span.elementsEqual("check") { return false }
        guard let user else { return true }
        return event.id == user || event.uid == user || event.userName == user
            || event.candidates.contains(user)
    }
}

extension ServerLog.Entry {
    /// - Parameter suppressed: this stands for so many further events; 0: for itself.
    init(_ event: ServerEvent, _ number: UInt64, suppressed: Int) {
        time = event.time
        var line = JSONLine()
        line.add("t", Words.instant(event.time))
        line.add("n", number)
        line.add("e", text: event.name.span)
        if suppressed > 0 { line.add("suppressed", suppressed) }
        if !event.id.isEmpty {
            line.add("id", text: event.id.span)
            line.add("idExact", event.isExact)
        }
        if !event.candidates.isEmpty {
            line.add("candidates", json: Self.list(event.candidates))
        }
        if !event.uid.isEmpty { line.add("uid", text: event.uid.span) }
        if !event.userName.isEmpty { line.add("name", text: event.userName.span) }
        let file = event.file
        if suppressed == 0 {
            if event.decision.isEmpty {
                line.add("args", json: Self.list(event.arguments))
                if let file { line.add("file", text: file.span) }
            } else {
                line.add("decision", json: event.decision)
            }
        }
        if !event.mission.isEmpty { line.add("mission", text: event.mission.span) }
        json = line.line
        text = Self.text(event, file, suppressed)
    }

    private static func text(_ event: ServerEvent, _ file: [UInt8]?, _ suppressed: Int) -> [UInt8] {
        var text = Array(Words.instant(event.time).utf8)
        text += Array("  ".utf8) + event.name + Array("  ".utf8)
        text += event.userName.isEmpty ? event.id : event.userName
        if !event.userName.isEmpty { text += Array(" (".utf8) + event.id + Array(")".utf8) }
        if !event.isExact { text += Array(" (id rounded by the game)".utf8) }
        if suppressed > 0 {
            text += Array("  and \(Words.count(UInt64(suppressed))) more in this minute".utf8)
        } else if !event.decision.isEmpty {
            text += Array("  ".utf8) + event.decision
        } else if let file {
            text += Array("  ".utf8) + file
        } else {
            for argument in event.arguments.dropFirst() { text += Array("  ".utf8) + argument }
        }
        return text.map { $0 < 0x20 ? 0x20 : $0 } + [0x0A]
    }

    private static func list(_ texts: [[UInt8]]) -> [UInt8] {
        var list: [UInt8] = []
        list.appendJSONStrings(texts)
        return list
    }
}
