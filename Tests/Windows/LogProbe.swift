// Writes a log as the plug-in does, without the plug-in: opens it, appends, and ends in one of several
// ways. Built for Windows by `Tools/lib/build-windows`, started by the tests under Wine.

import CPlatform
import Segments
import WAL

/// Appends `count` calls `(i, text of length i % 200)` to a log below `root`; `closes` ends it in order,
/// else the caller ends the process. The number of calls kept, or a negative error number.
@c(probe_write)
public func probeWrite(
    _ root: UnsafePointer<CChar>?, _ count: Int64, _ segmentBytes: Int64, _ closes: Int32
) -> Int64 {
    guard let root = unsafe root else { return -22 }
    var settings = LogSettings()
    settings.firstSegmentBytes = Int(segmentBytes)
    settings.segmentBytes = Int(segmentBytes)
    settings.keeperIntervalMilliseconds = 20
    settings.writer = Array("probe".utf8)
    do throws(LogError) {
        let writer = try LogWriter(root: unsafe String(cString: root), settings: settings)
        try writer.startThreads()
        let kept = append(to: writer, count: Int(count))
        if closes != 0 { writer.close() } else { unsafe _ = Unmanaged.passRetained(writer) }
        return Int64(kept)
    } catch {
        return -Int64(error.number)
    }
}

private func append(to writer: LogWriter, count: Int) -> Int {
    var kept = 0
    let filler = [CChar](repeating: 0x78, count: 200) + [0]
    for number in 0..<count {
        let digits = Array(String(number).utf8).map { CChar(bitPattern: $0) } + [0]
        // The tail end of the filler: a text of number % 200 bytes.
        unsafe digits.withUnsafeBufferPointer { digits in
            unsafe filler.withUnsafeBufferPointer { filler in
                guard let first = digits.baseAddress, let text = filler.baseAddress
                else { return }
                let pointers: [UnsafePointer<CChar>?] = unsafe [first, text + (200 - number % 200)]
                // A writer that is faster than its preparer loses calls; this one waits, because it
                // is about what is on the disk.
                for _ in 0..<2000 {
                    let outcome = unsafe pointers.withUnsafeBufferPointer { pointers in
                        unsafe writer.append(
                            kind: 64, flags: 0, first: nil, arguments: pointers.baseAddress,
                            count: 2, priority: .event)
                    }
                    if case .kept = outcome {
                        kept += 1
                        return
                    }
                    bb_thread_sleep_ns(5_000_000)
                }
            }
        }
    }
    return kept
}

/// Opens a log and counts its calls. The number of calls whose place in the row is right, −1000 − rank for
/// a verdict other than clean or a call under way.
@c(probe_read)
public func probeRead(_ path: UnsafePointer<CChar>?) -> Int64 {
    guard let path = unsafe path else { return -22 }
    do throws(LogError) {
        var reader = try LogReader(path: unsafe String(cString: path))
        switch reader.check().verdict {
        case .clean, .callUnderWay: break
        case .tornTail: return -1002
        case .damaged: return -1003
        case .foreign: return -1004
        }
        var right: Int64 = 0
        reader.forEachCall(in: 0...UInt64.max) { (call: borrowing Call) throws(Never) in
            var number: Int64 = 0
            for index in 0..<call.arguments.count {
                let byte = call.arguments[index]
                guard byte >= 0x30, byte <= 0x39 else { break }
                number = number &* 10 &+ Int64(byte - 0x30)
            }
            if number == right { right += 1 }
        }
        return right
    } catch {
        return -Int64(error.number)
    }
}

/// Recovers a log. Segments sealed, or a negative error number.
@c(probe_recover)
public func probeRecover(_ path: UnsafePointer<CChar>?) -> Int64 {
    guard let path = unsafe path else { return -22 }
    do throws(LogError) {
        let report = try Recovery.run(unsafe String(cString: path))
        if let error = report.errors.first { return -Int64(error.number) }
        return Int64(report.sealed.count)
    } catch {
        return -Int64(error.number)
    }
}
