// Which logs go: a plan, made of nothing but where each stands. docs/retention.md has the rules in words.

import Segments

/// The owner's limits; 0 means none.
struct RetentionLimits: Equatable {
    var days: UInt64 = 30
    /// Of all logs together.
    var byteCount: UInt64 = 20 << 30
    /// To be free on the logs' disk.
    var freeBytes: UInt64 = 1 << 30
}

/// Why a log goes.
enum RemovalReason: Equatable {
    case age(days: UInt64)
    case size(limit: UInt64)
    case space(limit: UInt64)

    var text: String {
        switch self {
        case .age(let days): "older than " + Words.count(days, "day")
        case .size(let limit): "the logs take more than " + Words.bytes(limit)
        case .space(let limit): "less than " + Words.bytes(limit) + " is free on the disk"
        }
    }
}

/// What retention would do.
struct RetentionPlan {
    struct Step {
        /// Its place in the list of logs.
        let index: Int
        let reason: RemovalReason
    }

    /// To be removed, oldest first.
    var removals: [Step] = []
    /// What would be removed, were it not that an output has not got it; oldest first.
    var kept: [Step] = []

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - freeBytes: on the logs' disk; nil when nobody knows.
    ///   - onlyAge: before logs are packed, which frees space without losing anything.
    init(
        _ logs: [LogStanding], _ limits: RetentionLimits, now: Int64, freeBytes: UInt64?,
        onlyAge: Bool = false
    ) {
        var total = logs.reduce(UInt64(0)) { $0 + $1.byteCount }
        var free = freeBytes
        let order = logs.indices.sorted {
            (logs[$0].changed, $0) < (logs[$1].changed, $1)
        }
        for index in order where !logs[index].entry.isLive {
            let log = logs[index]
            var reason: RemovalReason?
            if limits.days > 0, now > log.changed,
                UInt64(now - log.changed) / 86_400 >= limits.days
            {
                reason = .age(days: limits.days)
            } else if !onlyAge, limits.byteCount > 0, total > limits.byteCount {
                reason = .size(limit: limits.byteCount)
            } else if !onlyAge, let free, free < limits.freeBytes {
                reason = .space(limit: limits.freeBytes)
            }
            guard let reason else { continue }
            guard log.isDone else {
                kept.append(Step(index: index, reason: reason))
                continue
            }
            removals.append(Step(index: index, reason: reason))
            total -= log.byteCount
            free = free.map { $0 + log.byteCount }
        }
    }
}
