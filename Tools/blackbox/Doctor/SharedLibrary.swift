// What a shared library's file tells without being loaded: ELF, 64 bits, x86-64. Only what the doctor asks:
// the libraries and symbol versions that it needs, the functions it shows, the versions it has to offer.
// Every offset and count comes from the file and is checked against it before use.

import CPlatform
import Segments

/// Why a file is no library that the game could load.
enum LibraryFault: Error, Equatable {
    case unreadable(String)
    case windows
    case notELF
    case thirtyTwoBits
    case otherMachine
    case notShared
    case damaged

    var text: String {
        switch self {
        case .unreadable(let reason): reason
        case .windows: "it is a file for Windows"
        case .notELF: "it is no library for Linux"
        case .thirtyTwoBits: "it is a library of 32 bits; the server has 64"
        case .otherMachine: "it was built for another kind of processor"
        case .notShared: "it is a program, not a library"
        case .damaged: "the file is damaged or cut short"
        }
    }
}

/// The tables of a library's file.
struct SharedLibrary {
    /// `libc.so.6` …
    private(set) var needed: [String] = []
    /// Versions of symbols that it asks of others: `GLIBC_2.17` …
    private(set) var neededVersions: [String] = []
    /// Versions that it defines itself.
    private(set) var definedVersions: [String] = []
    /// Names of functions and variables that it shows.
    private(set) var exports: Set<String> = []

    /// More than any library of ours, and than the C library.
    private static let limitBytes = 64 << 20
    private static let entryLimit = 100_000

    private let bytes: [UInt8]

    private struct Section {
        let type: UInt64
        let offset: Int
        let size: Int
        let link: Int
        let info: Int
    }

    /// Reads the file.
    init(path: String) throws(LibraryFault) {
        do {
            let file = try File(path, UInt32(BB_OPEN_READ))
            bytes = try file.read(limit: min(try file.size(), Self.limitBytes))
        } catch {
            throw .unreadable(error.text)
        }
        try self.read()
    }

    /// The bytes of a file.
    init(bytes: [UInt8]) throws(LibraryFault) {
        self.bytes = bytes
        try self.read()
    }

    /// The greatest `GLIBC_2.x` among the versions, as its numbers.
    static func newestGlibc(_ versions: [String]) -> [Int]? {
        let numbers = versions.compactMap { version -> [Int]? in
            guard version.hasPrefix("GLIBC_") else { return nil }
            let parts = version.dropFirst(6).split(separator: ".").map { Int($0) }
            return parts.contains(nil) || parts.isEmpty ? nil : parts.compactMap { $0 }
        }
        return numbers.max { $0.lexicographicallyPrecedes($1) }
    }

    // MARK: reading

    private mutating func read() throws(LibraryFault) {
        guard bytes.count >= 64 else {
            throw bytes.starts(with: [0x4D, 0x5A]) ? .windows : .notELF
        }
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw bytes.starts(with: [0x4D, 0x5A]) ? .windows : .notELF
        }
        guard bytes[4] == 2 else { throw .thirtyTwoBits }
        guard bytes[5] == 1, number(18, 2) == 62 else { throw .otherMachine }
        guard number(16, 2) == 3 else { throw .notShared }
        let sections = try sections()
        for section in sections {
            // The names that a section speaks of lie in the one that it links to.
            guard section.link < sections.count else { throw .damaged }
            let names = sections[section.link]
            switch section.type {
            case 6: try readDynamic(section, names)
            case 11: try readSymbols(section, names)
            case 0x6FFF_FFFE: neededVersions += try versions(section, names, isNeeded: true)
            case 0x6FFF_FFFD: definedVersions += try versions(section, names, isNeeded: false)
            default: continue
            }
        }
    }

    private func sections() throws(LibraryFault) -> [Section] {
        guard let table = number(40, 8), let size = number(58, 2), let count = number(60, 2),
            size >= 64, count > 0, table <= UInt64(bytes.count),
            count * size <= UInt64(bytes.count) - table
        else { throw .damaged }
        var sections: [Section] = []
        for index in 0..<count {
            let at = Int(table + index * size)
            guard let type = number(at + 4, 4), let offset = number(at + 24, 8),
                let length = number(at + 32, 8), let link = number(at + 40, 4),
                let info = number(at + 44, 4)
            else { throw .damaged }
            // Space without bytes in the file (.bss) has no offset to check.
            let isEmpty = type == 8 || type == 0
            guard isEmpty || (offset <= bytes.count && length <= UInt64(bytes.count) - offset)
            else { throw .damaged }
            sections.append(
                Section(
                    type: type, offset: isEmpty ? 0 : Int(offset), size: isEmpty ? 0 : Int(length),
                    link: Int(link), info: Int(info)))
        }
        return sections
    }

    private mutating func readDynamic(
        _ section: Section, _ names: Section
    ) throws(LibraryFault) {
        for at in stride(from: section.offset, to: section.offset + section.size - 15, by: 16) {
            guard let tag = number(at, 8), let value = number(at + 8, 8) else { throw .damaged }
            if tag == 0 { return }
            if tag == 1 { needed.append(try name(value, names)) }
        }
    }

    private mutating func readSymbols(
        _ section: Section, _ names: Section
    ) throws(LibraryFault) {
        for at in stride(from: section.offset, to: section.offset + section.size - 23, by: 24) {
            guard let at4 = number(at, 4), let home = number(at + 6, 2) else { throw .damaged }
            // Section 0: asked of others.
            if home != 0 { exports.insert(try name(at4, names)) }
        }
    }

    /// Walks over the chain of Verneed (with Vernaux) or Verdef (with Verdaux) entries.
    private func versions(
        _ section: Section, _ names: Section, isNeeded: Bool
    ) throws(LibraryFault) -> [String] {
        var found: [String] = []
        var at = section.offset
        for _ in 0..<min(section.info, Self.entryLimit) {
            guard let count = number(at + (isNeeded ? 2 : 6), 2),
                let first = number(at + (isNeeded ? 8 : 12), 4),
                let next = number(at + (isNeeded ? 12 : 16), 4)
            else { throw .damaged }
            var inner = at + Int(first)
            // Of a definition the first name is its own, the others are its ancestors'.
            for _ in 0..<(isNeeded ? count : min(count, 1)) {
                guard let text = number(inner + (isNeeded ? 8 : 0), 4),
                    let step = number(inner + (isNeeded ? 12 : 4), 4)
                else { throw .damaged }
                found.append(try name(text, names))
                inner += Int(step)
            }
            if next == 0 { break }
            at += Int(next)
        }
        return found
    }

    private func name(_ offset: UInt64, _ names: Section) throws(LibraryFault) -> String {
        guard offset < UInt64(names.size) else { throw .damaged }
        let rest = bytes[(names.offset + Int(offset))..<(names.offset + names.size)]
        guard let end = rest.firstIndex(of: 0) else { throw .damaged }
        return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
    }

    /// A little-endian number of so many bytes; nil outside of the file.
    private func number(_ at: Int, _ count: Int) -> UInt64? {
        guard at >= 0, at <= bytes.count - count else { return nil }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[at + index]) }
        return value
    }
}
