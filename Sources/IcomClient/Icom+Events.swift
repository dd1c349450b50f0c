// Events between the log, the hub and the mission. docs/formats/icom.md, "Kept, not lost".

import CPlatform
import ICOMWire
import Segments
import Synchronization
import Values

extension Icom {
    /// Bytes that may wait for the socket before no more events are put.
    private static let outputLimit = 1 << 20
    /// Without a confirmation for so long, what was sent is sent again.
    private static let confirmLimit = 5 * second
    /// Senders whose place is remembered.
    private static let sourceLimit = 64

    // MARK: outboxes

    /// Which events of the logs are this server's: those of this process, and of those before it that
    /// were called the same.
    func openOutboxes() {
        outboxes = []
        board.owner = IcomBoard.unkept
        let (own, id) = (board.logFolder, board.logID)
        guard board.keepsOutbox, !own.utf8.isEmpty else { return }
        guard ServerName.isValid(serverID) else {
            return say(.error, "icom: an outbox needs a server_id of letters, digits, _ - .")
        }
        let mark = IcomBoard.mark(of: serverID)
        for name in (try? Paths.names(in: board.logsFolder)) ?? [] {
            let folder = Paths.join(board.logsFolder, name)
            guard unsafe bb_path_kind(Cursor.path(folder, cursorName)) == Int32(BB_KIND_FILE),
                !LogList.isLive(folder),
                let found = LogPlace.logID(folder)
            else { continue }
            adopt(folder, found, mark, isOwn: false)
        }
        do throws(LogError) {
            if Cursor.read(own, cursorName, logID: id) == nil {
                // From here on the next process finds what this one leaves.
                try Cursor(name: cursorName, logID: id, sequence: 0).write(own)
            }
            adopt(own, id, mark, isOwn: true)
            board.owner = mark
        } catch {
            say(.error, "icom: no outbox: its cursor can't be written", error.text.bytes)
        }
    }

    private var cursorName: String { "icom-" + String(decoding: serverID, as: UTF8.self) }

    private func adopt(_ folder: String, _ id: [UInt8], _ mark: UInt32, isOwn: Bool) {
        let done = Cursor.read(folder, cursorName, logID: id)?.sequence ?? 0
        outboxes.append(
            IcomOutbox(
                folder: folder, logID: id, mark: mark, isOwn: isOwn, isLive: false,
                from: LogPlace(folder: folder, behind: done), done: done))
    }

    /// Without an outbox: from now on, what is accepted is sent once.
    func openLive() {
        let folder = board.logFolder
        guard board.owner == IcomBoard.unkept, !folder.utf8.isEmpty else { return }
        // Nothing is accepted before `online` is told: it begins behind what is there now.
        var place = LogPlace(segment: board.segment)
        while place.read(folder, { _, _, _ in true }) {}
        outboxes = [
            IcomOutbox(
                folder: folder, logID: board.logID, mark: IcomBoard.unkept, isOwn: true,
                isLive: true,
                from: place, done: place.sequence)
        ]
    }

    /// The connection is lost: what was under way is sent again, or reported.
    func goBack() {
        let now = bb_clock_exact()
        for outbox in outboxes {
            for lane in outbox.lanes {
                if outbox.isLive {
                    for event in lane.sent { report(event, "the connection was lost") }
                }
                lane.goBack(now, least: 0)
            }
            if outbox.isLive { outboxes = [] }
        }
    }

    // MARK: out

    /// Sends what may be sent.
    func pump(_ now: UInt64) {
        var isWhole = true
        for index in 0..<outboxes.count {
            let outbox = outboxes[index]
            outbox.look()
            for lane in outbox.lanes {
                // Order from one sender: an older log's events for this receiver come first.
                if isWhole, !isWaiting(lane.target, before: index) { pump(lane, now) }
            }
            if !outbox.isAtEnd { isWhole = false }
        }
        saveCursors(force: false)
    }

    private func isWaiting(_ target: [UInt8], before index: Int) -> Bool {
        for older in 0..<index {
            if let lane = outboxes[older].lane(target), !outboxes[older].isIdle(lane) {
                return true
            }
        }
        return false
    }

    private func pump(_ lane: IcomLane, _ now: UInt64) {
        guard now >= lane.pausedUntil else { return }
        if let first = lane.sent.first, first.isTaken, now &- lane.movedAt > Self.confirmLimit {
            // The receiver died, or its mission does not listen.
            return lane.goBack(now, least: Self.second)
        }
        var isMore = true
        while isMore, lane.sent.count < IcomLane.window, output.count < Self.outputLimit {
            guard let event = lane.next(isMore: &isMore) else { return }
            let isLive = lane.outbox.isLive
            guard isLive || event.target.isSame(as: lane.target) else { continue }
            let data = event.data
            if event.target.isEmpty {
                put(FrameText.broadcast(name: event.name, data: data.span))
            } else {
                let place = OutboxPlace(
                    log: lane.outbox.logName, sequence: event.sequence, previous: lane.previous,
                    base: lane.base)
                put(
                    FrameText.event(
                        target: event.target, name: event.name, data: data.span,
                        outbox: isLive ? nil : place))
            }
            if lane.sent.isEmpty { lane.movedAt = now }
            lane.previous = event.sequence
            lane.sent.append(event)
            questions.append(IcomQuestion(lane, event, now))
        }
    }

    private func report(_ event: IcomEvent, _ reason: StaticString) {
        report(event, [UInt8](bytesOf: reason))
    }

    private func report(_ event: IcomEvent, _ reason: [UInt8]) {
        failedCount &+= 1
        inbox.addFailure(event, reason)
        say(.warn, "icom: an event was not delivered", reason)
    }

    /// An answer of the hub: it is about the oldest question.
    func answered(isTaken: Bool, confirms: Bool, _ error: [UInt8]) {
        guard !questions.isEmpty else { return }
        let question = questions.removeFirst()
        if isTaken { sentCount &+= 1 }
        // A confirmation or a list has no lane; an attempt that was given up does not count.
        guard let lane = question.lane, let event = question.event,
            lane.attempt == question.attempt
        else { return }
        let now = bb_clock_exact()
        if isTaken, confirms {
            event.isTaken = true
            lane.movedAt = now
        } else if isTaken {
            // The receiver confirms nothing: the hub's word is the last.
            lane.finish(through: event.sequence, now)
        } else if lane.outbox.isLive
            || lane.sent.first === event && isForGood(error)
        {
            report(event, error)
            lane.finish(through: event.sequence, now)
        } else {
            lane.goBack(now, least: Self.second / 2)
        }
    }

    /// What trying again does not help: the event's own fault.
    private func isForGood(_ error: [UInt8]) -> Bool {
        let invalid: StaticString = "Invalid "
        let start = error.span.extracting(0..<min(error.count, invalid.utf8CodeUnitCount))
        return start.elementsEqual(invalid) || error.span.elementsEqual(HubText.lineTooLong)
    }

    /// Writes what is done beside each log, once a second at most.
    func saveCursors(force: Bool) {
        let now = bb_clock_exact()
        guard force || now &- savedAt > Self.second else { return }
        savedAt = now
        var index = 0
        while index < outboxes.count {
            let outbox = outboxes[index]
            let done = outbox.done
            index += 1
            if outbox.isFinished {
                _ = unsafe bb_path_remove(Cursor.path(outbox.folder, cursorName))
                index -= 1
                outboxes.remove(at: index)
            } else if done != outbox.saved {
                do throws(LogError) {
                    try Cursor(name: cursorName, logID: outbox.logID, sequence: done)
                        .write(outbox.folder)
                    outbox.saved = done
                } catch {
                    // It is tried again; until then a restart sends a little more again.
                    say(
                        .warn, "icom: the outbox's cursor can't be written",
                        error.text.bytes)
                }
            }
        }
    }

    // MARK: in

    /// An event from another server.
    func take(_ frame: Frame, _ line: Span<UInt8>) {
        let server = frame.text(.sourceServer, in: line) ?? []
        if let range = frame.range(.confirm) {
            guard let place = OutboxPlace.parse(line.extracting(range)) else { return }
            for outbox in outboxes where outbox.logName.isSame(as: place.log) {
                outbox.lane(server)?.finish(through: place.sequence, bb_clock_exact())
            }
            return
        }
        guard let name = frame.text(.eventName, in: line), let data = frame.range(.data) else {
            return
        }
        var source: IcomSource?
        var sequence: UInt64 = 0
        if let range = frame.range(.outbox), !server.isEmpty,
            let place = OutboxPlace.parse(line.extracting(range))
        {
            source = next(server, place)
            if source == nil { return }
            sequence = place.sequence
        }
        receivedCount &+= 1
        say(.debug, "icom: an event came", name)
        inbox.add(name, line.extracting(data), source, sequence)
    }

    /// The sender of an event, if this is the one that comes next from there. Repeats and what stands
    /// behind a gap are not taken in: the sender comes back to them.
    private func next(_ server: [UInt8], _ place: OutboxPlace) -> IcomSource? {
        for source in sources
        where source.server.isSame(as: server) && source.log.isSame(as: place.log) {
            if place.sequence <= source.received {
                source.isOwed = true
                return nil
            }
            guard place.previous <= source.received || place.previous == place.base, !inbox.isFull
            else { return nil }
            source.received = place.sequence
            return source
        }
        guard place.previous == place.base, !inbox.isFull else { return nil }
        if sources.count >= Self.sourceLimit { sources.removeFirst() }
        let source = IcomSource(server, place)
        sources.append(source)
        return source
    }

    /// Tells the senders what the game has: everything up to there.
    func sendConfirmations() {
        guard phase == .online, output.count < Self.outputLimit else { return }
        for source in sources where source.isOwed {
            source.isOwed = false
            let place = OutboxPlace(
                log: source.log, sequence: source.delivered, previous: 0, base: 0)
            put(FrameText.confirmation(to: source.server, place))
            questions.append(IcomQuestion(nil, nil, bb_clock_exact()))
        }
    }
}

/// What an answer of the hub is about: they come in the order of the questions.
final class IcomQuestion {
    /// Nil for a confirmation and for a list: nothing follows for an event from its answer.
    let lane: IcomLane?
    let event: IcomEvent?
    let attempt: UInt32
    let askedAt: UInt64

    init(_ lane: IcomLane?, _ event: IcomEvent?, _ askedAt: UInt64) {
        self.lane = lane
        self.event = event
        attempt = lane?.attempt ?? 0
        self.askedAt = askedAt
    }
}
