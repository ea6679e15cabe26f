"""Debian's Prometheus, which sends to PagerPal without an Alertmanager. Run by scripts/test.

With PAGERPAL_WRITE_DOCS set, what happened is written to docs/integrations.md instead of compared.
"""
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

from pagerpal import PagerPal, StandIn, free_port, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "integrations.md"
BEGIN, END = "<!-- The following is written by test_prometheus.py: do not edit it here. -->\n", "<!-- End of the transcript. -->\n"
RULES = """groups:
  - name: shop
    interval: 1s
    rules:
      - alert: BackupLate
        expr: backup_age_hours > 24
        labels: {severity: critical}
        annotations: {summary: The backup of db1 is late}
"""
SETTINGS = """global:
  evaluation_interval: 1s
  scrape_interval: 1s
rule_files: [rules.yml]
scrape_configs:
  - job_name: backup
    static_configs:
      - targets: ["{target}"]
alerting:
  alertmanagers:
    - authorization: {{credentials: {key}}}
      static_configs:
        - targets: ["{address}"]
"""


class Backup(http.server.BaseHTTPRequestHandler):
    """A program that says how old the backup is."""

    hours = 30

    def do_GET(self):
        body = f"backup_age_hours {Backup.hours}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("prometheus"), "prometheus is not installed")
class Prometheus(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-prometheus-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.one = PagerPal(BINARY, sqlite(), StandIn())
        _, self.token = self.one.prepare()
        made = self.one.command("create-source", "--name", "Prometheus", "--kind", "alertmanager", "--json")
        self.key = json.loads(made)["key"]
        self.one.start()
        self.addCleanup(self.one.stop)
        self.backup = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backup)
        threading.Thread(target=self.backup.serve_forever, daemon=True).start()
        self.addCleanup(self.backup.shutdown)
        self.lines = []

    def run_prometheus(self):
        self.say("prometheus --config.file=prometheus.yml --rules.alert.resend-delay=1s")
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--rules.alert.resend-delay=1s",
             f"--web.listen-address=127.0.0.1:{free_port()}"],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.process.kill)

    def say(self, command):
        self.lines += ["", f"    $ {command}"]

    def show(self, state):
        """Waits until the newest incident is in a state, and adds what a person reads of it."""
        def newest():
            items = self.one.get("/api/v1/incidents?limit=1", self.token)["items"]
            return items[0] if items and items[0]["state"] == state else None

        incident = wait_for(newest, f"an incident is {state}", seconds=60)
        events = self.one.get(f"/api/v1/incidents/{incident['number']}/timeline", self.token)["items"]
        said = [f"{event['author']} {event['text']}" for event in events]
        last = next(text for text in said if "resolved" in text) if state == "resolved" else said[0]
        self.say("pagerpal incidents")
        self.lines.append(f"    #{incident['number']} {incident['severity']} {incident['state']}: {incident['title']} ({last})")

    def test_alerts_open_and_resolve_incidents_and_end_when_prometheus_goes_silent(self):
        settings = SETTINGS.format(
            key=self.key, address=f"127.0.0.1:{self.one.port}", target=f"127.0.0.1:{self.backup.server_port}")
        (self.folder / "prometheus.yml").write_text(settings)
        (self.folder / "rules.yml").write_text(RULES)
        shown = SETTINGS.format(key="KEY", address="pagerpal.example.org:8000", target="db1:9101")
        for name, text in [("prometheus.yml", shown), ("rules.yml", RULES)]:
            self.say(f"cat {name}")
            self.lines += [f"    {line}" for line in text.rstrip().split("\n")]
        self.run_prometheus()
        self.show("triggered")
        self.say("ssh db1 backup")
        Backup.hours = 0
        self.show("resolved")
        self.say("# a day later")
        Backup.hours = 25
        self.show("triggered")
        self.say("pkill -KILL prometheus")
        self.process.kill()
        self.show("resolved")
        self.compare("\n".join(self.lines).lstrip("\n") + "\n")

    def compare(self, text):
        page = PAGE.read_text()
        found = re.search(f"{re.escape(BEGIN)}(.*?){re.escape(END)}", page, re.S)
        self.assertIsNotNone(found, "docs/integrations.md lacks the marks of the transcript")
        if os.environ.get("PAGERPAL_WRITE_DOCS"):
            PAGE.write_text(page[:found.start(1)] + "\n" + text + "\n" + page[found.end(1):])
        else:
            self.assertEqual(found[1].strip("\n"), text.strip("\n"), "Run the test with PAGERPAL_WRITE_DOCS=1.")


if __name__ == "__main__":
    unittest.main()
