// What happens to a server in the tests: calls and decisions as a log holds them, read by the decoder
// that the programs use.

import Values
import WAL

@testable import Compactor
@testable import Mission

/// The server's side of a log.
struct ServerFixture {
    /// A record, so many milliseconds after the fixture's start.
    enum Entry {
        case call(Int64, String, [String])
        case decision(Int64, String)
    }

    var entries = Self.everything
    /// The log of `Fixture`.
    var logID: [UInt8] = [0xAB] + (1...15).map { UInt8($0) }
    /// Of the first record.
    var firstSequence: UInt64 = 500

    /// What the decoder makes of it.
    var events: [ServerEvent] {
        var decoder = ServerEventDecoder()
        return entries.enumerated().compactMap { number, entry in
            let sequence = firstSequence + UInt64(number)
            switch entry {
            case .call(let after, let name, let arguments):
                var bytes: [UInt8] = []
                for argument in arguments { bytes += Array(argument.utf8) + [0] }
                let name = Array(name.utf8)
                return decoder.read(
                    Call(
                        sequence: sequence, time: Fixture.start + after * 1_000_000,
                        command: Command.named(name.span), form: .array, name: name.span,
                        argumentCount: arguments.count, arguments: bytes.span))
            case .decision(let after, let json):
                let payload = Array(json.utf8) + [0]
                return decoder.read(
                    OtherRecord(
                        sequence: sequence, time: Fixture.start + after * 1_000_000,
                        kind: RecordKind.decision, flags: 0, payload: payload.span))
            }
        }
    }

    /// Hands everything to the sink.
    func feed<Sink: ServerEventSink & ~Copyable>(_ sink: inout Sink) throws(Sink.Failure) {
        try sink.begin(logID: logID)
        for event in events { try sink.receive(event) }
        try sink.end()
    }

    /// Writes it to a database.
    func write(to path: String) throws(SQLiteError) {
        var sink = try SQLiteServerSink(path: path)
        try feed(&sink)
    }

    private static let mira = #"["2",3,"76561198000000001","Mira ""Fox""","Mira",<NULL-object>]"#

    /// Every kind of event, before, during and after a mission.
    static let everything: [Entry] = [
        .call(-60_000, "gate:request", ["\"1513430065\"", "0.5", mira]),
        .decision(
            -59_500,
            #"{"of":"gate","id":"1513430065","uid":"76561198000000001","name":"Mira \"Fox\"","#
                + #""result":"accept","by":"script","wait":1.25,"polls":3}"#),
        .call(-59_000, "sev:connected", ["\"1513430065\"", mira]),
        // The mission's own message about the same: no second visit.
        .call(-58_900, "sev:note", ["\"connected\"", "\"1513430065\"", mira]),
        .decision(
            -40_000,
            #"{"of":"gate","id":"77","name":"Олег 🪖","result":"refuse","reason":"closed, sorry","#
                + #""by":"rule","rule":"night","wait":0,"polls":1}"#),
        .call(
            -1, ":MISSION:START:",
            [
                #""{""worldName"":""Stratis""}""#,
                #""{""missionName"":""co08_night_raid""}""#,
            ]),
        .call(100, "sev:unsigned", ["\"1513430065\"", #""a3\x "", y.pbo""#]),
        .call(200, "sev:hacked", ["1.51343e+09", #""a3\data_f\x.pbo""#]),
        .call(250, "sev:check", ["\"1513430065\"", "4", "219"]),
        .call(300, "sev:chat", ["\"1513430065\"", "\"'); DROP TABLE server_events;--\""]),
        .decision(
            310,
            #"{"of":"admin","ticket":1,"request":["kick","1513430065","Bye."],"#
                + #""by":"rule","status":"asked"}"#),
        .decision(
            320,
            #"{"of":"admin","ticket":0,"request":["fly"],"by":"script","#
                + #""status":"refused","text":"unknown"}"#),
        .decision(
            330,
            #"{"of":"admin","ticket":2,"request":["lock"],"by":"script","#
                + #""status":"asked"}"#),
        .decision(
            400,
            #"{"of":"admin","ticket":1,"request":["kick","1513430065","Bye."],"#
                + #""by":"rule","status":"ok","text":"gone"}"#),
        .call(
            450, "sev:note",
            ["\"kicked\"", "\"1513430065\"", "2", "\"KICKED\"", "\"Bye.\"", "\"Kicked: Bye.\""]),
        .call(500, "sev:disconnected", ["\"1513430065\""]),
        .call(1_000, "sev:connected", ["\"1513430066\""]),
        .call(1_100, "sev:doubleId", ["1.51343e+09"]),
        .call(1_200, "sev:kicked", ["1.6e+09", "12", "\"script\""]),
        .call(2_000_000, "sev:connected", ["\"1513430065\"", mira]),
    ]
}
