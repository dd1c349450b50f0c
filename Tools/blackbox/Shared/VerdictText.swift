// Verdicts in words: for a person, and the short names that `--json` uses.

import Segments
import WAL

enum VerdictText {
    /// `clean`, `call-under-way`, `torn-tail`, `damaged`, `foreign`
    static func name(_ verdict: Verdict) -> String {
        switch verdict {
        case .clean: "clean"
        case .callUnderWay: "call-under-way"
        case .tornTail: "torn-tail"
        case .damaged: "damaged"
        case .foreign: "foreign"
        }
    }

    static func sentence(_ verdict: Verdict) -> String {
        switch verdict {
        case .clean: return "clean: every byte is accounted for"
        case .callUnderWay(_, let byteCount):
            return
                "a call of \(byteCount) bytes was under way; it had not returned, nothing is lost"
        case .tornTail(let offset, let byteCount, let salvageable):
            var text = "torn tail: \(byteCount) bytes from offset \(offset) on are no whole record"
            if salvageable > 0 {
                text +=
                    "; " + Words.count(salvageable, "whole record")
                    + " behind them can be had with --salvage"
            }
            return text
        case .damaged(let damages):
            return damaged(places: damages.count)
        case .foreign(let reason): return "foreign: " + sentence(reason)
        }
    }

    static func damaged(places: Int) -> String {
        "damaged in " + Words.count(UInt64(max(0, places)), "place")
    }

    static func sentence(_ damage: Damage) -> String {
        let place =
            "segment \(damage.segment), offset \(damage.offset), \(damage.byteCount) bytes: "
        let what =
            switch damage.kind {
            case .hole: "no valid record stands where one stood"
            case .sequenceGap: "the sequence numbers jump"
            case .header: "the header page is damaged"
            case .missingSegment: "this segment's file is missing"
            case .duplicateSegment: "another file says that it is this segment"
            case .renamedSegment: "the file's name is not that of its segment"
            case .footer: "the footer does not agree with the records"
            case .shortFile: "the file is cut short, or can't be read"
            case .tailFile: "the tail file is damaged here"
            }
        guard let missing = damage.missing else { return place + what }
        return place + what + "; missing: records \(missing.lowerBound) to \(missing.upperBound)"
    }

    static func sentence(_ reason: ForeignReason) -> String {
        switch reason {
        case .notASegment:
            "not a segment of a log; move it elsewhere, or put the original in its place"
        case .textModeCopy:
            "copied in text mode (FTP's ASCII mode?); copy the original again in binary mode"
        case .otherLog: "a segment of another log; move it to the folder that it belongs to"
        case .newerFormat(let version, let flags):
            "made by a newer version (format \(version), flags \(flags)); update blackbox"
        case .behindFooter(let offset): "bytes behind the footer from offset \(offset) on"
        }
    }
}
