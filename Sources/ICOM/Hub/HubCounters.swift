// What the hub counts, and the page that Prometheus reads.

import ICOMWire

/// Why a frame was refused: a label of the metrics page.
enum Refusal: Int, CaseIterable {
    case notFound
    case busy
    case closed
    case rate
    case notRegistered
    case invalid
    case tooLong
    case authentication
    case name

    var label: String {
        switch self {
        case .notFound: "not_found"
        case .notRegistered: "not_registered"
        case .tooLong: "too_long"
        case .busy, .closed, .rate, .invalid, .authentication, .name: "\(self)"
        }
    }
}

/// Counters since the start. Used on the hub's event loop only.
struct HubCounters {
    var connectionsAccepted = 0
    var connectionsRefused = 0
    var acceptErrors = 0
    var framesIn = [Int](repeating: 0, count: FrameType.allCases.count)
    var framesOut = [Int](repeating: 0, count: FrameType.allCases.count)
    var refused = [Int](repeating: 0, count: Refusal.allCases.count)
    var bytesIn = 0
    var bytesOut = 0

    mutating func count(in type: FrameType) { framesIn[Int(type.rawValue)] += 1 }
    mutating func count(out type: FrameType) { framesOut[Int(type.rawValue)] += 1 }
    mutating func count(_ refusal: Refusal) { refused[refusal.rawValue] += 1 }

    /// The page, in Prometheus' text form.
    func page(connections: Int, registered: Int, queuedFrames: Int, queuedBytes: Int) -> String {
        var page = MetricsPage()
        page.add("icom_connections", "gauge", "Connections now.", connections)
        page.add("icom_registered", "gauge", "Registered servers now.", registered)
        page.add("icom_queued_frames", "gauge", "Frames that wait for their peers.", queuedFrames)
        page.add("icom_queued_bytes", "gauge", "Bytes that wait for their peers.", queuedBytes)
        page.add(
            "icom_connections_accepted_total", "counter", "Connections accepted.",
            connectionsAccepted)
        page.add(
            "icom_connections_refused_total", "counter", "Connections beyond the limits.",
            connectionsRefused)
        page.add("icom_accept_errors_total", "counter", "Failures to accept.", acceptErrors)
        page.add("icom_bytes_in_total", "counter", "Bytes received.", bytesIn)
        page.add("icom_bytes_out_total", "counter", "Bytes sent.", bytesOut)
        page.begin("icom_frames_in_total", "counter", "Frames received, by type.")
        for type in FrameType.allCases {
            page.addLabelled(
                "icom_frames_in_total", "type", "\(type)", framesIn[Int(type.rawValue)])
        }
        page.begin("icom_frames_out_total", "counter", "Frames sent, by type.")
        for type in FrameType.allCases {
            page.addLabelled(
                "icom_frames_out_total", "type", "\(type)", framesOut[Int(type.rawValue)])
        }
        page.begin("icom_refused_total", "counter", "Frames refused, by reason.")
        for refusal in Refusal.allCases {
            page.addLabelled(
                "icom_refused_total", "reason", refusal.label, refused[refusal.rawValue])
        }
        return page.text
    }
}

/// Lines of the page.
private struct MetricsPage {
    private(set) var text = ""

    mutating func begin(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func add(_ name: String, _ kind: String, _ help: String, _ value: Int) {
        begin(name, kind, help)
        text += "\(name) \(value)\n"
    }

    mutating func addLabelled(_ name: String, _ label: String, _ labelled: String, _ value: Int) {
        text += "\(name){\(label)=\"\(labelled)\"} \(value)\n"
    }
}
