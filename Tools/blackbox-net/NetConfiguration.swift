// The server's configuration, read as the plug-in reads it.

import ArgumentParser
import CPlatform
import Extension
import Foundation
import Segments
import Upload
import Values

/// Where it is.
struct ConfigurationOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration; without it OCAP_RECORDER_CONFIG, or ocap_recorder.cfg.json beside the "
                + "program.", valueName: "file"))
    var config: String?

    /// - Throws: `NetFailure` when it can't be read.
    func read() throws -> NetConfiguration {
        let environment = ProcessInfo.processInfo.environment["OCAP_RECORDER_CONFIG"]
        let path =
            config ?? environment.flatMap { $0.isEmpty ? nil : $0 }
            ?? Paths.join(ProgramFolder.path, "ocap_recorder.cfg.json")
        do throws(LogError) {
            let file = try File(path, UInt32(BB_OPEN_READ))
            let text = try file.read(limit: 1 << 20)
            let (settings, notes) = Configuration.read(text)
            for note in notes { NetConsole.complain("\(path): \(note)") }
            return NetConfiguration(
                path: path, settings: settings, rootCertificates: Self.rootCertificates(text))
        } catch {
            throw NetFailure(message: error.text, code: NetExit.usage)
        }
    }

    /// Only this program uses it: the plug-in's reader sees to it that it is a text.
    private static func rootCertificates(_ text: [UInt8]) -> String? {
        let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
        let json = hasMark ? Array(text.dropFirst(3)) : text
        let api = (try? JSONValue.parse(json.span))?.member("api", ignoringCase: true)
        let path = api?.member("sslRootCert", ignoringCase: true)?.string ?? ""
        return path.isEmpty ? nil : path
    }
}

/// A configuration file and what it says.
struct NetConfiguration {
    let path: String
    let settings: Configuration
    /// `api.sslRootCert`
    let rootCertificates: String?

    /// Whose certificates the web server may have.
    ///
    /// - Throws: `NetFailure` when the file that the configuration names can't be used.
    func trust() throws(NetFailure) -> WebTrust {
        guard let rootCertificates else { return .machine }
        do throws(TrustError) {
            return try WebTrust(rootCertificates: rootCertificates)
        } catch {
            throw NetFailure(message: "\(path): \(error.sentence)", code: NetExit.usage)
        }
    }

    /// - Parameter consequence: what is not done without a server.
    /// - Throws: `NetFailure` when it names no web server.
    func requireServer(_ consequence: String) throws(NetFailure) {
        guard settings.serverURL.isEmpty else { return }
        throw NetFailure(
            message: "\(path) names no api.serverUrl: \(consequence)", code: NetExit.usage)
    }
}

/// The folder that this program stands in.
enum ProgramFolder {
    /// Not from the arguments: found through PATH, a program is called by its name alone.
    static var path: String {
        let capacity = 4_096
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_path_of_module($0.baseAddress, UInt64(capacity))
            }
            count = length > 0 && length <= Int64(capacity) ? Int(length) : 0
        }
        return Paths.parent(String(decoding: bytes, as: UTF8.self))
    }
}
