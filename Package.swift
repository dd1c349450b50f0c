// swift-tools-version: 6.2
// Blackbox. Which part is built is switched by two environment variables, because the parts differ
// in what they need:
//   BLACKBOX_PARTS     core (no package at all), tools (the default: core and the local tools), net,
//                      pg; several with commas; all
//   BLACKBOX_EMBEDDED  set: the game-side modules in Embedded Swift, for the plug-in (Tools/build
//                      uses a --scratch-path of its own for it)
import PackageDescription

let embedded = Context.environment["BLACKBOX_EMBEDDED"] != nil
let parts = Set(
    (Context.environment["BLACKBOX_PARTS"] ?? "tools").split(separator: ",").map(String.init))
let everything = parts.contains("all")
let net = everything || parts.contains("net")
let pg = everything || parts.contains("pg")
let tools = everything || parts.contains("tools") || net || pg

/// What the plug-in says about itself, for a release: BLACKBOX_VERSION, BLACKBOX_COMMIT, BLACKBOX_DATE
/// (else `dev`, `unknown`, `unknown`, so that a commit does not rebuild everything).
let buildFacts: [CSetting] = ["BLACKBOX_VERSION", "BLACKBOX_COMMIT", "BLACKBOX_DATE"].compactMap {
    name in
    Context.environment[name].map { .define(name, to: "\"\($0)\"") }
}

/// Where CI=true is set, as `.ci/run` does for all that it builds, a warning is an error. (A developer's
/// build goes on, so that a new compiler's warnings don't stop the work.)
let warnings: [SwiftSetting] =
    Context.environment["CI"] == "true" ? [.treatAllWarnings(as: .error)] : []

/// A record passes through half a dozen generic functions of as many modules on its way into a replay. Made
/// for the types in question across modules, they take a tenth less time. (The plug-in is linked as a whole
/// anyway; the fuzzer reaches into modules, which this does not allow.)
let specialized: [SwiftSetting] =
    embedded || Context.environment["BLACKBOX_FUZZ"] != nil
    ? [] : [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

/// Settings of every Swift target.
let strict: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
    ] + specialized + warnings

/// Settings of the modules that the game loads, too, and of Mission and Replay (a compactor for
/// Windows is built by the same route): both builds must accept them.
let gameSide: [SwiftSetting] =
    strict
    + (embedded
        ? [
            .enableExperimentalFeature("Embedded"),
            .unsafeFlags([
                "-wmo", "-Osize", "-Xfrontend", "-function-sections", "-Xfrontend",
                "-mergeable-traps",
                // Else each retain of a reference is inlined, 30 bytes of it.
                "-Xllvm", "-inline-threshold=-15",
            ]),
        ]
        : [])

func core(_ name: String, _ dependencies: [Target.Dependency], c: [CSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, cSettings: c, swiftSettings: gameSide)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, path: "Tests/" + name, exclude: exclude,
        swiftSettings: [.enableExperimentalFeature("Lifetimes")] + warnings)
}

/// How a library that the game process loads is linked; `exports` names the symbols that it shows.
func gameLinker(exports: String) -> [LinkerSetting] {
    embedded
        ? [
            .unsafeFlags([
                "-nostartfiles",
                // lld folds equal functions and keeps local symbols out of the dynamic table; gold does not.
                // The second level stores a text that another one ends with only once.
                "-use-ld=lld", "-Xlinker", "--icf=all", "-Xlinker", "-O2",
                "-Xlinker", "--gc-sections",
                "-Xlinker", "-mllvm", "-Xlinker", "-inline-threshold=-15",
                // Equal runs of instructions become functions of their own where that saves 10 bytes: 3 % of
                // the file. Where it saves less, it would reach into the path of a call (20 ns of 130).
                "-Xlinker", "-mllvm", "-Xlinker", "-enable-machine-outliner=always",
                "-Xlinker", "-mllvm", "-Xlinker", "-machine-outliner-reruns=3",
                "-Xlinker", "-mllvm", "-Xlinker", "-outliner-benefit-threshold=10",
                "-Xlinker", "-TSources/Extension/plugin.ld",
                "-Xlinker", "--version-script=" + exports,
                // Bound at load: no call of the game is the first to look a function up.
                "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "-z", "-Xlinker", "now",
                "-Xlinker", "--no-as-needed", "-Xlinker", "-l:libpthread.so.0", "-Xlinker",
                "-l:libdl.so.2",
            ])
        ] : []
}

var targets: [Target] = [
    .target(
        name: "CPlatform",
        cSettings: buildFacts + [.unsafeFlags(["-O2", "-ffunction-sections", "-fdata-sections"])]
            // Tools/build links the plug-in with link-time optimization, the C with the Swift. Calls into the
            // C library go straight through the table of addresses: a jump, a line of cold code and 16
            // bytes less for each function.
            + (embedded
                ? [.define("BLACKBOX_PLUGIN"), .unsafeFlags(["-flto=full", "-fno-plt"])]
                : [])),
    core("Values", []),
    core("WAL", ["CPlatform", "Values"]),
    core("Segments", ["CPlatform", "Values", "WAL"]),
    core("Gate", ["Values"]),
    core("ICOMWire", ["Values"]),
    .target(
        name: "Extension", dependencies: ["CPlatform", "Values", "WAL", "Segments", "Gate"],
        exclude: ["exports.map", "plugin.ld"], swiftSettings: gameSide,
        linkerSettings: gameLinker(exports: "Sources/Extension/exports.map")
    ),
    // The hub's client, which the plug-in loads when a hub is asked for.
    .target(
        name: "IcomClient", dependencies: ["CPlatform", "Values", "WAL", "Segments", "ICOMWire"],
        exclude: ["exports.map"], swiftSettings: gameSide,
        linkerSettings: gameLinker(exports: "Sources/IcomClient/exports.map")
            // Else the version of its symbols would be defined under the path that it is built at.
            + (embedded ? [.unsafeFlags(["-Xlinker", "-soname=ocap_recorder_icom.so"])] : [])
    ),
    core("Mission", ["CPlatform", "Values", "WAL", "Segments"]),
    .target(
        name: "CZlib", cSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("z")]),
    core("Replay", ["CPlatform", "Values", "WAL", "Segments", "Mission", "CZlib"]),
]
var products: [Product] = [
    .library(name: "ocap_recorder_x64", type: .dynamic, targets: ["Extension"]),
    .library(name: "ocap_recorder_icom", type: .dynamic, targets: ["IcomClient"]),
]
var packages: [Package.Dependency] = []

if !embedded {
    targets += [
        tests("CPlatform", ["CPlatform"]),
        tests("Values", ["Values"]),
        tests("WAL", ["WAL", "Values", "CPlatform", "FaultHarness"]),
        tests("Segments", ["Segments", "WAL", "CPlatform", "FaultHarness"]),
        tests("Gate", ["Gate", "Values"]),
        tests("ICOMWire", ["ICOMWire", "Values"]),
        tests("Extension", ["Extension", "Segments", "WAL", "Values", "CPlatform"]),
        tests("IcomClient", ["IcomClient", "CPlatform"]),
        tests("Mission", ["Mission", "Segments", "WAL", "Values"]),
        tests("Replay", ["Replay", "Mission", "Segments", "WAL", "Values"]),
        .systemLibrary(name: "CSQLite", path: "Tests/Faults/SQLite"),
        .target(
            name: "FaultHarness",
            dependencies: ["Segments", "WAL", "Values", "CPlatform", "CSQLite", "FaultSyncs"],
            path: "Tests/Faults/Harness", swiftSettings: strict),
        .executableTarget(
            name: "faults", dependencies: ["FaultHarness"], path: "Tools/faults",
            swiftSettings: strict),
        .testTarget(
            name: "FaultsTests", dependencies: ["FaultHarness"], path: "Tests/Faults",
            exclude: [
                "Harness", "Tracer", "Stall", "Clock", "SQLite", "Fuzz", "FuzzDriver", "Golden",
                "Corpus", "Syncs",
            ], swiftSettings: strict),
        .executableTarget(name: "fault-trace", path: "Tests/Faults/Tracer"),
        .executableTarget(name: "fault-stall", path: "Tests/Faults/Stall"),
        .target(name: "FaultClock", path: "Tests/Faults/Clock"),
        .target(name: "FaultSyncs", path: "Tests/Faults/Syncs"),
        .executableTarget(
            name: "generate-mission", path: "Tools/generate-mission", swiftSettings: strict),
        .executableTarget(
            name: "bench-report", path: "Tools/bench-report", swiftSettings: strict),
    ]
    products += [
        .executable(name: "generate-mission", targets: ["generate-mission"]),
        .executable(name: "bench-report", targets: ["bench-report"]),
        .library(name: "fault-clock", type: .dynamic, targets: ["FaultClock"]),
    ]
}

/// The archives' format, for the tools and for the fuzzer.
let archives: [Target] = [
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .target(
        name: "Archive", dependencies: ["CPlatform", "Values", "WAL", "Segments", "CLZ4"],
        // Stands in for Packing in the program for Windows (Tools/lib/build-windows).
        exclude: ["Plain"], swiftSettings: strict),
]

// The fuzzer links a library of the toolchain (Tools/build fuzz names it).
if Context.environment["BLACKBOX_FUZZ"] != nil && !embedded {
    if !tools { targets += archives }
    targets += [
        .target(name: "FuzzDriver", path: "Tests/Faults/FuzzDriver"),
        .executableTarget(
            name: "fault-fuzz",
            dependencies: [
                "FuzzDriver", "FaultHarness", "Extension", "Mission", "Replay", "Archive",
                "ICOMWire", "Segments", "WAL", "Values", "CPlatform",
            ], path: "Tests/Faults/Fuzz", swiftSettings: strict),
    ]
}

if tools && !embedded {
    packages += [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ]
    targets += archives
    targets += [
        .target(
            name: "Compactor",
            dependencies: [
                "CPlatform", "Values", "WAL", "Segments", "Mission", "Replay", "Archive",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "blackbox",
            dependencies: [
                "CPlatform", "Values", "WAL", "Segments", "Extension", "Mission", "Replay",
                "Archive",
                "Compactor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tools/blackbox", swiftSettings: strict),
        tests("CommandLine", ["blackbox", "Archive", "Segments", "WAL", "Values"]),
        tests(
            "Archive",
            ["Archive", "Segments", "WAL", "Values", "CPlatform", "FaultHarness"]),
        tests(
            "Compactor", ["Compactor", "Replay", "Mission", "Segments", "WAL", "Values"],
            exclude: ["Golden"]),
        tests(
            "EndToEnd", ["Segments", "WAL", .product(name: "GRDB", package: "GRDB.swift")]),
    ]
    products += [.executable(name: "blackbox", targets: ["blackbox"])]
}

if pg && !embedded {
    targets += [
        // libpq's header at build time; the library itself is loaded when it is needed.
        .target(name: "CPostgres"),
        .target(
            name: "PostgresSink",
            dependencies: ["CPlatform", "Values", "Mission", "Compactor", "CPostgres"],
            swiftSettings: strict),
        .executableTarget(
            name: "blackbox-pg",
            dependencies: [
                "CPlatform", "Values", "WAL", "Segments", "Extension", "Mission", "Replay",
                "Archive",
                "Compactor",
                "PostgresSink", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tools/blackbox-pg", swiftSettings: strict),
        tests(
            "Postgres",
            [
                "PostgresSink", "Compactor", "Mission", "Segments", "Values",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
    ]
    products += [.executable(name: "blackbox-pg", targets: ["blackbox-pg"])]
}

if net && !embedded {
    packages += [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ]
    targets += [
        .target(
            name: "ICOM",
            dependencies: [
                "Values", "ICOMWire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ], swiftSettings: strict),
        .target(
            name: "Upload",
            dependencies: [
                "CPlatform", "Values", "Segments", "Mission", "Replay",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: strict),
        .target(
            name: "Stream",
            dependencies: [
                "CPlatform", "Values", "WAL", "Segments", "Mission", "Archive", "Upload",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "blackbox-net",
            dependencies: [
                "CPlatform", "Values", "Segments", "Extension", "Mission", "Replay", "ICOM",
                "ICOMWire",
                "Upload", "Stream",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], path: "Tools/blackbox-net", swiftSettings: strict),
    ]
    targets += [
        tests(
            "ICOM",
            ["ICOM", "ICOMWire", "Values", .product(name: "Logging", package: "swift-log")]),
        tests(
            "Web",
            [
                "Upload", "Stream", "Replay", "Mission", "Segments", "WAL", "Values",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
    ]
    targets += [
        // The load of Tools/bench.
        .executableTarget(
            name: "icom-load",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tools/icom-load", swiftSettings: strict)
    ]
    targets += [
        .executableTarget(
            name: "web-load",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tools/web-load", swiftSettings: strict)
    ]
    products += [.executable(name: "icom-load", targets: ["icom-load"])]
    products += [.executable(name: "web-load", targets: ["web-load"])]
    products += [.executable(name: "blackbox-net", targets: ["blackbox-net"])]
}

let package = Package(
    name: "blackbox", products: products, dependencies: packages, targets: targets,
    swiftLanguageModes: [.v6])
