"""One trial: processes under load, what is done to them, and what must be true afterwards."""
import collections
import contextlib
import csv
import dataclasses
import http.client
import io
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from carrier import Carrier, Reports
from ledger import Ledger
from nodes import Cluster, Node
from pagerpal import wait_for

"""An attempt that has begun takes this long to reach its provider, at most, on a busy machine."""
UNDER_WAY = 2.0
HEADS = ["scenario", "database", "violence", "alerts answered 2xx", "found", "acknowledged, resolved", "kept", "pages promised",
         "handed over", "failed visibly", "doubled", "of these marked", "after acknowledgement", "longest without escalator", "result"]


class Skipped(Exception):
    """This machine does not allow the scenario."""


@dataclasses.dataclass
class Verdict:
    row: list
    faults: list


class Trial:
    """
    - database: "SQLite", "PostgreSQL", or a URL with a function that reads it
    - processes: how many share the database
    """

    def __init__(self, name, binary, *, database="SQLite", processes=1, lease=1, seed=1, is_reporting=False, wire=None, folder=None,
                 logs=None, pace=0.15, repeats=1, url=None, cluster=None, clusters=(), places=()):
        self.name, self.kind, self.seed = name, database, seed
        self.folder = folder or pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-chaos-"))
        self.folder.chmod(0o755)
        self.logs = logs or pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-chaos-logs-"))
        self.stack = contextlib.ExitStack()
        self.carrier = Carrier(host=places[0][2] if places else "127.0.0.1", seed=seed)
        self.cluster, self.clusters = cluster, list(clusters)
        self.file = None
        if database == "SQLite":
            self.file = self.folder / "pagerpal.db"
            url = f"sqlite:///{self.file}"
        elif url is None:
            self.cluster = cluster or Cluster(self.folder, "one").create()
            self.clusters = self.clusters or [self.cluster]
            self.cluster.sql("CREATE DATABASE chaos")
            url = f"postgresql://pagerpal@{self.cluster.host}:{self.cluster.port}/chaos"
        more = {"INFOBIP_RECEIPT_TOKEN": Reports.TOKEN} if is_reporting else {}
        self.wires = [wire(self.cluster, number) for number in range(processes)] if wire else []
        urls = [f"postgresql://pagerpal@127.0.0.1:{each.port}/chaos" for each in self.wires] or [url] * processes
        self.nodes = [
            Node(binary, each, self.carrier, lease, self.logs, f"node{number}",
                 host=places[number][0] if places else "127.0.0.1", namespace=places[number][1] if places else None, **more)
            for number, each in enumerate(urls)]
        self.lease, self.pace, self.repeats = lease, pace, repeats
        self.acts, self.faults = collections.Counter(), []
        self.watch = None
        if is_reporting:
            self.carrier.reports = Reports(self.nodes, seed)

    def __enter__(self):
        key, self.token = self.nodes[-1].prepare()
        for node in self.nodes:
            node.start()
        wait_for(lambda: any(node.holds_lease(self.token) for node in self.nodes), "a process holds the leases")
        self._configure(self.nodes[-1])
        self.ledger = Ledger(self.nodes, key, self.token, pace=self.pace, seed=self.seed).start()
        self.watch = Watch(self.nodes, self.token)
        return self

    def __exit__(self, kind, error, trace):
        for node in self.nodes:
            if node.is_running():
                if node.is_frozen:
                    node.thaw()
                node.kill()
        if self.watch:
            self.watch.stop()
        for each in [*self.wires, self.carrier]:
            each.close()
        for cluster in self.clusters:
            cluster.stop()
        self.stack.close()

    def _configure(self, node):
        """Ada and Cleo, two seconds later Bob and Dana, all of it once more, and only by SMS."""
        def change(method, path, body=None):
            status, answer = node.request(method, f"/api/v1/{path}", json.dumps(body or {}), Authorization=f"Bearer {self.token}")
            assert status < 300, (path, status, answer)

        users = {user["name"]: user["id"] for user in node.items("/api/v1/users", self.token)}
        for contact in node.items("/api/v1/contact-methods", self.token):
            if contact["channel"] == "email":
                change("DELETE", f"contact-methods/{contact['id']}")
        policy = next(each for each in node.items("/api/v1/escalation-policies", self.token) if each["repeats"] == 1)
        steps = [{"delay_seconds": 2, "targets": [{"type": "user", "id": users[name]} for name in names]}
                 for names in (["Ada", "Cleo"], ["Bob", "Dana"])]
        change("PATCH", f"escalation-policies/{policy['id']}", {"steps": steps, "repeats": self.repeats, "final_action": "stay"})

        def knows(node):
            return node.get(f"/api/v1/escalation-policies/{policy['id']}", self.token)["steps"][0]["delay_seconds"] == 2

        for each in self.nodes:
            wait_for(lambda: knows(each), f"{each.name} knows the policy")

    def check_processes(self):
        """Starts what ended by itself, which is a fault."""
        for node in self.nodes:
            if not node.is_running():
                self.faults.append(f"ended: {node.name} ended by itself with {node.process.returncode}; its log is {node.log}")
                node.start()

    def settle(self, seconds=150):
        """Ends the violence and waits until nothing is due any more."""
        self.carrier.behave()
        for wire in self.wires:
            wire.calm()
        for node in self.nodes:
            if node.is_running() and node.is_frozen:
                node.thaw()
        self.check_processes()
        for node in self.nodes:
            wait_for(node.is_healthy, f"{node.name} is healthy again; its log is {node.log}", seconds=60)
        self.watch.stop()
        self.ledger.stop()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = self.query("""
                SELECT (SELECT count(*) FROM pages WHERE state IN ('queued', 'claimed') AND channel = 'sms'),
                  (SELECT count(*) FROM incidents WHERE state = 'triggered' AND next_escalation_at IS NOT NULL),
                  (SELECT count(*) FROM follow_ups)""")
            if all(int(count) == 0 for count in rows[0]):
                return
            time.sleep(0.3)

    def query(self, statement):
        """Reads the database itself, so that no mistake of the API can hide anything."""
        if self.file:
            with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as database:
                return database.execute(statement).fetchall()
        url = f"postgresql://pagerpal@{self.cluster.host}:{self.cluster.port}/chaos"
        text = subprocess.run(["psql", "-q", "--csv", "-t", url, "-c", statement], check=True, capture_output=True, text=True).stdout
        return [tuple(row) for row in csv.reader(io.StringIO(text))]

    def verdict(self):
        self.settle()
        verdict = judge(self)
        if verdict.faults:
            self.keep()
        return verdict

    def keep(self):
        """Writes down what the database can't tell."""
        for name, items in [("arrivals", self.carrier.arrivals), ("entries", self.ledger.entries.values())]:
            (self.logs / f"{name}.json").write_text("\n".join(json.dumps(dataclasses.asdict(item)) for item in items))

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.logs, ignore_errors=True)


def finish(trial):
    verdict = trial.verdict()
    if not verdict.faults:
        trial.stack.callback(trial.forget)
    return verdict


def holds(node, token):
    try:
        return node.holds_lease(token)
    except (OSError, AssertionError, ValueError):
        return False


class Watch:
    """Asks all processes, many times a second, whether they escalate."""

    def __init__(self, nodes, token):
        self.nodes, self.token = nodes, token
        self.longest, self.since = 0.0, time.monotonic()
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(node,), daemon=True) for node in nodes]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(5)

    def _ask(self, node):
        while not self.stopping.wait(0.03):
            asked = time.monotonic()
            try:
                connection = http.client.HTTPConnection(node.host, node.port, timeout=2)
                try:
                    connection.request("GET", "/api/v1/status", headers={"Authorization": f"Bearer {self.token}"})
                    duties = json.loads(connection.getresponse().read())["duties"]
                finally:
                    connection.close()
            except (OSError, ValueError, KeyError, http.client.HTTPException):
                continue
            if duties["escalation"]["is_ours"]:
                with self.lock:
                    self.longest = max(self.longest, asked - self.since)
                    self.since = max(self.since, time.monotonic())


def judge(trial):
    """Compares what was answered, what was stored and what the carrier took."""
    entries = list(trial.ledger.entries.values())
    incidents = trial.query("SELECT id, title, state, alert_count, next_escalation_at, state_detail FROM incidents")
    pages = trial.query(
        "SELECT id, message_id, incident_id, state, claimed_at, fault FROM pages WHERE channel = 'sms' AND purpose = 'incident'")
    faults = list(trial.faults)
    by_title, title_of = collections.defaultdict(list), collections.defaultdict(str)
    for identifier, title, state, count, due, detail in incidents:
        by_title[title].append((state, int(count), due, identifier, detail))
        title_of[identifier] = title
    answered = sum(entry.answered for entry in entries)
    found = 0
    for entry in entries:
        stored = sum(count for _, count, _, _, _ in by_title[entry.title])
        found += min(stored, entry.answered)
        if stored < entry.answered:
            faults.append(f"lost: {entry.title}: {entry.answered} alerts were answered, {stored} are stored")
        if len(by_title[entry.title]) > 1:
            faults.append(f"twice: {entry.title} opened {len(by_title[entry.title])} incidents")
    decided = [entry for entry in entries if entry.acknowledged]
    kept = 0
    for entry in decided:
        states = {state for state, *_ in by_title[entry.title]}
        if states and states <= ({"resolved"} if entry.resolved else {"acknowledged", "resolved"}):
            kept += 1
        else:
            faults.append(f"forgotten: {entry.title} was owned or resolved, and is {states or 'gone'}")
    paged = collections.Counter(page[2] for page in pages)
    for entry in entries:
        for state, _, due, identifier, detail in by_title[entry.title]:
            if not paged[identifier]:
                faults.append(f"silent: {entry.title} has no page")
            if state == "triggered" and due not in (None, ""):
                faults.append(f"unfinished: {entry.title} is still due")
    counts = hand_overs(trial, pages, title_of, faults)
    acts = ", ".join(f"{count} {what}" for what, count in trial.acts.items())
    row = [trial.name, trial.kind, acts, answered, found, len(decided), kept, *counts, f"{trial.watch.longest:.2f} s",
           "holds" if not faults else f"**{len(faults)} faults**"]
    return Verdict(row, [f"{trial.name} on {trial.kind}: {fault}" for fault in faults])


def hand_overs(trial, pages, title_of, faults):
    """Counts pages promised, handed over, failed, doubled, marked, and handed over after an acknowledgement."""
    taken = collections.defaultdict(list)
    denied = set()
    with trial.carrier.lock:
        arrivals = list(trial.carrier.arrivals)
    for arrival in arrivals:
        if arrival.is_taken:
            taken[arrival.message].append(arrival)
        elif arrival.behavior == "deny":
            denied.add(arrival.message)
    promised = handed = failed = late = 0
    known = {page[1] for page in pages}
    for identifier, message, incident, state, claimed_at, fault in pages:
        if state not in ("cancelled", "withheld"):
            promised += 1
            handed += bool(taken[message])
            failed += state == "failed" and not taken[message]
            if state in ("queued", "claimed"):
                faults.append(f"stuck: page {identifier} of {title_of[incident]} is {state}: {fault}")
            elif state in ("sent", "delivered") and not taken[message] and message not in denied:
                faults.append(f"never left: page {identifier} of {title_of[incident]} is {state}")
        owner = trial.ledger.entries.get(title_of[incident])
        if not owner or not owner.acknowledged:
            continue
        at, wall = owner.acknowledged
        # The claim's time is the process's estimate of the database's clock, so the arrival must agree.
        is_late = claimed_at and int(claimed_at) / 1e6 > wall + 0.1 and any(copy.at > at for copy in taken[message])
        # A cancelled page is not in the later copies of its message. An unmarked copy is from the first claim, which was frozen.
        slow = [copy for copy in taken[message][1:] if copy.at > at + UNDER_WAY and copy.is_marked and state != "cancelled"]
        if is_late or slow:
            late += 1
            faults.append(f"after acknowledgement: page {identifier} of {title_of[incident]}, message {message}, is {state}; "
                          f"claimed {int(claimed_at or 0) / 1e6 - wall:+.3f} s, arrived {[round(a.at - at, 3) for a in taken[message]]} s")
    doubled = marked = 0
    for message, copies in taken.items():
        if not copies:
            continue
        if message not in known and not copies[0].text.startswith(("You are", "Your shift")):
            faults.append(f"unknown: message {message} left and is not stored: {copies[0].text[:80]!r}")
        # A process that was frozen after its last look at the lease may send its copy after the marked one.
        without = sum(not copy.is_marked for copy in copies)
        doubled += max(len(copies) - 1, 0)
        marked += len(copies) - max(without, 1)
        if without > 1:
            when = [f"{each.behavior} {each.at - copies[0].at:+.3f} s{' marked' * each.is_marked}" for each in copies]
            faults.append(f"unmarked: message {message} was handed over {len(copies)} times ({', '.join(when)}): {copies[-1].text[:90]!r}")
    return promised, handed, failed, doubled, marked, late
