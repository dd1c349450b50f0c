// What a damaged log gives now may be less than what a database got from it when it was whole: then the
// database keeps what it has. (A replay's file is handled where it is written; the longer one goes beside.)

import Mission

extension RecordingOrigin {
    /// The log id in hexadecimal, as `missions.log_id` has it.
    var logIDText: String { String(decoding: hexText(logID.span), as: UTF8.self) }
}

/// A recording that a database has from an earlier compaction.
enum EarlierRecording {
    /// Whether it stays, because the damaged log holds fewer calls of it by now; says so.
    ///
    /// - Parameters:
    ///   - before: calls of the one in the database; nil when it is not there.
    ///   - place: the database.
    static func stays(
        _ before: UInt64?, number: Int, callsNow: UInt64, in place: String
    ) -> Bool {
        guard let before, before > callsNow else { return false }
        Console.complain(
            "\(place): keeps recording \(number) with " + Words.count(before, "call")
                + ", made before the log was damaged; the " + Words.count(callsNow)
                + " that are left can go into another database")
        return true
    }
}
