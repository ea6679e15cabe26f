internal import ArgumentParser

/// The command line. Exit codes follow sysexits(3): 64 usage, 69 unavailable, 78 configuration.
@main
struct PagerPal: AsyncParsableCommand {
    /// The version of this binary.
    static let release = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "pagerpal",
        abstract: "Receives alerts, pages the person on call, and escalates until somebody owns the problem.",
        version: release,
        subcommands: [
            ServeCommand.self, DemoCommand.self, MigrateCommand.self, CreateAdminCommand.self, CreateSourceCommand.self,
            CreateTokenCommand.self, SourcesCommand.self, ResetPasswordCommand.self, ResetFactorCommand.self,
            ResealCommand.self,
            PreviewCommand.self, SeedCommand.self, DoctorCommand.self, BackupCommand.self, RestoreCommand.self,
            ExportCommand.self, ApplyCommand.self, ImportCommand.self, OpenAPICommand.self,
            IncidentsCommand.self, AckCommand.self, OnCallCommand.self, PageCommand.self,
            PruneCommand.self,
            VersionCommand.self,
        ])
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    func run() { print("pagerpal \(PagerPal.release)") }
}
