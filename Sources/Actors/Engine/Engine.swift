package import Domain
package import Logging
package import Providers
package import Store

/// The running system without HTTP and without the Internet: all actors, wired together. Each process has one. A real
/// process and the simulation make it from their own ``Dependencies``, so that the simulation runs what is shipped.
package struct Engine: Sendable {
    /// Identifies this process among all others. Each start has a new value.
    package let holder: String
    package let store: Store
    /// Nil in tests that set all clocks manually.
    package let clock: DatabaseClock?
    /// What everything goes by.
    package let time: TimeSource
    package let eventBus: EventBus
    package let configuration: ConfigurationCache
    package let context: IncidentContext
    package let directory: IncidentDirectory
    package let configurator: Configurator
    package let verification: Verification
    package let channelVerification: ChannelVerification
    /// Those of pages.
    package let providers: [any Provider]
    package let pages: PageQueue
    package let replies: ReplyDesk
    package let buttons: ButtonDesk
    package let slackAnswers: SlackAnswers
    package let ingest: Ingest
    package let heartbeats: HeartbeatReceiver
    package let drills: DrillDesk
    package let dutyHealth: DutyHealth
    package let payloads: PayloadLog
    package let supervisor: Supervisor
    /// The workers that commits claim for.
    package let idle: IdleWorkers
    let changeListener: ChangeListener
    let recorder: AttemptRecorder
    /// Nil if the administrators are not told of trouble.
    let watch: ProcessWatch?
    package let logger: Logger

    package init(_ settings: Settings, _ outside: Dependencies) {
        let logger = outside.logger
        self.logger = logger
        holder = outside.identifiers.next(Engine.self).rawValue
        store = Store(database: outside.database, identifiers: outside.identifiers, leaseClock: outside.leaseClock)
        logDamagedRows(of: store, logger)
        clock = databaseClock(store, outside)
        time = clock?.time ?? outside.host
        providers = outside.pageProviders(time)
        let posters = outside.postProviders(time)
        eventBus = EventBus()
        configuration = ConfigurationCache(store: store)
        idle = IdleWorkers()
        let commits = CommitQueue(store: store, eventBus: eventBus, time: time, idle: idle)
        context = IncidentContext(store: store, commits: commits, configuration: configuration, time: time)
        directory = IncidentDirectory(context: context)
        let followUps = FollowUpWorker(context: context, directory: directory, eventBus: eventBus, logger: logger)
        configurator = Configurator(context: context, followUps: followUps)
        pages = PageQueue(context: context, directory: directory, eventBus: eventBus, followUps: followUps)
        replies = ReplyDesk(context: context, directory: directory, configurator: configurator, pages: pages)
        buttons = ButtonDesk(context: context, directory: directory)
        slackAnswers = SlackAnswers(send: outside.slack, logger: logger)
        ingest = Ingest(directory: directory, context: context)
        heartbeats = HeartbeatReceiver(context: context, ingest: ingest, eventBus: eventBus)
        drills = DrillDesk(ingest: ingest, context: context, logger: logger)
        dutyHealth = DutyHealth()
        payloads = PayloadLog(store: store, time: time, logger: logger)
        recorder = AttemptRecorder(store: store, time: time, logger: logger)
        changeListener = ChangeListener(
            store: store, configuration: configuration, directory: directory, eventBus: eventBus, time: time,
            logger: logger)
        verification = Verification(
            context: context, configurator: configurator, pages: pages, keys: outside.keys)
        let wiring = Wiring(
            settings: settings, outside: outside, clock: clock, context: context, directory: directory,
            eventBus: eventBus, followUps: followUps)
        let poster = wiring.poster(posters)
        channelVerification = ChannelVerification(
            context: context, configurator: configurator, poster: poster, keys: outside.keys)
        watch = wiring.processWatch(posters)
        let dispatcher = wiring.dispatcher(
            providers, idle: idle, recorder: recorder,
            companions: [poster] + wiring.telegramListener(replies) + wiring.twinWatch(ingest))
        supervisor = wiring.supervisor(
            holder: holder, dispatcher: dispatcher, heartbeats: heartbeats, drills: drills, health: dutyHealth)
    }
}

private func logDamagedRows(of store: Store, _ logger: Logger) {
    store.damagedRows.onNew { row in
        logger.error(
            "a row can't be read and is ignored",
            metadata: ["table": "\(row.table)", "id": "\(row.id)", "reason": "\(row.reason)"])
    }
}

private func databaseClock(_ store: Store, _ outside: Engine.Dependencies) -> DatabaseClock? {
    switch outside.leaseClock {
    case .database: DatabaseClock(store: store, host: outside.host, logger: outside.logger)
    case .manual: nil
    }
}
