// Keys of a configuration that are understood and do nothing: leftovers of OCAP's own extension, and
// settings of an output that is not chosen.

import CPlatform
import Extension
import Segments
import Values

enum IdleKeys {
    /// Keys in the file without effect, and why.
    static func find(_ configuration: OwnerConfiguration) -> [(name: String, reason: String)] {
        guard let file = try? File(configuration.path, UInt32(BB_OPEN_READ)),
            let bytes = try? file.read(limit: 1 << 20),
            let document = try? JSONValue.parse(bytes.span)
        else { return [] }
        var found: [(String, String)] = []
        func has(_ keys: [StaticString]) -> Bool {
            var value: JSONValue? = document
            for key in keys { value = value?.member(key, ignoringCase: true) }
            return value != nil
        }
        for key in ["defaultTag", "otel", "graylog", "logio"] as [StaticString] where has([key]) {
            found.append(("\(key)", "Blackbox does not have that"))
        }
        if has(["storage", "sqlite", "dumpInterval"]) {
            found.append(("storage.sqlite.dumpInterval", "the log is always on the disk"))
        }
        let storage = configuration.settings.storage
        if storage != .json, has(["storage", "memory"]) {
            found.append(
                ("storage.memory", "storage.type is \(configuration.settings.storageType)"))
        }
        if storage != .sqlite, has(["storage", "sqlite", "path"]) {
            found.append(
                ("storage.sqlite.path", "storage.type is \(configuration.settings.storageType)"))
        }
        if storage != .postgres, has(["db"]) {
            found.append(("db", "storage.type is \(configuration.settings.storageType)"))
        }
        if configuration.settings.strict, configuration.settings.joinMinutes > 0 {
            found.append(("blackbox.joinMinutes", "blackbox.strict joins nothing"))
        }
        return found
    }
}
