import Domain
import Formats
import Integrations
import Testing

/// Senders that run next to the systems they monitor.
@Suite struct ServerIntegrationTests {
    @Test(arguments: zabbix)
    func `Zabbix's triggers are problems and recover`(sample: Sample) throws { try sample.check() }

    @Test(arguments: nagios)
    func `Nagios and Icinga notify of services and hosts`(sample: Sample) throws { try sample.check() }

    @Test(arguments: graylog + kapacitor)
    func `logs and series raise alerts`(sample: Sample) throws { try sample.check() }

    @Test(arguments: homeAssistant + ariaOperations)
    func `houses and clusters raise alerts`(sample: Sample) throws { try sample.check() }

    static let zabbix = [
        Sample(
            "the parameters of the set-up", "zabbix",
            """
            {"trigger_id": "14032", "event_id": "10528", "event_value": "1", "event_update_status": "0",
             "event_update_action": "{EVENT.UPDATE.ACTION}", "event_nseverity": "5", "event_name": "Disk of db1 is full",
             "opdata": "Used: 95 %", "host": "db1", "tags": "scope:capacity, urgent",
             "link": "https://zabbix.example.org/tr_events.php?triggerid=14032&eventid=10528"}
            """,
            Facts(
                .firing, "Disk of db1 is full", key: "14032", .critical,
                links: ["https://zabbix.example.org/tr_events.php?triggerid=14032&eventid=10528"], says: "Used: 95 %")),
        Sample(
            "it recovers, with another event", "zabbix",
            #"{"trigger_id": "14032", "event_id": "10530", "event_value": "0", "event_name": "Disk of db1 is full"}"#,
            Facts(.resolved, "Disk of db1 is full", key: "14032")),
        Sample(
            "somebody acknowledges it there", "zabbix",
            """
            {"trigger_id": "14032", "event_value": "1", "event_update_status": "1", "event_name": "Disk",
             "event_update_action": "acknowledged and commented", "event_update_message": "on it"}
            """, Facts(.acknowledged, "Disk", key: "14032", says: "on it")),
        Sample(
            "a comment alone never pages", "zabbix",
            """
            {"trigger_id": "14032", "event_value": "1", "event_update_status": "1", "event_name": "Disk",
             "event_update_action": "commented"}
            """, Facts(.informational, "Disk", key: "14032")),
        Sample(
            "words, and the trigger's id in the link", "zabbix",
            """
            {"hostname": "db1", "severity": "High", "status": "RESOLVED", "trigger": "Disk is full",
             "item": "Used is 40 %", "link": "https://zabbix.example.org/tr_events.php?eventid=2&triggerid=9"}
            """,
            Facts(
                .resolved, "Disk is full", key: "9", .error,
                links: ["https://zabbix.example.org/tr_events.php?eventid=2&triggerid=9"])),
        Sample(
            "macros that could not be filled in", "zabbix",
            #"{"trigger_id": "{TRIGGER.ID}", "event_id": "7", "event_value": "1", "event_name": "Service is down"}"#,
            Facts(.firing, "Service is down", key: "7")),
    ]

    static let nagios = [
        Sample(
            "a service, as a form", "nagios",
            "NOTIFICATIONTYPE=PROBLEM&HOSTNAME=db1&SERVICEDESC=disk&SERVICESTATE=UNKNOWN&SERVICEOUTPUT=no+answer"
                + "&LONGSERVICEOUTPUT=a%5Cnb&TIMET=1772334000&SERVICENOTESURL=https%3A%2F%2Fwiki.example.org%2Fdisk",
            Facts(
                .firing, "db1/disk: no answer", key: "db1!disk", .warning, links: ["https://wiki.example.org/disk"],
                starts: "2026-03-01T03:00:00Z", says: "a\nb")),
        Sample(
            "Latin-1 of an old script", "nagios",
            "NOTIFICATIONTYPE=PROBLEM&HOSTNAME=k%FCche&HOSTSTATE=UNREACHABLE&HOSTOUTPUT=kein+Weg",
            Facts(.firing, "küche: kein Weg", key: "küche", .warning)),
        Sample(
            "names of a command's environment", "nagios_icinga",
            """
            {"NAGIOS_NOTIFICATIONTYPE": "RECOVERY", "NAGIOS_HOSTNAME": "db1", "NAGIOS_SERVICEDESC": "disk",
             "NAGIOS_SERVICESTATE": "OK", "NAGIOS_SERVICEOUTPUT": "DISK OK", "NAGIOS_HOSTSTATE": "UP"}
            """, Facts(.resolved, "db1/disk: DISK OK", key: "db1!disk")),
        Sample(
            "a host", "icinga",
            #"{"type": "PROBLEM", "host_name": "db1", "host_state": "DOWN", "host_output": "100 % loss"}"#,
            Facts(.firing, "db1: 100 % loss", key: "db1", .critical)),
        Sample(
            "an acknowledgement", "nagios",
            """
            {"NOTIFICATIONTYPE": "ACKNOWLEDGEMENT", "HOSTNAME": "db1", "SERVICEDESC": "disk", "SERVICESTATE": "CRITICAL",
             "SERVICEOUTPUT": "full", "NOTIFICATIONAUTHOR": "Ada", "NOTIFICATIONCOMMENT": "on it"}
            """, Facts(.acknowledged, "db1/disk: full", key: "db1!disk", .critical, says: "Ada: on it")),
        Sample(
            "flapping and downtimes never page", "nagios",
            "NOTIFICATIONTYPE=FLAPPINGSTART&HOSTNAME=db1&SERVICEDESC=disk&SERVICESTATE=WARNING&SERVICEOUTPUT=full",
            Facts(.informational, "db1/disk: full", key: "db1!disk", .warning)),
        Sample(
            "without a type the state counts", "nagios",
            #"{"hostname": "db1", "service": "disk", "state": "OK", "output": "fine"}"#,
            Facts(.resolved, "db1/disk: fine", key: "db1!disk")),
    ]

    static let graylog = [
        Sample(
            "an event definition", "graylog",
            """
            {"event_definition_id": "d1", "event_definition_title": "Many errors", "event_definition_description": "",
             "event": {"id": "01J", "message": "Many errors: 12", "source": "log1", "key": "db1", "key_tuple": ["db1"],
             "priority": 3, "alert": true, "timestamp": "2026-03-01T03:00:00.000Z", "fields": {"count": "12"}},
             "backlog": [{"source": "db1", "message": "disk full"}]}
            """,
            Facts(
                .firing, "Many errors", key: "d1/db1", .error, starts: "2026-03-01T03:00:00Z", says: "db1: disk full")),
        Sample(
            "without a key the definition is the problem", "graylog",
            """
            {"event_definition_id": "d1", "event_definition_title": "Many errors",
             "event": {"id": "01K", "key": "", "key_tuple": [], "priority": 1, "alert": true}}
            """, Facts(.firing, "Many errors", key: "d1", .info)),
    ]

    static let kapacitor = [
        Sample(
            "a critical level", "kapacitor",
            """
            {"id": "disk:db1", "message": "disk:db1 is CRITICAL", "details": "", "level": "CRITICAL",
             "previousLevel": "OK", "time": "2026-03-01T03:00:00Z", "duration": 0, "data": {"series": [{"name": "disk",
             "tags": {"host": "db1"}, "columns": ["time", "used"], "values": [["2026-03-01T03:00:00Z", 95]]}]}}
            """,
            Facts(
                .firing, "disk:db1 is CRITICAL", key: "disk:db1", .critical, starts: "2026-03-01T03:00:00Z",
                says: "used = 95")),
        Sample(
            "OK again", "kapacitor",
            #"{"id": "disk:db1", "message": "disk:db1 is OK", "level": "OK", "previousLevel": "CRITICAL"}"#,
            Facts(.resolved, "disk:db1 is OK", key: "disk:db1")),
        Sample(
            "it is known on the generic route", "generic",
            #"{"id": "disk:db1", "message": "disk:db1 is OK", "level": "OK", "previousLevel": "CRITICAL"}"#,
            Facts(.resolved, "disk:db1 is OK", key: "disk:db1")),
    ]

    static let homeAssistant = [
        Sample(
            "the notify service", "home-assistant", #"{"message": "Water in the cellar", "title": "Leak"}"#,
            Facts(.firing, "Leak", says: "Water in the cellar")),
        Sample(
            "a message in brackets, as a form", "homeassistant", "message=%5BLeak%5D+Water+in+the+cellar",
            Facts(.firing, "[Leak] Water in the cellar")),
        Sample(
            "a rest_command resolves by its tag", "home-assistant",
            #"{"title": "Leak", "message": "Dry again", "status": "resolved", "tag": "leak", "severity": "warning"}"#,
            Facts(.resolved, "Leak", key: "leak", .warning, says: "Dry again")),
        Sample(
            "clear_notification resolves too", "home-assistant",
            #"{"message": "clear_notification", "data": {"tag": "leak"}}"#,
            Facts(.resolved, "leak is cleared", key: "leak")),
    ]

    static let ariaOperations = [
        Sample(
            "an alert, by the generic route", "generic",
            """
            {"alertId": "a-1", "criticality": "ALERT_CRITICALITY_LEVEL_IMMEDIATE", "status": "ACTIVE",
             "resourceName": "db1", "alertName": "Disk latency", "info": "", "startDate": 1772334000000,
             "subType": "ALERT_SUBTYPE_PERFORMANCE_PROBLEM"}
            """,
            Facts(
                .firing, "db1: Disk latency", key: "a-1", .error, starts: "2026-03-01T03:00:00Z",
                says: "performance problem")),
        Sample(
            "cancelled", "vrealize",
            """
            {"alertId": "a-1", "criticality": "ALERT_CRITICALITY_LEVEL_CRITICAL", "status": "CANCELED",
             "resourceName": "db1", "info": "Disk latency", "cancelDate": 1772334600000}
            """, Facts(.resolved, "db1: Disk latency", key: "a-1", .critical, ends: "2026-03-01T03:10:00Z")),
    ]
}
