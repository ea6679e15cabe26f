// swift-tools-version: 6.2
import PackageDescription

/// Settings of every module of PagerPal: what is implicit elsewhere is spelled out here, and a warning stops the build.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let rsa = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")

let package = Package(
    name: "pagerpal",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pagerpal", targets: ["App"]),
        .executable(name: "simulate", targets: ["SimulationCommand"]),
        .executable(name: "micro", targets: ["MicroBenchmarks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CThreads"),
        .target(name: "CAssets", exclude: ["files"]),

        .target(name: "Domain", dependencies: ["Formats"], swiftSettings: strict),
        .target(name: "Formats", swiftSettings: strict),
        .target(
            name: "Integrations", dependencies: ["Domain", "Formats", asn1, certificates, crypto], swiftSettings: strict
        ),
        .target(name: "Database", dependencies: ["CPostgres", "CSQLite", "CThreads", deque], swiftSettings: strict),
        .target(name: "Store", dependencies: ["Domain", "Formats", "Database", "CAssets"], swiftSettings: strict),
        .target(name: "Providers", dependencies: ["Domain", "CCurl", "CThreads", crypto], swiftSettings: strict),
        .target(
            name: "Actors",
            dependencies: [
                "Domain", "Formats", "Database", "Store", "Providers", "CAssets", logging, lifecycle, crypto, rsa,
                deque,
            ],
            swiftSettings: strict),
        .target(
            name: "Transport",
            dependencies: [
                "Domain", "Formats", "Integrations", "Database", "Store", "Providers", "Actors", "CZlib", logging,
                crypto,
                lifecycle, httpTypes, hummingbird, nio, nioHTTP1, nioHTTP,
            ], swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                "Domain", "Formats", "Integrations", "Database", "Store", "Providers", "Actors", "Transport", "CAssets",
                logging, crypto, lifecycle, httpTypes, hummingbird, nio,
            ], swiftSettings: strict),
        .executableTarget(
            name: "App",
            dependencies: [
                "Domain", "Formats", "Integrations", "Database", "Store", "Providers", "Actors", "Transport", "Web",
                logging, lifecycle, crypto, hummingbird, nio, nioHTTP, rsa,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), "Yams",
            ], swiftSettings: strict),

        .target(
            name: "TestSupport",
            dependencies: ["Domain", "Database", "Store", asn1, certificates, crypto, rsa], path: "Tests/Support",
            swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: ["Domain", "Database", "Store", "Providers", "Actors", "TestSupport", logging, lifecycle],
            path: "Tests/Simulation", swiftSettings: strict),
        .executableTarget(
            name: "SimulationCommand",
            dependencies: ["Domain", "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/SimulationCommand", swiftSettings: strict),
        .executableTarget(
            name: "MicroBenchmarks",
            dependencies: ["Domain", "Integrations", "Database", "Store", "Actors", "Web", "TestSupport"],
            path: "Tests/MicroBenchmarks", swiftSettings: strict),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "Formats", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "DatabaseTests", dependencies: ["Database", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "StoreTests", dependencies: ["Domain", "Formats", "Database", "Store", "TestSupport"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "ActorsTests", dependencies: ["Domain", "Database", "Store", "Actors", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ProvidersTests", dependencies: ["Domain", "Providers", "TestSupport", crypto],
            exclude: ["smtp_server.py"],
            swiftSettings: strict),
        .testTarget(
            name: "IntegrationsTests",
            dependencies: ["Domain", "Formats", "Integrations", "TestSupport", asn1, certificates, crypto, rsa],
            swiftSettings: strict),
        .testTarget(
            name: "AppTests",
            dependencies: [
                "App", "Domain", "Formats", "Database", "Store", "Providers", "Actors", "Integrations", "Transport",
                "Web",
                "TestSupport", logging, lifecycle, nio, crypto, .product(name: "NIOEmbedded", package: "swift-nio"),
            ], swiftSettings: strict),
    ]
)
