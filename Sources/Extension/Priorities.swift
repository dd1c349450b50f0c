// What goes first when the disk is full (docs/durability.md, "A full disk").

import Segments
import Values

extension CommandRule {
    /// Where everybody stands is dropped first, then other states; what happens only once goes last.
    static func priority(of command: Command) -> Priority {
        switch command {
        case .soldierState: .unitState
        case .vehicleState, .markerState, .timeState, .telemetryFrame, .sysLog, .sysStats,
            .sysTimestamp, .eventProjectile:
            .otherState
        default: .event
        }
    }
}
