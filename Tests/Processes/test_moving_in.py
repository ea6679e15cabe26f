"""Imports what GoAlert, Grafana OnCall, Opsgenie and PagerDuty answer, applies it, and asks who is on call. Run by scripts/test."""
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import zoneinfo

from pagerpal import PagerPal, sqlite

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "moving-in"
ZAGREB = zoneinfo.ZoneInfo("Europe/Zagreb")
ANA, BO = "ana@example.com", "bo@example.com"
FIRST = datetime.datetime(2026, 1, 5, 9, tzinfo=ZAGREB)


def weekly(at, people, first=0):
    """Whose week it is in a rotation that began on 5 January 2026 at nine in Zagreb."""
    days = (at.astimezone(ZAGREB).date() - FIRST.date()).days - (at.astimezone(ZAGREB).hour < 9)
    return people[(days // 7 + first) % len(people)]


class MovingIn(unittest.TestCase):
    def move(self, product):
        """Imports, applies and serves. Returns the report."""
        files = sorted(str(file) for file in (FIXTURES / product).glob("*.json"))
        self.one = PagerPal(BINARY, sqlite())
        self.one.command("create-admin", "--email", "dana@example.com")
        done = subprocess.run(
            [BINARY, "import", product, *files], env=self.one.environment, capture_output=True, text=True, check=True)
        file = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-")) / "team.yaml"
        file.write_text(done.stdout)
        self.assertIn("nothing was changed", self.one.command("apply", str(file), "--plan"))
        self.one.command("apply", str(file))
        self.assertEqual(self.one.command("apply", str(file)), "Nothing to change.\n")
        self.token = json.loads(self.one.command("create-token", "--email", "dana@example.com", "--json"))["token"]
        self.one.start()
        self.addCleanup(self.one.stop)
        self.emails = {user["id"]: user["email"] for user in self.one.items("/api/v1/users", self.token)}
        for line in done.stderr.strip().split("\n"):
            self.assertIn(f"# {line}\n", done.stdout)
        return done.stderr

    def on_call(self, schedule, at):
        """The addresses of those on call."""
        found = next(item for item in self.one.items("/api/v1/schedules", self.token) if item["name"] == schedule)
        begin = at.astimezone(datetime.timezone.utc)
        end = begin + datetime.timedelta(seconds=1)
        span = f"from={begin:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"
        final = self.one.get(f"/api/v1/schedules/{found['id']}/shifts?{span}", self.token)["final"]
        return sorted(self.emails[person["id"]] for person in final[0]["people"]) if final else []

    def all(self, path):
        return {item["name"]: item for item in self.one.items(f"/api/v1/{path}", self.token)}

    def methods(self, email):
        user = next(user for user, address in self.emails.items() if address == email)
        found = self.one.get(f"/api/v1/contact-methods?user={user}", self.token)["items"]
        return {f"{item['channel']} {item['address']}" for item in found if item.get("verified_at")}

    def evenings(self):
        """Wednesday evenings at 20:00 in Zagreb, through some years."""
        return [datetime.datetime(2027, 1, 6, 20, tzinfo=ZAGREB) + datetime.timedelta(weeks=week) for week in range(0, 200, 7)]

    def test_pagerduty(self):
        report = self.move("pagerduty")
        for at in self.evenings():
            self.assertEqual(self.on_call("Primary", at), [BO])
            saturday = at + datetime.timedelta(days=3)
            person = weekly(saturday, [ANA, BO, None])
            self.assertEqual(self.on_call("Primary", saturday), [person] if person else [])
        self.assertEqual(self.on_call("Primary", datetime.datetime(2031, 6, 4, 12, tzinfo=ZAGREB)), [BO])
        self.assertEqual(self.on_call("Primary", datetime.datetime(2035, 6, 9, 12, tzinfo=ZAGREB)), [ANA])
        policy = self.all("escalation-policies")["Engineering"]
        self.assertEqual([step["delay_seconds"] for step in policy["steps"]], [600, 1800])
        self.assertEqual((policy["repeats"], len(policy["steps"][1]["targets"])), (2, 2))
        self.assertEqual({name: item["kind"] for name, item in self.all("alert-sources").items()}, {"Shop": "pagerduty", "Shop 2": "nagios"})
        self.assertEqual(self.methods(ANA), {"email ana@example.com", "sms +385915550101"})
        self.assertEqual(self.methods(BO), {"voice +4555501020"})
        for words in ["the app of PagerDuty", "turn of nobody", "takes mail"]:
            self.assertIn(words, report)

    def test_opsgenie(self):
        report = self.move("opsgenie")
        for at in self.evenings():
            person = weekly(at, [ANA, BO, None])
            self.assertEqual(self.on_call("Platform_schedule, First line", at), [person] if person else [])
        sunday = datetime.datetime(2031, 6, 8, 20, tzinfo=ZAGREB)
        self.assertEqual(self.on_call("Platform_schedule, Days", sunday), [BO])
        self.assertEqual(self.on_call("Platform_schedule, Days", sunday.replace(hour=21)), [])
        for rotation in ["First line", "Days"]:
            saturday = datetime.datetime(2035, 6, 9, 6, tzinfo=ZAGREB)
            self.assertEqual(self.on_call(f"Platform_schedule, {rotation}", saturday), [BO])
        steps = self.all("escalation-policies")["Platform_escalation"]["steps"]
        self.assertEqual([step["delay_seconds"] for step in steps], [300, 3300, 300])
        self.assertEqual([len(step["targets"]) for step in steps], [2, 1, 1])
        kinds = {name: item["kind"] for name, item in self.all("alert-sources").items()}
        self.assertEqual(kinds, {"Prometheus of the shop": "alertmanager", "Scripts": "opsgenie"})
        self.assertEqual(self.methods(ANA), {"email ana@example.com", "sms +385915550101"})
        for words in ["2 rotations became schedules", "the app of Opsgenie", "mail has no counterpart"]:
            self.assertIn(words, report)

    def test_grafana_oncall(self):
        report = self.move("grafana-oncall")
        for at in self.evenings():
            self.assertEqual(self.on_call("Ops", at), [weekly(at, [ANA, BO], first=1)])
        self.assertEqual(self.on_call("Ops", datetime.datetime(2031, 6, 4, 12, tzinfo=ZAGREB)), [BO])
        self.assertEqual(self.on_call("Ops", datetime.datetime(2035, 6, 9, 12, tzinfo=ZAGREB)), [ANA])
        steps = self.all("escalation-policies")["Default"]["steps"]
        self.assertEqual([(step["delay_seconds"], len(step["targets"])) for step in steps], [(600, 1), (300, 2)])
        kinds = {name: item["kind"] for name, item in self.all("alert-sources").items()}
        self.assertEqual(kinds, {"Grafana Alerting": "grafana", "Scripts": "generic"})
        for words in ["no e-mail address", "no telephone numbers", "the step resolve"]:
            self.assertIn(words, report)

    def test_goalert(self):
        report = self.move("goalert")
        now = datetime.datetime.now(datetime.timezone.utc)
        # Who was active is active now, and the others follow.
        people = ["cleo@example.com", ANA, BO]
        for week in range(3):
            self.assertEqual(self.on_call("Primary, Weeks", now + datetime.timedelta(weeks=week)), [people[week]])
        night = datetime.datetime(2031, 6, 7, 23, tzinfo=ZAGREB)
        self.assertEqual(self.on_call("Primary, Bo Larsen", night), [BO])
        self.assertEqual(self.on_call("Primary, Bo Larsen", night + datetime.timedelta(days=2)), [])
        steps = self.all("escalation-policies")["Standard"]["steps"]
        self.assertEqual([(step["delay_seconds"], len(step["targets"])) for step in steps], [(900, 2), (600, 1)])
        self.assertEqual({name: item["kind"] for name, item in self.all("alert-sources").items()}, {"Shop": "alertmanager"})
        self.assertEqual(self.methods(ANA), {"email ana@example.com", "sms +385915550101"})
        self.assertEqual(self.methods(BO), {"voice +4555501020"})
        for words in ["#ops is not carried over", "for mail", "2 assignments became schedules", "make a heartbeat"]:
            self.assertIn(words, report)

    def test_what_is_no_export_is_refused(self):
        for name, text, code in [("x.json", "no JSON", 65), ("y.json", "{}", 65)]:
            file = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-")) / name
            file.write_text(text)
            done = subprocess.run([BINARY, "import", "pagerduty", str(file)], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (code, ""))


if __name__ == "__main__":
    unittest.main()
