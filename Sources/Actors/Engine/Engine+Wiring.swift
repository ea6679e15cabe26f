internal import Domain
internal import Providers

extension Engine {
    /// Makes the parts of the duties from what they have in common.
    struct Wiring {
        let settings: Settings
        let outside: Dependencies
        let clock: DatabaseClock?
        let context: IncidentContext
        let directory: IncidentDirectory
        let eventBus: EventBus
        let followUps: FollowUpWorker
    }
}

extension Engine.Wiring {
    /// Shows incidents in the channels of teams.
    func poster(_ providers: [any Provider]) -> ChannelPoster {
        ChannelPoster(
            providers: providers, composer: PostComposer(incidentLink: outside.links.incident),
            isSendingEnabled: settings.dispatch.isSendingEnabled, retry: settings.dispatch.retry, context: context,
            eventBus: eventBus, logger: outside.logger)
    }

    /// Nil if the administrators are not told of trouble.
    func processWatch(_ providers: [any Provider]) -> ProcessWatch? {
        guard settings.dispatch.tellsOfTrouble && settings.dispatch.isSendingEnabled else { return nil }
        return ProcessWatch(
            providers: providers, clocks: { [clock] in clock?.problems ?? [] }, host: settings.hostName,
            context: context, eventBus: eventBus, logger: outside.logger)
    }

    /// Empty if there is no bot.
    func telegramListener(_ replies: ReplyDesk) -> [any DutyCompanion] {
        outside.telegram.map { source in
            [TelegramListener(source: source, replies: replies, context: context, logger: outside.logger)]
        } ?? []
    }

    /// Empty if no twin is set.
    func twinWatch(_ ingest: Ingest) -> [any DutyCompanion] {
        outside.twin.map { source in
            [
                TwinWatch(
                    source: source, ingest: ingest, context: context, eventBus: eventBus, logger: outside.logger)
            ]
        } ?? []
    }

    func dispatcher(
        _ providers: [any Provider], idle: IdleWorkers, recorder: AttemptRecorder, companions: [any DutyCompanion]
    ) -> Dispatcher {
        let composer = MessageComposer(
            store: context.store, acknowledgementLink: outside.links.acknowledgement, linkCode: outside.links.code,
            incidentLink: outside.links.incident, time: context.time)
        return Dispatcher(
            providers: providers, settings: settings.dispatch, composer: composer, context: context,
            directory: directory, eventBus: eventBus, followUps: followUps, recorder: recorder, idle: idle,
            beat: outside.beat, companions: companions, logger: outside.logger)
    }

    func supervisor(
        holder: String, dispatcher: Dispatcher, heartbeats: HeartbeatReceiver, drills: DrillDesk, health: DutyHealth
    ) -> Supervisor {
        let (store, time, logger) = (context.store, context.time, outside.logger)
        return Supervisor(
            holder: holder, settings: settings.supervision, store: store,
            clock: EscalationClock(store: store, directory: directory, eventBus: eventBus, time: time, logger: logger),
            heartbeats: HeartbeatClock(
                store: store, configuration: context.configuration, heartbeats: heartbeats, eventBus: eventBus,
                time: time, logger: logger),
            handoffs: HandoffClock(context: context, eventBus: eventBus, logger: logger),
            followUps: FollowUpClock(context: context, worker: followUps, logger: logger),
            retention: RetentionClock(policy: settings.retention, store: store, time: time, logger: logger),
            search: SearchClock(store: store, eventBus: eventBus, time: time, logger: logger),
            drills: drills, dispatcher: dispatcher, health: health, eventBus: eventBus, time: time, logger: logger)
    }
}
