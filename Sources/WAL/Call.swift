// One call of the game as a consumer of the log sees it. Made by the reader from a record and the
// log's dictionary; handed to the decoder, to `dump`, to archives.

import Values

/// How the game called us.
public enum CallForm: Sendable {
    /// `"name" callExtension [function, [argument, …]]`
    case array
    /// `"name" callExtension "text"`: `name` is that whole text, there are no arguments.
    case string
}

/// A call, borrowed from the log: valid only as long as the bytes it was made of.
public struct Call: ~Escapable {
    /// Sequence number of its record: unique and rising within a log, from 1.
    public let sequence: UInt64
    /// When it was made: UTC nanoseconds since 1970 (from the log's clock anchors).
    public let time: Int64
    /// The command, when this version knows the name.
    public let command: Command?
    /// How the game called.
    public let form: CallForm
    /// The function text exactly as the game passed it.
    public let name: Span<UInt8>
    /// How many arguments there are.
    public let argumentCount: Int
    /// The arguments exactly as passed, each followed by one NUL (an argument can't contain one):
    /// `argumentCount` NULs in all, the last byte is one.
    public let arguments: Span<UInt8>

    /// All fields; `name` and `arguments` outlive it.
    @_lifetime(copy name, copy arguments)
    public init(
        sequence: UInt64, time: Int64, command: Command?, form: CallForm, name: Span<UInt8>,
        argumentCount: Int, arguments: Span<UInt8>
    ) {
        self.sequence = sequence
        self.time = time
        self.command = command
        self.form = form
        self.name = name
        self.argumentCount = argumentCount
        self.arguments = arguments
    }
}
