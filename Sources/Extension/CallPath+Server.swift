// Calls of the server side: answered from memory, and what they bring about put into the log and into
// the courier's hands. Nothing here waits, and nothing here asks the system for more than memory.

import CPlatform
import Gate
import Segments
import Synchronization
import Values
import WAL

extension CallPath {
    /// The command of the server side that is called so: the whole text, or what stands before its
    /// first `|`.
    func findServer(_ name: UnsafePointer<CChar>?) -> ServerCommand? {
        guard let name = unsafe name else { return nil }
        let bytes = unsafe UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
        var length = 0
        while unsafe length <= ServerCommand.longestName && bytes[length] != 0
            && bytes[length] != UInt8(ascii: "|")
        {
            length &+= 1
        }
        // `length` bytes stand in front of the text's end.
        return unsafe ServerCommand.named(UnsafeBufferPointer(start: bytes, count: length).span)
    }

    /// Answers a call; the code that the game hands to the script.
    @inline(never)
    mutating func answerServer(
        _ command: ServerCommand, _ arguments: Arguments, _ name: UnsafePointer<CChar>?,
        isKept: Bool, _ reply: inout ReplyBuffer
    ) -> Int32 {
        let moment = now()
        unsafe serverArguments.read(arguments, name: name)
        var code: Int32 = 0
        if command == .gateRequest || command == .joinRequest {
            let answer = unsafe Self.poll(
                serverArguments, usesAlias: command == .joinRequest, moment, &server.pointee)
            reply.put(answer.word)
            Self.put(answer.reason, &reply)
        } else {
            let answer = unsafe Self.answer(
                command, serverArguments, room: reply.room, moment, &server.pointee)
            if command.isEvent {
                code = isKept ? 0 : 5
            } else {
                code = answer.code
                Self.put(answer.text, &reply)
            }
        }
        carryOut(moment)
        return code
    }

    @inline(never)
    private static func put(_ text: [UInt8], _ reply: inout ReplyBuffer) {
        unsafe text.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { unsafe reply.put(start, bytes.count) }
        }
    }

    /// What time has brought about since the last call: the courier asks for it, the next call of the
    /// game does it, so that only calls append to the log.
    @inline(never)
    mutating func tickServer() {
        _ = unsafe shared.pointee.serverDue.exchange(false, ordering: .relaxed)
        let moment = now()
        unsafe server.pointee.gate.tick(moment)
        unsafe server.pointee.desk.sweep(moment.milliseconds)
        carryOut(moment)
    }

    private mutating func now() -> GateMoment {
        let offset = unsafe Int64(shared.pointee.utcOffset.load(ordering: .relaxed))
        let minute = (bb_clock_wall() / 1_000_000_000 &+ offset) / 60 % 1440
        return GateMoment(
            milliseconds: Int64(truncatingIfNeeded: bb_clock_coarse() / 1_000_000),
            localMinute: Int(max(0, minute)))
    }

    // MARK: the commands

    /// A player is joining. The game takes microseconds to say who calls, and a player who waits is asked
    /// about again and again, so it is asked only when the poll says something new. Without that, a client
    /// could fill the gate with made-up players until it lets in everybody, or pass a friend off as
    /// somebody whom a rule lets in.
    private static func poll(
        _ arguments: ServerArguments, usesAlias: Bool, _ moment: GateMoment,
        _ server: inout ServerSide
    ) -> GateAnswer {
        // No id of the game's is longer than 64 bytes; one that is counts as none.
        let id = arguments.span(0, limit: 64)
        let wait = arguments.milliseconds(1)
        let (uid, name) = (arguments.span(2), arguments.span(3))
        if !server.gate.isRoutine(id: id, wait: wait, uid: uid, name: name, at: moment),
            server.callerCheck.caller() == .client
        {
            return server.gate.turnAway()
        }
        return server.gate.request(
            id: id, wait: wait, uid: uid, name: name, usesAlias: usesAlias, at: moment)
    }

    /// Everything else, which is for scripts of the server alone.
    private static func answer(
        _ command: ServerCommand, _ arguments: ServerArguments, room: Int, _ moment: GateMoment,
        _ server: inout ServerSide
    ) -> GateReply {
        let caller = server.callerCheck.caller()
        guard caller != .client else { return server.refuseClient(command, arguments) }
        switch command {
        case .gateRequest, .joinRequest: return GateReply("")  // `poll` has answered them
        case .gateGo, .go:
            return decide(arguments.text(0), .go, arguments, 1, moment, &server)
        case .gateKick:
            return kick(arguments, isReason: false, moment, &server)
        case .kick:
            let isReason = arguments.count < 2 && !server.gate.isWaiting(arguments.text(0))
            return kick(arguments, isReason: isReason, moment, &server)
        case .gateHold:
            guard let time = arguments.milliseconds(1) else {
                return GateReply("Error: gate:hold needs an id and seconds", 5)
            }
            return decide(arguments.text(0), .hold(time), arguments, 2, moment, &server)
        case .gateReady: return server.gate.listen(at: moment)
        case .gateUnready: return server.gate.stopListening()
        case .gatePolicy:
            guard arguments.count > 0 else { return GateReply(bytes: server.gate.policy.json()) }
            guard let json = json(arguments.text(0)) else {
                return GateReply("Error: a policy is a JSON object", 5)
            }
            return server.gate.setPolicy(json)
        case .gateRule:
            return server.gate.setRule(arguments.text(0), rule(arguments.text(1)))
        case .gateList:
            let list = server.gate.list(
                from: Int(arguments.sequence(0) ?? 0), limitBytes: room, at: moment)
            return GateReply(bytes: list)
        case .gateForget: return server.gate.forget(arguments.text(0))
        case .gateStats: return GateReply(bytes: server.gate.stats())
        case .gateSelftest: return GateSelfTest.run(seed: bb_clock_exact())
        case .adminRequest:
            return server.request(arguments, by: caller, at: moment.milliseconds)
        case .adminDone:
            return server.desk.done(
                arguments.text(0), arguments.text(1), arguments.text(2), at: moment.milliseconds)
        case .adminNext: return server.desk.next(arguments.text(0), at: moment.milliseconds)
        case .doubleID, .connected, .disconnected, .hacked, .different, .unsigned, .kicked, .check,
            .chat, .note:
            server.note(command, arguments, at: moment)
            return GateReply("")
        }
    }

    private static func json(_ text: [UInt8]) -> JSONValue? {
        do throws(JSONError) { return try JSONValue.parse(text.span) } catch { return nil }
    }

    /// A rule, or the id of one, which may read like any other JSON: `123`, `null`.
    private static func rule(_ text: [UInt8]) -> JSONValue {
        let json = json(text)
        switch json {
        case .object?, .string?: return json ?? .null
        default: return .string(text)
        }
    }

    /// `place`: where the attempt's number stands, if there is one. One that can't be read must not
    /// count as none, or a late answer would pass for a fresh one.
    @inline(never)
    private static func decide(
        _ id: [UInt8], _ decision: GateDecision, _ arguments: ServerArguments, _ place: Int,
        _ moment: GateMoment, _ server: inout ServerSide
    ) -> GateReply {
        let sequence = arguments.sequence(place)
        if sequence == nil, arguments.count > place {
            return GateReply("Error: an attempt is a whole number", 5)
        }
        return server.gate.decide(id: id, decision, sequence: sequence, at: moment)
    }

    /// `kick ["reason"]`, as the wiki has it, means the only one who waits; `kick ["id"]` and
    /// `kick ["id", "reason"]` mean that player.
    private static func kick(
        _ arguments: ServerArguments, isReason: Bool, _ moment: GateMoment,
        _ server: inout ServerSide
    ) -> GateReply {
        let reason = ReasonText.clean(arguments.text(isReason ? 0 : 1))
        return decide(
            isReason ? [] : arguments.text(0), .kick(reason: reason), arguments, 2, moment, &server)
    }

    // MARK: what follows

    /// Decisions go into the log, questions to the courier. A question that finds no room there is
    /// asked again; other news waits for the next call.
    private mutating func carryOut(_ moment: GateMoment) {
        // Taken out while it is in use, which needs the whole path.
        var text = unsafe server.pointee.text
        unsafe server.pointee.text = []
        let problem = unsafe server.pointee.gate.problem
        if problem != .none {
            unsafe server.pointee.gate.problem = .none
            text.put(problem.text)
            if !tell(.problem, &text, 0) { countDroppedLine() }
        }
        // What comes up meanwhile stands behind these and waits for the next time.
        let count = unsafe server.pointee.gate.toDo.count
        var index = 0
        while index < count {
            let player = unsafe server.pointee.gate.toDo[index]
            carryOut(player, moment, &text)
            index &+= 1
        }
        if count > 0 { unsafe server.pointee.gate.toDo.removeFirst(count) }
        let requests = unsafe server.pointee.desk.news
        if !requests.isEmpty {
            unsafe server.pointee.desk.news = []
            for request in requests {
                ServerRecord.json(request, &text)
                record(&text)
                if request.isAsked {
                    ServerRecord.admin(request, &text)
                    // One that finds no room goes unanswered, and is recorded so.
                    _ = tell(.askAdmin, &text, 0)
                }
            }
        }
        unsafe server.pointee.text = text
        let waiting = unsafe server.pointee.gate.waitingCount + server.pointee.desk.openCount
        unsafe shared.pointee.serverWaits.store(UInt32(clamping: waiting), ordering: .relaxed)
    }

    private mutating func carryOut(
        _ player: GateEntry, _ moment: GateMoment, _ text: inout [UInt8]
    ) {
        let tasks = player.tasks
        player.tasks = []
        if tasks.contains(.record) {
            ServerRecord.json(player, &text)
            record(&text)
        }
        if tasks.contains(.tellExpired) {
            ServerRecord.expired(player, &text)
            tellOrKeep(&text, .tellExpired, player)
        }
        if tasks.contains(.tellLeft) {
            ServerRecord.left(player, &text)
            tellOrKeep(&text, .tellLeft, player)
        }
        guard tasks.contains(.ask) else { return }
        let key = ServerRecord.ask(player, &text)
        let isQueued = tell(.askGate, &text, key)
        if isQueued, player.usesAlias {
            let key = ServerRecord.join(player, &text)
            _ = tell(.askJoin, &text, key)
        }
        unsafe server.pointee.gate.announced(player, isQueued: isQueued, at: moment)
    }

    private mutating func tellOrKeep(
        _ text: inout [UInt8], _ task: GateTasks, _ player: GateEntry
    ) {
        guard !tell(.askGate, &text, 0), unsafe server.pointee.gate.toDo.count < 1024 else {
            return
        }
        unsafe server.pointee.gate.add(task, player)
    }

    /// Hands a text to the courier and empties it. `key`: so many bytes of it say which question it is.
    private func tell(_ order: Order, _ text: inout [UInt8], _ key: Int) -> Bool {
        text.append(0)
        let isTaken = unsafe text.withUnsafeBytes { bytes in
            unsafe handover.offer(
                order, sequence: UInt64(key),
                name: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), texts: nil, count: 0,
                limit: bytes.count, mayUseReserve: order != .problem)
        }
        text.removeAll(keepingCapacity: true)
        return isTaken
    }

    /// Appends what the plug-in itself decided (docs/formats/log.md, kind 6), and empties the text.
    @inline(never)
    private mutating func record(_ text: inout [UInt8]) {
        text.append(0)
        unsafe text.withUnsafeBytes { bytes in
            let text = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let none = unsafe Arguments(texts: nil, count: 0)
            _ = unsafe keep(kind: RecordKind.decision, flags: 0, name: text, none, .event)
        }
        text.removeAll(keepingCapacity: true)
    }
}
