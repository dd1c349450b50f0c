// config.toml → settings. A wrong file is never half used: what is wrong is named with its line and
// column, because a hub that starts open by mistake is worse than one that does not start.

import TOMLKit

/// Why a configuration can't be used.
public struct HubConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public var file: String
    /// From 1; 0 when the place is not known.
    public var line: Int
    /// From 1; 0 when the place is not known.
    public var column: Int
    /// What is wrong there.
    public var problem: String

    /// `config.toml:3:8: …`
    public var description: String {
        line > 0 ? "\(file):\(line):\(column): \(problem)" : "\(file): \(problem)"
    }
}

extension HubConfiguration {
    /// Reads a configuration. Keys that are not there keep their defaults, unknown ones are ignored.
    ///
    /// - Throws: `HubConfigurationError` for text that is no TOML and for values that can't be used.
    public static func read(
        _ text: String, file: String
    ) throws(HubConfigurationError) -> HubConfiguration {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw HubConfigurationError(
                file: file, line: Int(error.source.begin.line),
                column: Int(error.source.begin.column), problem: error.description)
        } catch {
            throw HubConfigurationError(file: file, line: 0, column: 0, problem: "\(error)")
        }
        var reading = TOMLReading(table: table, text: text, file: file)
        var configuration = HubConfiguration()
        try reading.fill(&configuration)
        return configuration
    }
}

/// One pass over the file.
private struct TOMLReading {
    let table: TOMLTable
    let text: String
    let file: String

    mutating func fill(
        _ configuration: inout HubConfiguration
    ) throws(HubConfigurationError) {
        try read("server", "host", into: &configuration.host)
        if configuration.host.isEmpty { throw wrong("server", "host", "must not be empty") }
        try read("server", "port", into: &configuration.port, 0...65_535)
        try fill(&configuration.rules)
        try readTLS(&configuration)
        try readMetrics(&configuration)
    }

    private func fill(_ rules: inout HubRules) throws(HubConfigurationError) {
        try read("server", "require_register", into: &rules.requireRegister)
        try read("server", "lenient_ids", into: &rules.lenientIDs)
        var duplicates = rules.onDuplicate == .replace ? "replace" : "reject"
        try read("server", "on_duplicate", into: &duplicates)
        switch duplicates {
        case "replace": rules.onDuplicate = .replace
        case "reject": rules.onDuplicate = .reject
        default: throw wrong("server", "on_duplicate", #"must be "replace" or "reject""#)
        }
        try read("limits", "max_line", into: &rules.maxLine, 4_096...(16 << 20))
        try read("limits", "max_connections", into: &rules.maxConnections, 1...1_000_000)
        try read("limits", "max_per_address", into: &rules.maxPerAddress, 1...1_000_000)
        try read("limits", "queue_frames", into: &rules.queueFrames, 1...10_000_000)
        try read("limits", "queue_bytes", into: &rules.queueBytes, 4_096...(1 << 32))
        try read("limits", "frames_per_second", into: &rules.framesPerSecond, 0.1...1e9)
        try read("limits", "burst", into: &rules.burst, 1...1e9)
        try read("timeouts", "register", into: &rules.registerTimeout, 0.1...86_400)
        try read("timeouts", "idle", into: &rules.idleTimeout, 0.1...86_400)
        try read("timeouts", "write", into: &rules.writeTimeout, 0.1...86_400)
        try read("timeouts", "full", into: &rules.fullTimeout, 0.1...86_400)
        try read("auth", "token", into: &rules.token)
        if let tokens = try group("auth")?["tokens"] {
            guard let tokens = tokens.table else {
                throw wrong("auth", "tokens", "must be a table")
            }
            for name in tokens.keys {
                guard let token = tokens[name]?.string, !token.isEmpty else {
                    throw wrong("auth", "tokens", "the token of \(name) must be a text")
                }
                rules.tokens[name] = token
            }
        }
    }

    private func readTLS(_ configuration: inout HubConfiguration) throws(HubConfigurationError) {
        guard try group("tls") != nil else { return }
        var tls = HubConfiguration.TLS()
        try read("tls", "cert", into: &tls.certificate)
        try read("tls", "key", into: &tls.key)
        try read("tls", "client_ca", into: &tls.clientCA)
        try read("tls", "port", into: &tls.port, 0...65_535)
        if tls.certificate.isEmpty && tls.key.isEmpty && tls.clientCA.isEmpty { return }
        if tls.certificate.isEmpty { throw wrong("tls", "cert", "must name a PEM file") }
        if tls.key.isEmpty { throw wrong("tls", "key", "must name a PEM file") }
        if tls.port == configuration.port, tls.port != 0 {
            throw wrong("tls", "port", "must differ from server.port")
        }
        configuration.tls = tls
    }

    private func readMetrics(
        _ configuration: inout HubConfiguration
    ) throws(HubConfigurationError) {
        var listen = ""
        try read("metrics", "listen", into: &listen)
        if listen.isEmpty { return }
        guard let address = HubAddress.parse(listen) else {
            throw wrong("metrics", "listen", #"must be an address and a port: "127.0.0.1:9191""#)
        }
        var asked = HubConfiguration()
        asked.host = address.host
        guard asked.isLoopback else {
            throw wrong("metrics", "listen", "must be a loopback address (127.0.0.1 or [::1])")
        }
        configuration.metrics = address
    }

    // MARK: values

    private func group(_ name: String) throws(HubConfigurationError) -> TOMLTable? {
        guard let value = table[name] else { return nil }
        guard let inner = value.table else { throw wrong(name, nil, "must be a table") }
        return inner
    }

    private func read(
        _ section: String, _ key: String, into text: inout String
    ) throws(HubConfigurationError) {
        guard let value = try group(section)?[key] else { return }
        guard let found = value.string else { throw wrong(section, key, "must be a text") }
        text = found
    }

    private func read(
        _ section: String, _ key: String, into flag: inout Bool
    ) throws(HubConfigurationError) {
        guard let value = try group(section)?[key] else { return }
        guard let found = value.bool else { throw wrong(section, key, "must be true or false") }
        flag = found
    }

    private func read(
        _ section: String, _ key: String, into number: inout Int, _ range: ClosedRange<Int>
    ) throws(HubConfigurationError) {
        guard let value = try group(section)?[key] else { return }
        guard let found = value.int, range.contains(found) else {
            throw wrong(
                section, key,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        number = found
    }

    private func read(
        _ section: String, _ key: String, into number: inout Double, _ range: ClosedRange<Double>
    ) throws(HubConfigurationError) {
        guard let value = try group(section)?[key] else { return }
        guard let found = value.double ?? value.int.map(Double.init), range.contains(found) else {
            throw wrong(
                section, key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        number = found
    }

    /// The error for a key, with the place where it stands.
    private func wrong(
        _ section: String, _ key: String?, _ problem: String
    ) -> HubConfigurationError {
        let place = place(section, key)
        let name = key.map { "\(section).\($0)" } ?? section
        return HubConfigurationError(
            file: file, line: place.line, column: place.column, problem: "\(name) \(problem)")
    }

    /// Line and column of a key: the parser does not keep them. A key written in a way that is not
    /// found (`server.port = 1`, `server = {…}`) is named without a place.
    private func place(_ section: String, _ key: String?) -> (line: Int, column: Int) {
        var current = ""
        for (index, line) in text.split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let start = line.prefix { $0 == " " || $0 == "\t" }.count
            let content = line.dropFirst(start)
            if content.first == "[" {
                current = String(
                    content.dropFirst().prefix { $0 != "]" }.filter { $0 != " " && $0 != "\"" })
                if key == nil, current == section { return (index + 1, start + 1) }
                if let key, current == "\(section).\(key)" { return (index + 1, start + 1) }
                continue
            }
            let name = content.prefix { $0 != "=" && $0 != "." && $0 != " " && $0 != "\t" }
                .filter { $0 != "\"" }
            if current == section, let key, name == key { return (index + 1, start + 1) }
            if current.isEmpty, name == section { return (index + 1, start + 1) }
        }
        return (0, 0)
    }
}

/// `host:port`, with brackets around an IPv6 address.
public enum HubAddress {
    /// The parts of an address; nil when it is none.
    public static func parse(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        guard let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
            return nil
        }
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return host.isEmpty ? nil : (String(host), port)
    }

    /// `host:port`, bracketed where it must be.
    public static func text(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
