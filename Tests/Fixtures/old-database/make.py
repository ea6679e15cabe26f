"""Makes database.sql: a database as PagerPal left it at commit 7d58ee6, before stored JSON had forms of its own.

    git worktree add /tmp/old 7d58ee6 && (cd /tmp/old && swift build)
    PAGERPAL_BINARY=/tmp/old/.build/debug/pagerpal python3 Tests/Fixtures/old-database/make.py

Only that binary can make it again. It takes about two minutes, because an acknowledgement lasts at least one minute.
Everything goes through the command line and the HTTP API. The script then dumps SQLite's rows as INSERT statements that
PostgreSQL takes too; a test creates the tables with migrations 1 to 6 first.
"""
import json
import os
import pathlib
import sqlite3
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "Processes"))
from pagerpal import PagerPal, StandIn, wait_for  # noqa: E402

BINARY = os.environ["PAGERPAL_BINARY"]


class Maker:
    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-old-")) / "old.db"
        self.stand_in = StandIn()
        self.url = f"sqlite:///{self.path}"
        self.app = self.process(NOTIFICATION_SENDING_ENABLED="false")
        self.people, self.keys = {}, {}

    def process(self, **settings):
        app = PagerPal(BINARY, self.url, self.stand_in, 2)
        app.environment |= {
            "NOTIFICATION_BUNDLING_SECONDS": "0", "LOG_LEVEL": "critical", "INFOBIP_VOICE_SENDER": "38510000",
            "INFOBIP_RECEIPT_TOKEN": "receipts", **settings,
        }
        return app

    # Calls.
    def call(self, method, path, body=None, expect=(200, 201, 202, 204)):
        status, answer = self.app.request(
            method, f"/api/v1/{path}", None if body is None else json.dumps(body), Authorization=f"Bearer {self.token}")
        assert status in expect, (method, path, status, answer)
        return json.loads(answer) if answer else None

    def post(self, path, **body):
        return self.call("POST", path, body)

    def alert(self, source, title, **fields):
        return self.app.alert(self.keys[source], title=title, **fields)

    def open(self, source, title, **fields):
        return self.alert(source, title, **fields)["incident"]["number"]

    def act(self, number, action, **body):
        return self.post(f"incidents/{number}/{action}", **body)

    def state(self, number):
        return self.call("GET", f"incidents/{number}")["state"]

    def events(self, number):
        return [entry["text"] for entry in self.call("GET", f"incidents/{number}/timeline")["items"]]

    def pages(self, number):
        return self.call("GET", f"incidents/{number}/notifications")["items"]

    def wait_for_event(self, number, words, seconds=30):
        wait_for(lambda: any(words in text for text in self.events(number)), f"#{number}: {words}", seconds)

    def restart(self, **settings):
        self.app.stop()
        self.app = self.process(**settings).start()

    # What operators configure.
    def configure(self):
        self.app.command("seed")
        self.app.command("create-admin", "--email", "erin@example.com", "--name", "Erin", "--json")
        self.token = json.loads(self.app.command("create-token", "--email", "dana@example.com", "--json"))["token"]
        self.keys["Old key"] = json.loads(self.app.command("create-source", "--name", "Old key", "--json"))["key"]
        self.app.start()
        self.people = {user["name"]: user["id"] for user in self.call("GET", "users")["items"]}
        self.team = self.call("GET", "teams")["items"][0]["id"]
        self.storage = self.post("teams", name="Storage", member_ids=[self.people["Bob"], self.people["Cleo"]])["id"]
        self.configure_people()
        self.configure_schedules()
        self.configure_policies()
        self.configure_sources()
        self.configure_windows()
        self.configure_heartbeats()

    def configure_people(self):
        ada = self.people["Ada"]
        voice = self.post("contact-methods", user_id=ada, channel="voice", address="+385915550199", label="Night “phone”")
        self.post("contact-methods", user_id=self.people["Cleo"], channel="webhook", address="https://hooks.example.com/x")
        gone = self.post("contact-methods", user_id=self.people["Bob"], channel="email", address="old@example.com")["id"]
        self.call("DELETE", f"contact-methods/{gone}")
        known = {m["channel"]: m["id"] for m in self.call("GET", f"contact-methods?user={ada}")["items"]}
        mobile = known["sms"]
        rules = [
            {"urgency": "high", "delay_seconds": 0, "contact_method_id": mobile},
            {"urgency": "high", "delay_seconds": 3600, "contact_method_id": voice["id"]},
            {"urgency": "high", "delay_seconds": 1800, "contact_method_id": known["email"]},
            {"urgency": "low", "delay_seconds": 0, "contact_method_id": mobile},
        ]
        self.call("PUT", f"users/{ada}/notification-rules", {"rules": rules})
        quiet = {"from": "23:30", "to": "06:15"}
        self.call("PATCH", f"users/{ada}", {"quiet_hours": quiet, "notify_shift_ahead": True, "locale": "hr-HR"})
        self.call("PATCH", f"users/{self.people['Cleo']}", {"quiet_hours": None})
        frank = self.post("users", name="Frank", email="frank@example.com", role="viewer")["id"]
        self.call("DELETE", f"users/{frank}")

    def configure_schedules(self):
        ada, bob, cleo, dana = (self.people[name] for name in ("Ada", "Bob", "Cleo", "Dana"))
        layers = [
            {"name": "Months", "participants": [ada, None, bob], "start": "2026-01-01",
             "rotation": {"unit": "month", "count": 1, "hand_off": "08:30"}},
            {"name": "Nights", "participants": [cleo], "start": "2026-01-05", "end": "2027-01-04",
             "rotation": {"unit": "hour", "count": 12, "hand_off": "20:00"},
             "restrictions": [{"weekdays": [1, 2, 3, 4, 5], "from": "20:00", "to": "08:00"},
                              {"weekdays": [6, 7], "from": "09:00", "to": "24:00"}]},
        ]
        self.schedule = self.post("schedules", name="Storage", team_id=self.storage, time_zone="America/New_York", layers=layers)["id"]
        year = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-08T12:30:00Z"}
        for change in ({"type": "add", "user_id": ada}, {"type": "remove", "user_id": bob}, {"type": "only", "user_id": dana},
                       {"type": "replace", "user_id": cleo, "with_user_id": bob}):
            self.post("overrides", schedule_id=self.schedule, **change, **year)
        # A participant more, so that the rotation keeps a first place of its own.
        layers[0]["participants"] = [cleo, ada, None, bob]
        self.call("PATCH", f"schedules/{self.schedule}", {"layers": layers})

    def policy(self, name, targets, team=None, delay=3600, **fields):
        steps = [{"delay_seconds": delay, "targets": targets}]
        body = {"name": name, "team_id": team or self.team, "steps": steps, "repeats": 0, "routes": [], **fields}
        return self.post("escalation-policies", **body)["id"]

    def configure_policies(self):
        ada = [{"type": "user", "id": self.people["Ada"]}]
        bob = [{"type": "user", "id": self.people["Bob"]}]
        self.slow = self.policy("Slow", ada, acknowledgement_timeout_seconds=86400, final_action="notify_administrators")
        self.quick = self.policy("Quick end", ada, delay=1)
        self.minute = self.policy("One minute", ada, acknowledgement_timeout_seconds=60)
        self.later = self.policy("Later", bob, steps=[
            {"delay_seconds": 780, "targets": bob}, {"delay_seconds": 900, "targets": ada}], repeats=3)
        others = [{"type": "team", "id": self.storage}, {"type": "round_robin", "id": self.storage},
                  {"type": "schedule", "id": self.schedule}]
        routes = [
            {"policy_id": self.later, "severities": ["info", "warning"], "labels": {"tier": "2", "zone": "eu \"west\""},
             "hours": {"time_zone": "Europe/Zagreb", "weekdays": [1, 5], "from": "22:00", "to": "06:30"}},
            {"policy_id": self.slow, "labels": {"route": "slow"}},
        ]
        self.many = self.policy("Many targets", others, team=self.storage, urgent_severities=["critical"], routes=routes)
        # Erin has no contact method.
        erin = [{"type": "user", "id": self.people["Erin"]}]
        self.unreachable = self.policy("Unreachable", erin)
        self.partly = self.policy("Partly reachable", ada, steps=[
            {"delay_seconds": 60, "targets": erin}, {"delay_seconds": 3600, "targets": ada + erin}])
        gone = self.policy("Gone", bob)
        self.call("DELETE", f"escalation-policies/{gone}")

    def source(self, name, policy, team=None, **fields):
        made = self.post("alert-sources", name=name, team_id=team or self.team, policy_id=policy, **fields)
        self.keys[name] = made["key"]
        return made["id"]

    def configure_sources(self):
        self.source("Slow", self.slow, reopen_window_seconds=3600)
        self.source("Quick", self.quick)
        self.source("Unreachable", self.unreachable)
        self.source("Partly reachable", self.partly)
        self.source("Minute", self.minute)
        self.source("Later", self.later, auto_resolve_seconds=86400)
        self.source("Silence", self.slow, auto_resolve_seconds=60)
        self.source("Storage", self.many, team=self.storage, default_severity="warning")
        self.source("Groups", self.slow, options={"group_by": "service", "title": "Group"}, reopen_window_seconds=3600)
        hidden = self.source("Grafana", None, kind="grafana", options={"secret": "not for the audit log"})
        self.call("PATCH", f"alert-sources/{hidden}", {"is_enabled": False})
        self.held = self.source("Held", self.slow)

    def configure_windows(self):
        now = time.time()
        stamp = lambda at: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))  # noqa: E731
        self.window = self.post(
            "maintenance-windows", name="Upgrade of “db”", team_id=self.team, sources=[self.held], labels={"part": "held"},
            starts_at=stamp(now - 60), ends_at=stamp(now + 80 * 86400))["id"]
        self.short = self.post(
            "maintenance-windows", name="Short", team_id=self.team, sources=[self.held], labels={"part": "short"},
            starts_at=stamp(now - 60), ends_at=stamp(now + 80 * 86400))["id"]
        self.post("maintenance-windows", name="Sundays", team_id=self.storage, weekdays=[7], time_zone="Asia/Tokyo",
                  **{"from": "02:00", "to": "04:30"})

    def configure_heartbeats(self):
        def heartbeat(name, **fields):
            fields = {"period_seconds": 864000, "grace_seconds": 600, **fields}
            return self.post("heartbeats", name=name, team_id=self.team, policy_id=self.slow, **fields)

        self.beats = {name: heartbeat(name)["url"].rsplit("/", 1)[1] for name in ("Up", "New", "Started", "Failed", "Recovered")}
        self.beats["Late"] = heartbeat("Late", period_seconds=10, grace_seconds=1)["url"].rsplit("/", 1)[1]
        self.beats["Cron"] = heartbeat("Cron", period_seconds=None, cron="30 2 * * mon-fri", time_zone="Europe/Zagreb",
                                       severity="warning")["url"].rsplit("/", 1)[1]
        self.beats["Paused"] = heartbeat("Paused", paused=True)["url"].rsplit("/", 1)[1]

    def beat(self, name, signal=""):
        assert self.app.request("POST", f"/api/v1/heartbeats/{self.beats[name]}{signal}", "exit status 3\n")[0] == 200

    # What happens.
    def run_heartbeats(self):
        for name in ("Up", "Late", "Cron", "Paused", "Recovered"):
            self.beat(name)
        self.beat("Started", "/start")
        self.beat("Failed", "/fail")
        self.beat("Recovered", "/fail")
        self.beat("Recovered")

    def open_withheld(self):
        """While sending is disabled."""
        number = self.open("Slow", "Withheld", severity="critical")
        wait_for(lambda: any(page["state"] == "withheld" for page in self.pages(number)), "a page is withheld")

    def open_each_state(self):
        due = self.open("Later", "Due", severity="error", message="Two lines\nwith \"quotes\" and \\ and ünïcode 🚒",
                        url="https://grafana.example.com/d/1", labels={"host": "db-1", "zone": "eu \"west\""},
                        starts_at="2026-11-26T10:00:00.123Z")
        self.alert("Later", "Due", severity="critical", external_id=None)
        self.act(due, "notes", text="Looks like the disk.\nNot sure.")
        self.open("Unreachable", "Nobody to page", severity="critical")
        self.open("Partly reachable", "A step skipped", severity="critical", external_id="partly")
        self.alert("Partly reachable", "A deployment began", status="informational", external_id="partly")
        exhausted = self.open("Quick", "Exhausted", severity="critical")
        snoozed = self.open("Later", "Snoozed", severity="critical")
        self.act(snoozed, "snooze", minutes=40000)
        held = self.open("Held", "Held", labels={"part": "held"})
        released = self.open("Held", "Released", labels={"part": "short"})
        self.call("DELETE", f"maintenance-windows/{self.short}")
        self.wait_for_event(released, "is over")
        owned = self.open("Slow", "Acknowledged", severity="critical")
        self.act(owned, "acknowledge")
        self.act(owned, "acknowledge")
        forever = self.open("Later", "Acknowledged for ever", severity="critical")
        self.act(forever, "acknowledge")
        elsewhere = self.open("Later", "Acknowledged by its sender", severity="critical", external_id="sender")
        self.alert("Later", "Acknowledged by its sender", status="acknowledged", external_id="sender")
        self.minute_number = self.open("Minute", "Acknowledgement expired", severity="critical")
        self.act(self.minute_number, "acknowledge")
        self.silent = self.open("Silence", "Resolved by silence", severity="critical")
        self.wait_for_event(exhausted, "came to its end")
        assert (self.state(held), self.state(elsewhere)) == ("triggered", "acknowledged")

    def open_resolved(self):
        by_hand = self.open("Slow", "Resolved by hand", severity="critical")
        self.act(by_hand, "resolve")
        reopened = self.open("Slow", "Reopened by hand", severity="critical")
        self.act(reopened, "resolve")
        self.act(reopened, "reopen")
        for before in ("due", "acknowledged", "snoozed"):
            title = f"Resolved when {before}"
            number = self.open("Slow", title, severity="critical", external_id=title)
            if before == "acknowledged":
                self.act(number, "acknowledge")
            if before == "snoozed":
                self.act(number, "snooze", minutes=600)
            self.alert("Slow", title, status="resolved", external_id=title)
        resumed = self.open("Slow", "Resumed", severity="critical", external_id="resumed")
        self.alert("Slow", "Resumed", status="resolved", external_id="resumed")
        self.alert("Slow", "Resumed", severity="critical", external_id="resumed")
        assert self.state(resumed) == "triggered"
        moved = self.open("Slow", "Reassigned", severity="critical")
        self.act(moved, "reassign", policy="Later")
        self.act(moved, "escalate")
        raised = self.open("Storage", "Severity raised", severity="info", external_id="raised")
        self.alert("Storage", "Severity raised", severity="critical", external_id="raised")
        self.alert("Storage", "Routed", labels={"route": "slow"}, severity="warning")
        assert self.state(raised) == "triggered"

    def open_groups(self):
        for host in ("db-1", "db-2", "db-3"):
            self.alert("Groups", f"Slow {host}", external_id=host, severity="error", labels={"service": "db", "host": host},
                       starts_at="2026-11-26T10:00:00Z")
        self.alert("Groups", "Slow db-2", external_id="db-2", status="resolved", labels={"service": "db", "host": "db-2"})
        for status in ("firing", "resolved"):
            for host in ("web-1", "web \"2\""):
                self.alert("Groups", f"Slow {host}", external_id=host, status=status, labels={"service": "web", "host": host})

    def send_bad_payloads(self):
        for body in ("{", '[{"title": "Fine", "external_id": "fine"}, {"severity": "critical"}]', "[]"):
            self.app.request("POST", "/api/v1/alerts", body, **{"X-API-Key": self.keys["Slow"]})
        self.app.request("POST", "/api/v1/alerts", '{"title": "x", "status": "informational"}', **{"X-API-Key": self.keys["Slow"]})

    def report(self, message, group, name):
        body = {"results": [{"messageId": message, "status": {"groupId": group, "id": group, "name": name}}]}
        status, _ = self.app.request("POST", "/api/v1/receipts/infobip?token=receipts", json.dumps(body))
        assert status == 204, status

    def report_deliveries(self):
        def message(title):
            found = lambda: [id for id, text, _ in list(self.stand_in.arrivals) if title in text]  # noqa: E731
            return wait_for(found, f"the page of {title} arrived")[0]

        delivered = self.open("Slow", "Page delivered", severity="critical")
        self.report(message("Page delivered"), 3, "DELIVERED_TO_HANDSET")
        failed = self.open("Slow", "Page failed", severity="critical")
        self.report(message("Page failed"), 2, "UNDELIVERABLE_REJECTED_OPERATOR")
        for number, state in ((delivered, "delivered"), (failed, "failed")):
            wait_for(lambda: any(page["state"] == state for page in self.pages(number)), f"a page is {state}")
        method = next(m for m in self.call("GET", "contact-methods")["items"] if m["channel"] == "sms")
        self.call("POST", f"contact-methods/{method['id']}/test")
        self.call("POST", f"contact-methods/{method['id']}/send-code")
        message("code")

    def die_with_a_claimed_page(self):
        self.stand_in.delay = 30
        before = len(self.stand_in.arrivals)
        self.open("Slow", "Claimed", severity="critical")
        wait_for(lambda: len(self.stand_in.arrivals) > before, "the page was handed over")
        self.app.kill()

    def make(self):
        self.configure()
        self.open_withheld()
        self.restart()
        self.run_heartbeats()
        self.open_each_state()
        self.open_resolved()
        self.open_groups()
        self.send_bad_payloads()
        self.report_deliveries()
        self.wait_for_event(self.minute_number, "ran out", 90)
        self.wait_for_event(self.silent, "resolved", 90)
        # Payloads are written a moment after they were answered.
        time.sleep(2)
        self.die_with_a_claimed_page()


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"<blob {value.hex()}>"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


# Parents come before the rows that refer to them.
TABLES = """configuration counters leases teams users memberships contact_methods notification_rules schedules
escalation_policies alert_sources api_tokens incidents timeline pages attempts early_reports audit duties announced_shifts
calendar_links throttles payloads heartbeats heartbeat_states maintenance_windows""".split()


def dump(path):
    """One statement after another. A blob is written <blob hex>, which the test replaces with each database's own way to say it."""
    connection = sqlite3.connect(path)
    lines = ["-- Made by make.py with the binary of commit 7d58ee6. Do not edit."]
    for table in TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):
            lines.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(map(literal, row))});")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    maker = Maker()
    try:
        maker.make()
    finally:
        if maker.app.process:
            maker.app.process.kill()
    text = dump(maker.path)
    (HERE / "database.sql").write_text(text)
    print(f"{HERE / 'database.sql'}: {len(text):,} bytes")
