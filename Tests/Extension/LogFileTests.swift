import Foundation
import Testing

@testable import Extension

private func text(_ line: LogLine) -> String {
    var bytes: [UInt8] = []
    line.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

@Test func aLineHasTimeLevelMessageAndFields() {
    let line = LogLine(
        level: .warn, message: #"say "hi" \"#,
        fields: [
            LogField("path", "./a"), LogField("empty", ""), LogField("odd", "a b=\n\u{1}"),
            LogField("name", "Мира"),
        ], seconds: 1_772_997_605)
    #expect(
        text(line)
            == #"time=2026-03-08T19:20:05Z level=WARN msg="say \"hi\" \\" path=./a empty="" odd="a b=\n\x01" name=Мира"#
            + "\n")
}

@Test func aFileOfTheSameNameIsKeptAsOld() throws {
    let folder = try TemporaryFolder()
    try folder.write("x.log", "before\n")
    var log = LogFile(path: folder.path("x.log"), limitBytes: 1 << 20)
    let line = LogLine(level: .info, message: "now", fields: [], seconds: 0)
    log.write([line])
    log.write([line])
    #expect(folder.text("x.log.old") == "before\n")
    #expect(folder.text("x.log") == text(line) + text(line))
}

@Test func aFileAtItsLimitIsRenamedAndANewOneBegun() throws {
    let folder = try TemporaryFolder()
    var log = LogFile(path: folder.path("logs/x.log"), limitBytes: 200)
    let line = LogLine(
        level: .info, message: String(repeating: "m", count: 60), fields: [], seconds: 0)
    for _ in 0..<21 { log.write([line]) }
    #expect(folder.names("logs") == ["x.log", "x.log.old"])
    #expect(folder.text("logs/x.log.old").utf8.count >= 200)
    #expect(folder.text("logs/x.log").utf8.count < 200)
}

@Test func aFolderThatCantBeHadCostsLinesAndNothingElse() throws {
    let folder = try TemporaryFolder()
    try folder.write("file", "")
    var log = LogFile(path: folder.path("file/x.log"), limitBytes: 200)
    log.write([LogLine(level: .info, message: "lost", fields: [], seconds: 0)])
    #expect(folder.names("") == ["file"])
}

@Test func theNameCarriesTheLocalTime() {
    let name = LogFile.path(in: "./ocaplogs", wall: 1_772_997_605_000_000_000)
    #expect(name.hasPrefix("./ocaplogs/ocap_recorder.20260"))
    #expect(name.hasSuffix(".log"))
    #expect(name.utf8.count == "./ocaplogs/ocap_recorder.20260308_192005.log".utf8.count)
}

@Test func theHistogramsBucketsFollowEachOther() {
    var last = -1
    for power in 0..<64 {
        for step in 0..<16 {
            let value =
                (UInt64(1) << UInt64(power)) &+ (UInt64(1) << UInt64(power)) / 16 &* UInt64(step)
            let bucket = Latency.bucket(of: value)
            #expect(bucket >= last && bucket < 512)
            #expect(Latency.upperBound(of: bucket) >= value)
            #expect(bucket == 0 || Latency.upperBound(of: bucket - 1) < value)
            last = bucket
        }
    }
    #expect(Latency.bucket(of: .max) < 512)
}

@Test func percentilesAreAtMostAnEighthTooHigh() {
    var latency = Latency()
    defer { latency.free() }
    #expect(latency.percentile(500) == 0)
    for ticks in 1...1_000 as ClosedRange<UInt64> { latency.add(from: 0, to: ticks) }
    // A clock that ran backwards counts as no time.
    latency.add(from: 10, to: 5)
    #expect(latency.calls == 1_001)
    #expect((500...563).contains(latency.percentile(500)))
    #expect((990...1_000).contains(latency.percentile(990)))
    #expect(latency.maximum == 1_000)
}
