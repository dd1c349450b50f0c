// Who is called what, and how an event gets there. The hub's peers talk to this one small interface, so
// that several hubs can share a message system later: another router then hands the events on.

import Values

/// An event on its way: everything behind the receiver's name. Whoever keeps it copies it.
struct OutgoingEvent: ~Escapable {
    /// `,"event_name":…,"data":…,…}` and LF.
    let tail: Span<UInt8>
    /// Stands in front of the receiver's name: `{"type":"event","target_server":`
    static let head = Array(#"{"type":"event","target_server":"#.utf8)
    /// Stands in front of the sender's name.
    static let source = Array(#","source_server":"#.utf8)

    @_lifetime(copy tail)
    init(tail: Span<UInt8>) {
        self.tail = tail
    }
}

/// Where events can be put: a connection of this hub.
protocol Destination: AnyObject {
    /// It announced that it confirms events of an outbox.
    var confirmsEvents: Bool { get }
    /// Puts the event into its queue.
    func put(_ event: OutgoingEvent) -> Delivery
}

/// What became of an event.
enum Delivery: Equatable {
    /// It is in the receiver's queue.
    case queued(confirms: Bool)
    /// Nobody is called so.
    case unknown
    /// The receiver's queue is full.
    case busy
    /// The receiver is there, but nothing can be sent to it any more.
    case closed
}

/// Names and delivery. Used on the hub's event loop only.
protocol Router: AnyObject {
    /// Who has the name.
    func holder(of name: [UInt8]) -> (any Destination)?
    /// Gives the name to `destination`, whoever had it before.
    func claim(_ name: [UInt8], for destination: any Destination)
    /// Takes the name away from `destination`, when it still has it: somebody who was replaced must not
    /// remove its successor.
    func release(_ name: [UInt8], from destination: any Destination)
    /// Puts an event into one receiver's queue.
    func deliver(_ event: OutgoingEvent, to name: Span<UInt8>) -> Delivery
    /// Puts an event into the queues of all but the sender; how many took it.
    func broadcast(_ event: OutgoingEvent, from sender: any Destination) -> Int
    /// All names, in byte order.
    var names: [[UInt8]] { get }
    /// How many names are held.
    var count: Int { get }
}

/// A name as a key: compared byte by byte.
private struct NameKey: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

/// The router of one hub that stands alone.
final class LocalRouter: Router {
    private var holders: [NameKey: any Destination] = [:]
    /// Who was found last. Frames come in runs for one receiver: its name need not become a key for each.
    private var recent: (name: [UInt8], holder: any Destination)?

    var count: Int { holders.count }

    var names: [[UInt8]] {
        holders.keys.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    }

    func holder(of name: [UInt8]) -> (any Destination)? { holders[NameKey(bytes: name)] }

    func claim(_ name: [UInt8], for destination: any Destination) {
        recent = nil
        holders[NameKey(bytes: name)] = destination
    }

    func release(_ name: [UInt8], from destination: any Destination) {
        recent = nil
        let key = NameKey(bytes: name)
        if let holder = holders[key], holder === destination { holders[key] = nil }
    }

    func deliver(_ event: OutgoingEvent, to name: Span<UInt8>) -> Delivery {
        if let recent, name.elementsEqual(recent.name.span) { return recent.holder.put(event) }
        let key = NameKey(bytes: name.array)
        guard let holder = holders[key] else { return .unknown }
        recent = (key.bytes, holder)
        return holder.put(event)
    }

    func broadcast(_ event: OutgoingEvent, from sender: any Destination) -> Int {
        var delivered = 0
        for holder in holders.values where holder !== sender {
            if case .queued = holder.put(event) { delivered += 1 }
        }
        return delivered
    }
}
