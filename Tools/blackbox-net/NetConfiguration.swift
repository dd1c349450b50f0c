// The server's configuration, read as the plug-in reads it.

import CPlatform
import Extension
import Foundation
import Segments

/// A configuration file and what it says.
struct NetConfiguration {
    let path: String
    let settings: Configuration

    /// The named one, else that of `OCAP_RECORDER_CONFIG`, else the one beside the program.
    static func read(_ named: String?) throws -> NetConfiguration {
        let environment = ProcessInfo.processInfo.environment["OCAP_RECORDER_CONFIG"]
        let path =
            named ?? environment.flatMap { $0.isEmpty ? nil : $0 }
            ?? Paths.join(programFolder, "ocap_recorder.cfg.json")
        do throws(LogError) {
            let file = try File(path, UInt32(BB_OPEN_READ))
            let (settings, notes) = Configuration.read(try file.read(limit: 1 << 20))
            for note in notes { NetConsole.complain("\(path): \(note)") }
            return NetConfiguration(path: path, settings: settings)
        } catch {
            throw NetFailure(message: error.text, code: NetExit.usage)
        }
    }

    private static var programFolder: String {
        Bundle.main.executablePath.map { ($0 as NSString).deletingLastPathComponent } ?? "."
    }
}
