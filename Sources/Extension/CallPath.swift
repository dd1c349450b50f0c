// A call of the game, from the first byte read to the reply: kept in the log, then answered. This is
// the path that runs tens of thousands of times a second in the game's own thread: no allocation, no
// String, no system call. docs/formats/plugin.md.

import CPlatform
import Segments
import Synchronization
import Values
import WAL

/// The game's side of the plug-in. Threads of the game use it one at a time, behind the entry lock,
/// which no thread of ours ever takes.
///
/// Invariants: all pointers are made in `init` and live as long as the process. `lock` is held
/// whenever anything else of the struct is read or written.
@safe
struct CallPath {
    let lock: UnsafeMutablePointer<UInt32>
    let shared: UnsafePointer<Shared>
    let handover: Handover
    let table: CommandTable
    let replies: PreparedReplies
    let logsEveryCall: Bool
    let server: UnsafeMutablePointer<ServerSide>
    /// Of the newest call of the server side.
    var serverArguments = ServerArguments()
    /// Stands for a nil name: a call without a name is kept as well.
    private let empty: UnsafePointer<CChar>
    var latency = Latency()
    /// Calls that could not be kept.
    var drops: UInt64 = 0
    var isKeeping = true
    var mission = MissionState()

    init(
        shared: UnsafePointer<Shared>, handover: Handover, replies: PreparedReplies,
        logsEveryCall: Bool, server: UnsafeMutablePointer<ServerSide>
    ) {
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: 0)
        unsafe self.shared = shared
        self.handover = handover
        table = CommandTable()
        self.replies = replies
        self.logsEveryCall = logsEveryCall
        unsafe self.server = server
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        unsafe text.initialize(to: 0)
        unsafe empty = UnsafePointer(text)
    }

    /// What the game passed, not yet looked at. Any pointer may be nil; `count` is not negative.
    @safe
    struct Arguments {
        let texts: UnsafePointer<UnsafePointer<CChar>?>?
        let count: Int

        subscript(_ index: Int) -> UnsafePointer<CChar>? {
            guard index < count, let texts = unsafe texts else { return nil }
            return unsafe texts[index]
        }
    }

    /// The array form: `name callExtension [function, [arguments…]]`. The code for the script: 0 but
    /// for commands of the server side and of the hub's client.
    @discardableResult
    mutating func answerArray(
        _ function: UnsafePointer<CChar>?, _ arguments: Arguments, _ reply: inout ReplyBuffer
    ) -> Int32 {
        let start = bb_clock_ticks()
        unsafe bb_spin_lock(lock)
        let rule = unsafe find(function)
        let outcome = unsafe keep(
            kind: rule?.pointee.command.rawValue ?? RecordKind.namedCall, flags: 0,
            name: rule == nil ? function ?? empty : nil, arguments,
            rule?.pointee.priority ?? .event)
        let code = unsafe answer(rule, function, arguments, outcome, &reply)
        reply.finish()
        if unsafe shared.pointee.serverDue.load(ordering: .relaxed) { tickServer() }
        latency.add(from: start, to: bb_clock_ticks())
        unsafe bb_spin_unlock(lock)
        return code
    }

    /// The string form: `name callExtension text`. The command is the whole text or what stands before
    /// its first `|`; its one argument is the whole text.
    mutating func answerString(_ text: UnsafePointer<CChar>?, _ reply: inout ReplyBuffer) {
        let start = bb_clock_ticks()
        unsafe bb_spin_lock(lock)
        let rule = unsafe find(text) ?? findBeforeBar(text)
        let none = unsafe Arguments(texts: nil, count: 0)
        let outcome = unsafe keep(
            kind: rule?.pointee.command.rawValue ?? RecordKind.namedCall,
            flags: RecordFlags.stringForm, name: text ?? empty, none,
            rule?.pointee.priority ?? .event)
        // Lives on the stack for this call only.
        var only = unsafe text
        unsafe withUnsafePointer(to: &only) { one in
            _ = unsafe answer(rule, text, Arguments(texts: one, count: 1), outcome, &reply)
        }
        reply.finish()
        if unsafe shared.pointee.serverDue.load(ordering: .relaxed) { tickServer() }
        latency.add(from: start, to: bb_clock_ticks())
        unsafe bb_spin_unlock(lock)
    }

    // MARK: which command

    private func find(_ name: UnsafePointer<CChar>?) -> UnsafePointer<CommandRule>? {
        guard let name = unsafe name else { return nil }
        let bytes = unsafe UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
        // No name is longer: a text of a megabyte is not measured for this.
        let length = unsafe bb_text_length_within(name, UInt64(CommandTable.longestName + 1))
        return unsafe table.find(bytes, Int(truncatingIfNeeded: length))
    }

    private func findBeforeBar(_ text: UnsafePointer<CChar>?) -> UnsafePointer<CommandRule>? {
        guard let text = unsafe text else { return nil }
        let bytes = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        var length = 0
        while unsafe length <= CommandTable.longestName && bytes[length] != 0
            && bytes[length] != UInt8(ascii: "|")
        {
            length &+= 1
        }
        guard unsafe bytes[length] == UInt8(ascii: "|") else { return nil }
        return unsafe table.find(bytes, length)
    }

    // MARK: keeping it

    mutating func keep(
        kind: UInt16, flags: UInt16, name: UnsafePointer<CChar>?, _ arguments: Arguments,
        _ priority: Priority
    ) -> Outcome {
        let outcome = unsafe append(
            kind: kind, flags: flags, name: name, arguments, priority)
        if case .kept = outcome {
            isKeeping = true
        } else {
            drops &+= 1
            // The first of a row is told to the courier: it says so in the log file.
            if isKeeping { _ = order(.notKept, 0) }
            isKeeping = false
        }
        return outcome
    }

    /// What became of a call.
    enum Outcome {
        case kept(UInt64)
        case noLog
        case lost
        case tooLarge(limit: UInt64)

        var isKept: Bool {
            if case .kept = self { true } else { false }
        }

        /// There is a log, and this call is not in it: never answered as if it were.
        var isLoss: Bool {
            switch self {
            case .kept, .noLog: false
            case .lost, .tooLarge: true
            }
        }
    }

    private func append(
        kind: UInt16, flags: UInt16, name: UnsafePointer<CChar>?, _ arguments: Arguments,
        _ priority: Priority
    ) -> Outcome {
        guard unsafe !shared.pointee.isClosed.load(ordering: .relaxed),
            let writer = unsafe shared.pointee.writer
        else { return .noLog }
        let outcome = unsafe writer._withUnsafeGuaranteedRef { writer in
            unsafe writer.append(
                kind: kind, flags: flags, first: name, arguments: arguments.texts,
                count: arguments.count, priority: priority)
        }
        switch outcome {
        case .kept(let sequence): return .kept(sequence)
        case .lost: return .lost
        case .tooLarge(let limit): return .tooLarge(limit: UInt64(max(0, limit)))
        case .closed: return .noLog
        }
    }

    /// Puts an order without texts into the courier's hands.
    func order(_ order: Order, _ sequence: UInt64) -> Bool {
        unsafe handover.offer(
            order, sequence: sequence, name: nil, texts: nil, count: 0, limit: 0,
            mayUseReserve: true)
    }

    // MARK: answering it

    private mutating func answer(
        _ rule: UnsafePointer<CommandRule>?, _ function: UnsafePointer<CChar>?,
        _ arguments: Arguments, _ outcome: Outcome, _ reply: inout ReplyBuffer
    ) -> Int32 {
        if logsEveryCall { unsafe logCall(function, arguments) }
        guard let rule = unsafe rule else {
            if let command = unsafe findServer(function) {
                // A gate that is asked must answer, whatever the log does.
                return unsafe answerServer(
                    command, arguments, function, isKept: outcome.isKept, &reply)
            }
            if outcome.isLoss {
                putNotKept(outcome, &reply)
                return 0
            }
            reply.put("[\"error\", \"no handler registered for ")
            unsafe reply.putQuoted(function)
            reply.put("\"]")
            return 0
        }
        if unsafe rule.pointee.answer == .icom {
            // In the string form the one argument is the text itself.
            let isString = unsafe arguments.count == 1 && arguments[0] == function
            return unsafe answerIcom(
                rule.pointee.command, isString ? Arguments(texts: nil, count: 0) : arguments,
                outcome, &reply)
        }
        var sequence: UInt64 = 0
        if case .kept(let number) = outcome {
            sequence = number
        } else if unsafe rule.pointee.command.needsLog
            || outcome.isLoss && rule.pointee.command.bringsContent
        {
            putNotKept(outcome, &reply)
            return 0
        }
        switch unsafe rule.pointee.answer {
        case .queued: reply.put("[\"ok\", \"queued\"]")
        case .ok:
            if unsafe check(rule, arguments, &reply) { reply.put("[\"ok\"]") }
        case .own:
            if unsafe check(rule, arguments, &reply) {
                unsafe answerOwn(rule.pointee.command, arguments, sequence, &reply)
            }
        case .icom: break
        }
        return 0
    }

    private func logCall(_ function: UnsafePointer<CChar>?, _ arguments: Arguments) {
        let isTaken = unsafe handover.offer(
            .logCall, sequence: 0, name: function, texts: arguments.texts, count: arguments.count,
            limit: CallPath.lineLimit, mayUseReserve: false)
        if !isTaken { countDroppedLine() }
    }

    /// Bytes of one log line's texts on their way to the courier.
    static let lineLimit = 8_192

    func countDroppedLine() {
        unsafe shared.pointee.linesDropped.add(1, ordering: .relaxed)
    }

    private func putNotKept(_ outcome: Outcome, _ reply: inout ReplyBuffer) {
        switch outcome {
        case .kept: break
        case .noLog:
            reply.put("[\"error\", \"not recorded: ")
            if let reason = unsafe shared.pointee.reason {
                unsafe reply.putQuoted(reason)
            } else {
                reply.put("the recorder is closed")
            }
            reply.put("\"]")
        case .lost:
            reply.put("[\"error\", \"not recorded: there is no room in the log\"]")
        case .tooLarge(let limit):
            reply.put("[\"error\", \"not recorded: a call can hold ")
            reply.put(number: limit)
            reply.put(" bytes\"]")
        }
    }

    /// Looks at what the rule wants; puts the error reply when an argument is not so.
    private func check(
        _ rule: UnsafePointer<CommandRule>, _ arguments: Arguments, _ reply: inout ReplyBuffer
    ) -> Bool {
        let least = unsafe rule.pointee.leastArguments
        guard arguments.count >= least else {
            reply.put("[\"error\", \"")
            unsafe reply.put(rule.pointee.command.name)
            reply.put(" needs ")
            reply.put(number: UInt64(least))
            reply.put(least == 1 ? " argument, got " : " arguments, got ")
            reply.put(number: UInt64(arguments.count))
            reply.put("\"]")
            return false
        }
        let checks = unsafe rule.pointee.checks
        return unsafe check(checks.0, rule, arguments, &reply)
            && check(checks.1, rule, arguments, &reply)
            && check(checks.2, rule, arguments, &reply)
    }

    private func check(
        _ wanted: (Int, ArgumentRule), _ rule: UnsafePointer<CommandRule>, _ arguments: Arguments,
        _ reply: inout ReplyBuffer
    ) -> Bool {
        let text = unsafe arguments[wanted.0]
        let isFine: Bool
        switch wanted.1 {
        case .any: return true
        case .frame: isFine = unsafe (NumberCheck.value(text) ?? -1) >= 0
        case .number: isFine = unsafe NumberCheck.value(text) != nil
        case .flag: isFine = unsafe NumberCheck.isFlag(text)
        case .id:
            let value = unsafe NumberCheck.value(text) ?? -1
            isFine = value >= 0 && value == value.rounded(.towardZero)
        }
        if isFine { return true }
        reply.put("[\"error\", \"")
        unsafe reply.put(rule.pointee.command.name)
        reply.put(" argument ")
        reply.put(number: UInt64(wanted.0))
        switch wanted.1 {
        case .any, .number: reply.put(" is no number\"]")
        case .frame: reply.put(" is no frame number\"]")
        case .id: reply.put(" is no whole number from 0 on\"]")
        case .flag: reply.put(" is neither true nor false\"]")
        }
        return false
    }
}

extension Command {
    /// Commands about the plug-in itself are answered even when nothing can be recorded, so that the
    /// addon gets as far as asking for the storage and hears what is wrong.
    fileprivate var needsLog: Bool {
        switch self {
        case .sysInit, .sysVersion, .sysTimestamp, .sysDirArma, .sysDirModule, .sysDirLog,
            .sysAddonVersion, .sysLog, .sysStats, .storageInit:
            false
        default: true
        }
    }

    /// Of those, the ones that hand something over rather than ask.
    fileprivate var bringsContent: Bool { self == .sysLog || self == .sysAddonVersion }
}
