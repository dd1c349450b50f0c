// What is to be sent to the web server, and what became of it: a small file beside each replay. Whoever
// makes the replay writes it, whoever uploads keeps it up to date; it alone decides what is still to be done,
// so that a crash at any moment costs nothing but a repetition. docs/upload.md.

import CPlatform
import Mission
import Segments
import Values

/// The state of one replay's upload.
public struct UploadTicket: Equatable, Sendable {
    /// What is to be done.
    public enum Status: Equatable, Sendable {
        /// Still to be sent.
        case waiting
        /// The server has it.
        case sent
        /// The server does not want it as it is; the owner has to change something first.
        case refused
    }

    /// Behind the replay's name.
    public static let suffix = ".upload"

    /// What is to be done.
    public var status = Status.waiting
    /// Class name of the terrain, lower case.
    public var worldName = ""
    /// The mission's file name.
    public var missionName = ""
    /// Seconds with six decimals.
    public var missionDuration = "0.000000"
    /// The mission's tag.
    public var tag = ""
    /// The first range that an administrator marked, 1-based frames.
    public var focus: FocusRange?
    /// Size of the file that was sent.
    public var sentBytes: UInt64 = 0
    /// How often it was tried.
    public var attempts: UInt64 = 0
    /// Why it is not sent yet.
    public var error = ""

    /// A ticket of which nothing is known.
    public init() {}

    /// For a recording that was written.
    public init(_ report: RecordingReport, mode: Mode) {
        worldName = report.world.worldName
        missionName = report.mission.missionName
        // The reference sends a thousandth of this, and servers show missions of a second.
        let seconds = Double(report.tally.lastFrame) * Double(report.mission.captureDelay)
        missionDuration = Self.sixDecimals(
            mode == .strict ? seconds / 1000 : seconds)
        tag = report.mission.tag
        focus = report.tally.firstFocus
    }

    /// `<replay>.upload`
    public static func path(of replay: String) -> String { replay + suffix }

    /// Notes that a replay is to be sent; not again when the server has this very file already.
    ///
    /// - Parameter fileBytes: size of the replay.
    /// - Throws: `LogError` when the ticket can't be written.
    public func issue(for replay: String, fileBytes: UInt64) throws(LogError) {
        if let earlier = Self.read(replay), earlier.status == .sent, earlier.sentBytes == fileBytes
        {
            return
        }
        try write(replay)
    }

    /// The replay was made anew while an earlier form of it was under way.
    public func isOutdated(_ replay: String) -> Bool {
        guard status == .sent, let file = try? File(replay, UInt32(BB_OPEN_READ)),
            let bytes = try? file.size()
        else { return false }
        return UInt64(bytes) != sentBytes
    }

    /// The replays in a folder that are not sent, by name.
    public static func open(in folder: String) -> [(path: String, ticket: UploadTicket)] {
        var found: [(path: String, ticket: UploadTicket)] = []
        // A folder that is not there yet holds none.
        for name in (try? Paths.names(in: folder)) ?? [] where Paths.hasSuffix(name, suffix) {
            let stem = String(
                decoding: Array(name.utf8).dropLast(suffix.utf8.count), as: UTF8.self)
            let path = Paths.join(folder, stem)
            guard let ticket = read(path), ticket.status != .sent || ticket.isOutdated(path) else {
                continue
            }
            found.append((path, ticket))
        }
        return found
    }

    /// What keeps the replay from being sent, for its owner.
    public var reason: String { attempts == 0 ? "not tried yet" : error }

    /// The ticket beside a replay; nil when there is none, or nothing can be read from it.
    public static func read(_ replay: String) -> UploadTicket? {
        guard let file = try? File(path(of: replay), UInt32(BB_OPEN_READ)),
            let bytes = try? file.read(limit: 1 << 20),
            let value = try? JSONValue.parse(bytes.span),
            let word = value.member("status")?.string
        else { return nil }
        var ticket = UploadTicket()
        let states: [Status] = [.waiting, .sent, .refused]
        guard
            let status = states.first(where: {
                Array(Self.word($0).utf8) == Array(word.utf8)
            })
        else { return nil }
        ticket.status = status
        ticket.worldName = value.member("worldName")?.string ?? ""
        ticket.missionName = value.member("missionName")?.string ?? ""
        ticket.missionDuration = value.member("missionDuration")?.string ?? "0.000000"
        ticket.tag = value.member("tag")?.string ?? ""
        if let start = whole(value.member("focusStart")), let end = whole(value.member("focusEnd"))
        {
            ticket.focus = FocusRange(
                start: UInt32(clamping: start), end: UInt32(clamping: end))
        }
        ticket.sentBytes = whole(value.member("sentBytes")) ?? 0
        ticket.attempts = whole(value.member("attempts")) ?? 0
        ticket.error = value.member("error")?.string ?? ""
        return ticket
    }

    /// Writes the ticket beside a replay, durably and in one step.
    public func write(_ replay: String) throws(LogError) {
        var line = Array("{".utf8)
        Self.add("status", Self.word(status), to: &line)
        Self.add("worldName", worldName, to: &line)
        Self.add("missionName", missionName, to: &line)
        Self.add("missionDuration", missionDuration, to: &line)
        Self.add("tag", tag, to: &line)
        if let focus {
            Self.add("focusStart", UInt64(focus.start), to: &line)
            Self.add("focusEnd", UInt64(focus.end), to: &line)
        }
        Self.add("sentBytes", sentBytes, to: &line)
        Self.add("attempts", attempts, to: &line)
        Self.add("error", error, to: &line)
        line[line.count - 1] = UInt8(ascii: "}")
        line.append(UInt8(ascii: "\n"))
        try Paths.replace(Self.path(of: replay), with: line)
    }

    private static func word(_ status: Status) -> String {
        switch status {
        case .waiting: "waiting"
        case .sent: "sent"
        case .refused: "refused"
        }
    }

    private static func add(_ key: String, _ text: String, to line: inout [UInt8]) {
        line.appendJSONString(key)
        line.append(UInt8(ascii: ":"))
        line.appendJSONString(text)
        line.append(UInt8(ascii: ","))
    }

    private static func add(_ key: String, _ number: UInt64, to line: inout [UInt8]) {
        line.appendJSONString(key)
        line.append(UInt8(ascii: ":"))
        line.append(contentsOf: String(number).utf8)
        line.append(UInt8(ascii: ","))
    }

    private static func whole(_ value: JSONValue?) -> UInt64? {
        guard case .number(let number, _) = value, number >= 0, number < 9e15 else { return nil }
        return UInt64(number)
    }

    /// `3600.000000`; a server refuses what is no plain number.
    static func sixDecimals(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "0.000000" }
        let micros = UInt64(seconds * 1_000_000 + 0.5)
        let rest = Array(String(micros % 1_000_000).utf8)
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 6 - rest.count)
        return String(micros / 1_000_000) + "." + String(decoding: zeros + rest, as: UTF8.self)
    }
}
