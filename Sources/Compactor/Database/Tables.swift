// The databases' tables, as text that reads like tables. Everything else is made from it: SQLite's
// and PostgreSQL's statements that create them, the order of values in a row, the tests that hold
// docs/formats/database.md to it. The tables themselves stand in Tables+….swift, by subject.
//
//     table NAME                      begins a table; its columns follow in order
//     NAME  TYPE  [> TABLE]  : what   a column; `!` after the type: never NULL; `> TABLE`: refers to it
//     key COLUMNS                     the primary key, where it is not the column of type row or serial
//     refers COLUMNS > TABLE COLUMNS  a reference of several columns
//     unique COLUMNS                  no two rows alike
//     index COLUMNS : used by         not unique; says which view or documented query needs it
//
// Types: `serial` counts through the whole database; `row` is mission × 2³² + the row's number in its
// mission, so it is unique in the database, fits a JSON number, and a mission's rows lie together;
// `mission` is missions.id; `decimal` was numeric in older PostgreSQL databases, `double` is ours.
//
// A table's number in `TableID` is its place here. A table is created after those it refers to.

/// The tables of a database of recordings, in the order of their description.
public enum TableID: Int, CaseIterable, Sendable {
    case worlds
    case missions
    case addons
    case missionAddons
    case soldiers
    case soldierStates
    case vehicles
    case vehicleStates
    case projectileEvents
    case projectileHitsSoldiers
    case projectileHitsVehicles
    case killEvents
    case generalEvents
    case chatEvents
    case radioEvents
    case ace3DeathEvents
    case ace3UnconsciousEvents
    case markers
    case markerStates
    case placedObjects
    case placedObjectEvents
    case timeStates
    case focusRanges
    case serverFpsEvents
    case telemetryFrames
    case telemetrySides
    case telemetryPlayers
    case playerScores
    case serverEvents
    case gateDecisions
    case adminCommands
}

/// The description, read by `Schema`.
let tableDescription = [
    missionTables, entityTables, combatTables, eventTables, markerTables, telemetryTables,
    scoreTables, serverTables,
].joined(separator: "\n\n")
