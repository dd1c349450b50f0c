// Writes the stream (docs/formats/stream.md) with values as the game would print them, and counts
// the calls.

/// One argument of a call, in the game's terms.
enum Argument {
    case string(String)
    case number(Double)
    case boolean(Bool)
    /// Already in the game's text form: arrays, bare words.
    case raw(String)
}

extension Argument {
    static func integer(_ value: Int) -> Argument { .number(Double(value)) }
    /// `BOOL(x)` of the addon: 0 or 1.
    static func flag(_ value: Bool) -> Argument { .number(value ? 1 : 0) }
}

/// A buffered writer of stream lines.
struct StreamWriter {
    /// How often each command was called, over the whole stream.
    private(set) var counts: [String: Int] = [:]
    private var bytes: [UInt8] = []
    private let output: Output

    init(output: Output) {
        self.output = output
        bytes.reserveCapacity(1 << 20)
    }

    mutating func call(_ name: String, _ arguments: [Argument] = []) {
        counts[name, default: 0] += 1
        bytes.append(contentsOf: name.utf8)
        for argument in arguments {
            bytes.append(UInt8(ascii: "\t"))
            append(argument)
        }
        endLine()
    }

    /// The string form of a call.
    mutating func text(_ name: String) {
        counts[name, default: 0] += 1
        line("!" + name)
    }

    /// A directive or a comment.
    mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        endLine()
    }

    mutating func flush() {
        output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count > 1 << 19 { flush() }
    }

    private mutating func append(_ argument: Argument) {
        switch argument {
        case .string(let text):
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                appendEscaped(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        case .number(let value): bytes.append(contentsOf: gameText(value).utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .raw(let text): for byte in text.utf8 { appendEscaped(byte) }
        }
    }

    /// The escapes of the stream format.
    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        default: bytes.append(byte)
        }
    }
}

private let powersOfTen: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]

/// A number as the game prints it: 6 significant digits, an exponent from a million on.
func gameText(_ value: Double) -> String {
    let size = value.magnitude
    guard size >= 0.000_05 else { return "0" }
    var exponent = -5
    while exponent < 10, size >= (exponent < 0 ? 1 / powersOfTen[-exponent] : powersOfTen[exponent])
    {
        exponent += 1
    }
    exponent -= 1
    let sign = value < 0 ? "-" : ""
    if exponent >= 6 {
        let mantissa = (size / powersOfTen[exponent - 5]).rounded() / 100_000
        return sign + decimalText(mantissa, decimals: 5) + "e+" + (exponent < 10 ? "0" : "")
            + String(exponent)
    }
    return sign + decimalText(size, decimals: min(5 - exponent, 9))
}

/// A number with at most that many decimals, zeros at the end left out.
private func decimalText(_ value: Double, decimals: Int) -> String {
    let scale = powersOfTen[decimals]
    let scaled = UInt64((value * scale).rounded())
    let whole = scaled / UInt64(scale)
    var fraction = scaled % UInt64(scale)
    guard fraction != 0 else { return String(whole) }
    var width = decimals
    while fraction % 10 == 0 {
        fraction /= 10
        width -= 1
    }
    let digits = String(fraction)
    return String(whole) + "." + String(repeating: "0", count: width - digits.utf8.count) + digits
}

/// A string inside an array or a JSON text of the game: quotes doubled.
func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
        if character == "\"" { result.unicodeScalars.append("\"") }
        result.unicodeScalars.append(character)
    }
    return result + "\""
}

/// A JSON string, as the addon's encoder writes it.
func jsonText(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
        if character == "\"" || character == "\\" { result.unicodeScalars.append("\\") }
        result.unicodeScalars.append(character)
    }
    return result + "\""
}
