// The questions of a client that are not answered yet, and its state: between the tasks that ask and the
// one reader (IcomClient.swift).

import NIOCore
import Synchronization

/// What the reader and those who wait share.
final class ClientCore: Sendable {
    /// Which answer is waited for.
    enum Kind: Equatable {
        case registration
        case answer([UInt8])
        case servers
    }

    typealias Waiting = CheckedContinuation<Result<[String], IcomError>, Never>

    /// A question that is not answered yet.
    struct Question {
        let number: Int
        let kind: Kind
        /// Nil when its time is over. It stays in line: its answer, when it comes late, must not be taken
        /// for the next one's.
        var continuation: Waiting?
        /// What ends its time.
        var limit: Scheduled<Void>?
    }

    struct Shared {
        var state = IcomState.registering
        var sessionID = ""
        /// In the order of the questions.
        var waiting: [Question] = []
        var lastNumber = 0
        var droppedEvents = 0
    }

    let shared = Mutex(Shared())
    private let events: AsyncStream<IcomEvent>.Continuation

    init(_ events: AsyncStream<IcomEvent>.Continuation) {
        self.events = events
    }

    func nextID() -> [UInt8] {
        shared.withLock {
            $0.lastNumber += 1
            return Array(String($0.lastNumber).utf8)
        }
    }

    /// Stands in line; nil when the connection is over, which the one who waits is told.
    func wait(_ kind: Kind, _ continuation: Waiting) -> Int? {
        let place: Result<Int, IcomError> = shared.withLock { shared in
            if case .stopped(let reason) = shared.state { return .failure(.closed(reason)) }
            shared.lastNumber += 1
            shared.waiting.append(
                Question(number: shared.lastNumber, kind: kind, continuation: continuation))
            return .success(shared.lastNumber)
        }
        switch place {
        case .success(let number): return number
        case .failure(let error):
            continuation.resume(returning: .failure(error))
            return nil
        }
    }

    /// The question has so much time.
    func limit(_ number: Int, _ limit: Scheduled<Void>) {
        shared.withLock { shared in
            // Asked a moment ago, it stands at the end.
            guard let index = shared.waiting.lastIndex(where: { $0.number == number }) else {
                return
            }
            shared.waiting[index].limit = limit
        }
    }

    func expire(_ number: Int, _ what: String) {
        let late: Waiting? = shared.withLock { shared in
            guard let index = shared.waiting.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            let waiting = shared.waiting[index].continuation
            shared.waiting[index].continuation = nil
            return waiting
        }
        late?.resume(returning: .failure(.timeout(what)))
    }

    /// An answer came: the first that waits for such a one gets it.
    func answer(_ result: Result<[String], IcomError>, _ fits: (Kind) -> Bool) {
        let first: Question? = shared.withLock {
            guard let index = $0.waiting.firstIndex(where: { fits($0.kind) }) else { return nil }
            return $0.waiting.remove(at: index)
        }
        first?.limit?.cancel()
        first?.continuation?.resume(returning: result)
    }

    func registered(_ session: String) {
        shared.withLock {
            $0.sessionID = session
            $0.state = .online
        }
        answer(.success([])) { $0 == .registration }
    }

    func arrived(_ event: IcomEvent) {
        if case .dropped = events.yield(event) { shared.withLock { $0.droppedEvents += 1 } }
    }

    /// The connection is over: everybody who waits is told.
    func stop(_ reason: String) {
        let all: [Question] = shared.withLock { shared in
            if case .stopped = shared.state { return [] }
            shared.state = .stopped(reason)
            defer { shared.waiting = [] }
            return shared.waiting
        }
        for one in all {
            one.limit?.cancel()
            one.continuation?.resume(returning: .failure(.closed(reason)))
        }
        events.finish()
    }
}
