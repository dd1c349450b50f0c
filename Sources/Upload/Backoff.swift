// Pauses before another attempt, for everything that talks to a web server.

/// Pauses between attempts: each twice as long as the one before, with some chance in it, so that many
/// servers do not come back at the same moment.
public struct Backoff: Sendable {
    private var next: Duration
    private let longest: Duration

    /// - Parameters:
    ///   - first: the first pause.
    ///   - longest: no pause is longer.
    public init(first: Duration, longest: Duration) {
        next = first
        self.longest = longest
    }

    /// The pause before the next attempt.
    public mutating func pause() -> Duration {
        let now = next
        next = min(next * 2, longest)
        return now * Double.random(in: 1...1.3)
    }
}
