// A game that writes a log, as the plug-in does.

import Foundation
import Segments
import Values

/// A log in the making, in a folder that goes with it.
final class Game {
    let root: String
    let folder: String
    private let writer: LogWriter
    private var isEnded = false

    init() throws {
        root =
            FileManager.default.temporaryDirectory.appending(
                path: "blackbox stream \(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        writer = try LogWriter(root: root, settings: LogSettings())
        folder = writer.folder
    }

    deinit {
        end()
        try? FileManager.default.removeItem(atPath: root)
    }

    /// The process ends in order.
    func end() {
        if !isEnded { writer.close() }
        isEnded = true
    }

    /// `:COMMAND: | argument | argument`
    func call(_ line: String) {
        let words = line.components(separatedBy: " | ").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let name = Array(words[0].utf8)
        guard let command = Command.named(name.span) else { fatalError("no command \(line)") }
        let texts = words.dropFirst().compactMap { strdup($0) }
        defer { texts.forEach { free($0) } }
        let pointers = texts.map { UnsafePointer<CChar>?($0) }
        pointers.withUnsafeBufferPointer { buffer in
            _ = writer.append(
                kind: command.rawValue, flags: 0, first: nil, arguments: buffer.baseAddress,
                count: buffer.count, priority: .event)
        }
    }

    func call(lines: String) {
        for line in lines.split(separator: "\n") { call(String(line)) }
    }

    static let start =
        #":MISSION:START: | "{""author"": ""Bohemia"", ""workshopID"": """", ""displayName"": ""Stratis"", ""worldName"": ""stratis"", ""worldNameOriginal"": ""Stratis"", ""worldSize"": 8192, ""latitude"": -35.097, ""longitude"": 16.82}" | "{""missionName"": ""co08"", ""briefingName"": ""CO08"", ""missionNameSource"": ""co08"", ""onLoadName"": """", ""author"": ""Mira"", ""serverName"": ""s"", ""serverProfile"": ""p"", ""tag"": ""COOP"", ""captureDelay"": 1, ""addons"": [[""CBA"", ""450814997""]], ""playableSlots"": [1,8,2,3,4], ""sideFriendly"": [false,true,false]}""#

    /// A soldier and what it does in some frames, one message a line.
    func walk(_ frames: ClosedRange<Int>) {
        for frame in frames {
            call(
                #":SOLDIER:STATE: | 0 | [\#(frame),2,3] | 92 | 1 | 0 | "Mira" | 1 | "Leader" | \#(frame) | true | false | "" | "" | -1 | "STAND" | "Alpha" | "WEST""#
            )
        }
    }

    static let soldier =
        #":SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]""#
}
