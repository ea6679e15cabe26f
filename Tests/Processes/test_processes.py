"""Tests the life cycle of real processes: kill -9, take-over, SIGSTOP, SIGTERM. Run by scripts/test.

    PAGERPAL_BINARY=.build/debug/pagerpal PAGERPAL_TEST_POSTGRES=postgresql://… python3 -m unittest discover Tests/Processes
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from pagerpal import PagerPal, StandIn, free_port, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
CLUSTER = os.environ.get("PAGERPAL_TEST_POSTGRES")
LEASE = 2


def postgres():
    name = f"processes_{os.getpid()}_{time.monotonic_ns()}"
    subprocess.run(["psql", "-q", CLUSTER, "-c", f"CREATE DATABASE {name}"], check=True)
    return CLUSTER.replace("/postgres?", f"/{name}?")


def allow_connections(database, is_allowed):
    """Refuses connections and closes the existing ones, or allows connections again."""
    name = database.split("/")[-1].split("?")[0]
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    change = f"ALTER DATABASE {name} ALLOW_CONNECTIONS {'true' if is_allowed else 'false'}"
    commands = [change] if is_allowed else [change, cut]
    subprocess.run(
        ["psql", "-q", CLUSTER, "-o", "/dev/null"] + [part for each in commands for part in ("-c", each)], check=True
    )


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    except OSError:
        return False


DATABASES = [sqlite] + ([postgres] if CLUSTER else [])


def texts_before_and_after_kill_9(database, alerts):
    """The message that a provider has taken without an answer, and the one that the next process sends in its place."""
    stand_in = StandIn(delay=30)
    one = PagerPal(BINARY, database, stand_in, LEASE)
    key, token = one.prepare()
    one.start()
    one.request("POST", "/api/v1/alerts", json.dumps(alerts), **{"X-API-Key": key})
    wait_for(lambda: stand_in.arrivals, "the message arrived")
    one.kill()
    stand_in.delay = 0
    one.start()
    wait_for(lambda: len(stand_in.arrivals) == 2, "the message arrived again")
    one.stop()
    (first_id, first, _), (second_id, second, _) = stand_in.arrivals
    if first_id != second_id:
        raise AssertionError(f"the same message has two ids, {first_id} and {second_id}")
    return first, second


class Crash(unittest.TestCase):
    def test_every_alert_that_was_answered_is_there_after_kill_9_with_its_pages(self):
        for database in DATABASES:
            with self.subTest(database.__name__):
                stand_in = StandIn()
                one = PagerPal(BINARY, database(), stand_in, LEASE)
                key, token = one.prepare()
                one.start()
                answered, stop = [], threading.Event()

                def load(worker):
                    number = 0
                    while not stop.is_set():
                        number += 1
                        name = f"load {worker} {number}"
                        try:
                            one.alert(key, title=name, external_id=name)
                            answered.append(name)
                        except (OSError, AssertionError):
                            return

                workers = [threading.Thread(target=load, args=(index,)) for index in range(8)]
                for worker in workers:
                    worker.start()
                wait_for(lambda: len(answered) > 200, "200 alerts were answered")
                one.kill()
                stop.set()
                for worker in workers:
                    worker.join()
                one.start()
                titles = {item["title"] for item in one.items("/api/v1/incidents", token)}
                self.assertEqual(set(answered) - titles, set())
                wait_for(lambda: one.is_idle(token), "all pages left", seconds=60)
                pages = [page for page in one.items("/api/v1/notifications", token) if page["channel"] == "sms"]
                self.assertEqual({page["incident"] for page in pages if page["state"] == "sent"}, {page["incident"] for page in pages})
                self.assertEqual(one.stop()[0], 0)

    def test_what_was_handed_over_without_an_answer_is_sent_again_and_marked(self):
        for database in DATABASES:
            with self.subTest(database.__name__):
                first, second = texts_before_and_after_kill_9(database(), [{"title": "Disk full"}])
                self.assertNotIn("possible duplicate", first)
                self.assertIn("possible duplicate", second)

    def test_a_message_with_several_incidents_that_is_sent_again_is_marked_too(self):
        for database in DATABASES:
            with self.subTest(database.__name__):
                first, second = texts_before_and_after_kill_9(database(), [{"title": "One"}, {"title": "Two"}])
                self.assertIn("2 unacknowledged incidents:", first)
                self.assertIn("2 unacknowledged incidents (possible duplicate):", second)


class Shutdown(unittest.TestCase):
    def test_SIGTERM_finishes_what_is_in_flight_and_exits_0(self):
        for database in DATABASES:
            with self.subTest(database.__name__):
                stand_in = StandIn(delay=1)
                one = PagerPal(BINARY, database(), stand_in, LEASE)
                key, token = one.prepare()
                one.start()
                wait_for(lambda: one.holds_lease(token), "it holds the lease")
                one.alert(key, title="Disk full")
                wait_for(lambda: stand_in.arrivals, "the page arrived")
                code, seconds = one.stop()
                self.assertEqual(code, 0)
                self.assertLess(seconds, 10)
                one.start()
                states = [page["state"] for page in one.items("/api/v1/notifications", token) if page["channel"] == "sms"]
                self.assertEqual(states, ["sent"])
                self.assertEqual(len(stand_in.arrivals), 1)
                one.stop()

    def test_bad_settings_are_all_told_and_exit_78(self):
        one = PagerPal(BINARY, "mysql://x", PAGERPAL_PORT="0x", ENVIRONMENT="production", LOG_FORMAT="xml")
        result = subprocess.run([BINARY, "serve"], env=one.environment | {"SECRET_KEY": "changeme"}, capture_output=True, text=True)
        self.assertEqual(result.returncode, 78)
        for variable in ["DATABASE_URL", "PAGERPAL_PORT", "SECRET_KEY", "PAGERPAL_BASE_URL", "LOG_FORMAT"]:
            self.assertIn(variable, result.stderr)
        self.assertNotIn("changeme", result.stderr)


class SQLite(unittest.TestCase):
    def test_what_the_command_line_creates_counts_at_once_in_the_process_that_serves(self):
        one = PagerPal(BINARY, sqlite())
        _, token = one.prepare()
        one.start()
        key = json.loads(one.command("create-source", "--name", "New", "--json"))["key"]
        self.assertEqual(one.alert(key, title="x")["status"], "created")
        self.assertEqual(len(one.items("/api/v1/incidents", token)), 1)
        one.stop()


class CommandLine(unittest.TestCase):
    def test_the_demo_team_goes_beside_what_is_there_once(self):
        one = PagerPal(BINARY, sqlite())
        one.command("create-admin", "--email", "you@example.com")
        one.command("create-admin", "--email", "dana@example.com", "--name", "Somebody else")
        self.assertIn("The team Demo is there", one.command("seed"))
        self.assertIn("The demo team Demo is there already", one.command("seed"))
        key = json.loads(one.command("create-source", "--name", "New", "--team", "Demo", "--json"))["key"]
        token = json.loads(one.command("create-token", "--email", "you@example.com", "--json"))["token"]
        one.start()
        self.assertEqual(one.alert(key, title="x")["status"], "created")
        self.assertEqual({user["email"] for user in one.items("/api/v1/users", token)},
                         {"you@example.com", "ada@example.com", "bob@example.com", "cleo@example.com", "dana@example.com"})
        one.stop()

    def test_a_source_of_aws_takes_signed_messages_only_unless_it_is_told_otherwise(self):
        one = PagerPal(BINARY, sqlite())
        one.command("create-admin", "--email", "you@example.com")
        create = ["create-source", "--kind", "cloudwatch", "--json", "--name"]
        closed = json.loads(one.command(*create, "Closed"))["key"]
        opened = json.loads(one.command(*create, "Open", "--options", '{"require_signature": false}'))["key"]
        one.start()
        for key, status in [(closed, 403), (opened, 201)]:
            answer = one.request("POST", "/api/v1/alerts/cloudwatch", "Something happened", **{"X-API-Key": key})
            self.assertEqual(answer[0], status, answer)
        one.stop()


class Log(unittest.TestCase):
    def test_no_address_with_a_secret_is_logged_in_full(self):
        one = PagerPal(BINARY, sqlite(), LOG_LEVEL="debug")
        with tempfile.TemporaryFile() as log:
            one.process = subprocess.Popen([BINARY, "serve"], env=one.environment, stdout=log, stderr=log)
            wait_for(one.is_healthy, "the process serves")
            paths = [
                "/a/hidden", "/password/reset/hidden", "/calendar/hidden.ics", "/api/v1/heartbeats/hb_hidden/fail",
                "/api/v1/alerts?key=hidden"]
            for path in paths:
                one.request("POST", path)
                one.request("GET", path)
            one.stop()
            log.seek(0)
            text = log.read().decode()
        for start in ["/a/…", "/password/reset/…", "/calendar/…", "/api/v1/heartbeats/hb_…", "/api/v1/alerts "]:
            self.assertIn(start, text)
        self.assertNotIn("hidden", text)

    def test_a_log_that_cannot_be_written_does_not_end_the_process(self):
        reader, writer = os.pipe()
        os.close(reader)
        with open("/dev/full", "wb") as full, os.fdopen(writer, "wb") as closed:
            for log in [full, closed]:
                one = PagerPal(BINARY, sqlite())
                one.process = subprocess.Popen([BINARY, "serve"], env=one.environment, stderr=log)
                wait_for(one.is_healthy, "the process serves")
                one.process.terminate()
                self.assertEqual(one.process.wait(20), 0)


@unittest.skipUnless(CLUSTER, "start PostgreSQL by scripts/test")
class Several(unittest.TestCase):
    def pair(self):
        stand_in, database = StandIn(), postgres()
        one, two = (PagerPal(BINARY, database, stand_in, LEASE) for _ in range(2))
        key, token = one.prepare()
        one.start()
        wait_for(lambda: one.holds_lease(token), "the first holds the lease")
        two.start()
        return one, two, key, token, stand_in

    def test_an_alert_to_either_process_is_paged_once(self):
        one, two, key, token, stand_in = self.pair()
        self.assertFalse(two.holds_lease(token))
        answers = []
        threads = [
            threading.Thread(target=lambda p=p: answers.append(p.alert(key, title="Same", external_id="same")))
            for p in [one, two] * 10
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({answer["incident"]["id"] for answer in answers}), 1)
        wait_for(lambda: stand_in.arrivals, "the page arrived")
        two.alert(key, title="Other")
        wait_for(lambda: len(stand_in.arrivals) == 2, "the other page arrived")
        # A process that came second may have used a number up.
        number = answers[0]["incident"]["number"]
        self.assertEqual(one.get(f"/api/v1/incidents/{number}", token)["alert_count"], 20)
        one.stop(), two.stop()

    def test_one_process_escalates_and_another_sends(self):
        stand_in, database = StandIn(), postgres()
        escalator = PagerPal(BINARY, database, stand_in, LEASE, NOTIFICATION_RETRY_WORKER_ENABLED="false")
        sender = PagerPal(BINARY, database, stand_in, LEASE, ESCALATION_WORKER_ENABLED="false")
        key, token = escalator.prepare()
        escalator.start()
        wait_for(lambda: escalator.get("/api/v1/status", token)["duties"]["escalation"]["is_ours"], "it escalates")
        health = json.loads(escalator.request("GET", "/health")[1])
        self.assertEqual((health["status"], health["duties"]["dispatch"]), ("degraded", "nobody"))
        self.assertIn("No process sends pages", health["problems"][0])
        sender.start()
        wait_for(lambda: json.loads(sender.request("GET", "/health")[1])["status"] == "ok", "both duties are done")
        duties = sender.get("/api/v1/status", token)["duties"]
        self.assertEqual({name: duty["is_ours"] for name, duty in duties.items()}, {"escalation": False, "dispatch": True})
        escalator.alert(key, title="Disk full")
        wait_for(lambda: stand_in.arrivals, "the page arrived")
        escalator.stop(), sender.stop()

    @unittest.skipUnless(shutil.which("pgbouncer"), "pgbouncer is not installed")
    def test_PgBouncer_works_with_sessions_and_is_refused_with_transactions(self):
        database = postgres()
        one = PagerPal(BINARY, database, lease=LEASE)
        _, token = one.prepare()
        server = urllib.parse.urlsplit(database)
        for mode in ("session", "transaction"):
            with self.subTest(mode), tempfile.TemporaryDirectory() as folder:
                port = free_port()
                configuration = pathlib.Path(folder, "pgbouncer.ini")
                configuration.write_text(
                    f"[databases]\n* = host={server.hostname} port={server.port} user={server.username}\n"
                    f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
                    f"pool_mode = {mode}\nlogfile = {folder}/log\n")
                user = ["-u", "nobody"] if os.getuid() == 0 else []
                pathlib.Path(folder).chmod(0o777)
                pooler = subprocess.Popen(["pgbouncer", "-q", *user, str(configuration)], stderr=subprocess.DEVNULL)
                try:
                    wait_for(lambda: is_open(port), "the pooler listens")
                    behind = PagerPal(BINARY, f"postgresql://{server.username}@127.0.0.1:{port}{server.path}", lease=LEASE)
                    if mode == "session":
                        behind.start()
                        wait_for(lambda: behind.holds_lease(token), "it holds the leases")
                        self.assertEqual(behind.stop()[0], 0)
                    else:
                        result = subprocess.run([BINARY, "serve"], env=behind.environment, capture_output=True, text=True)
                        self.assertEqual(result.returncode, 69)
                        self.assertIn("pool_mode = transaction", result.stderr)
                finally:
                    pooler.terminate()
                    pooler.wait()

    def test_kill_9_of_the_holder_and_the_other_takes_over_in_time(self):
        one, two, key, token, stand_in = self.pair()
        one.kill()
        started = time.monotonic()
        two.alert(key, title="After the crash")
        wait_for(lambda: stand_in.arrivals, "the page arrived")
        print(f"take-over after kill -9: {time.monotonic() - started:.2f} s with a lease of {LEASE} s")
        self.assertLess(time.monotonic() - started, LEASE + 1)
        two.stop()

    def test_SIGTERM_of_the_holder_and_the_other_takes_over_at_once(self):
        one, two, key, token, stand_in = self.pair()
        self.assertEqual(one.stop()[0], 0)
        started = time.monotonic()
        wait_for(lambda: two.holds_lease(token), "the other holds the lease")
        print(f"take-over after SIGTERM: {time.monotonic() - started:.2f} s")
        self.assertLess(time.monotonic() - started, 1)
        two.stop()

    def test_a_holder_that_was_frozen_writes_and_sends_nothing_under_its_old_epoch(self):
        one, two, key, token, stand_in = self.pair()
        epoch = two.get("/api/v1/status", token)["duties"]["dispatch"]["epoch"]
        one.freeze()
        wait_for(lambda: two.holds_lease(token), "the other took over")
        self.assertEqual(two.get("/api/v1/status", token)["duties"]["dispatch"]["epoch"], epoch + 1)
        for number in range(5):
            two.alert(key, title=f"While frozen {number}")
        wait_for(lambda: two.is_idle(token), "all left")
        sent = [entry[0] for entry in stand_in.arrivals]
        one.thaw()
        wait_for(one.is_healthy, "the old holder answers again")
        two.alert(key, title="After the thaw")
        wait_for(lambda: any("After the thaw" in text for text in stand_in.texts()), "the page arrived", seconds=20)
        self.assertFalse(one.holds_lease(token))
        self.assertEqual(len({entry[0] for entry in stand_in.arrivals}), len(stand_in.arrivals), "something was sent twice")
        self.assertEqual(sent, [entry[0] for entry in stand_in.arrivals][: len(sent)])
        one.stop(), two.stop()

    def test_SIGTERM_during_a_delivery_that_outlasts_the_lease_sends_nothing_twice(self):
        one, two, key, token, stand_in = self.pair()
        stand_in.delay = 3 * LEASE
        one.alert(key, title="Slow")
        wait_for(lambda: stand_in.arrivals, "the page arrived")
        self.assertEqual(one.stop()[0], 0)
        wait_for(lambda: two.holds_lease(token), "the other holds the lease")
        wait_for(lambda: two.is_idle(token), "nothing is left to send")
        states = [page["state"] for page in two.items("/api/v1/notifications", token) if page["channel"] == "sms"]
        self.assertEqual(states, ["sent"])
        self.assertEqual(len(stand_in.arrivals), 1)
        two.stop()

    def test_an_outage_of_the_database_that_outlasts_the_lease_sends_nothing_twice(self):
        stand_in, database = StandIn(delay=3 * LEASE), postgres()
        one = PagerPal(BINARY, database, stand_in, LEASE)
        key, token = one.prepare()
        one.start()
        wait_for(lambda: one.holds_lease(token), "it holds the lease")
        epoch = one.get("/api/v1/status", token)["duties"]["dispatch"]["epoch"]
        one.alert(key, title="Slow")
        wait_for(lambda: stand_in.arrivals, "the page arrived")
        allow_connections(database, False)
        wait_for(lambda: time.monotonic() > stand_in.arrivals[0][2] + 2 * LEASE, "the lease has run out")
        allow_connections(database, True)
        wait_for(one.is_healthy, "it is healthy again")

        def status():
            # The first request on a closed connection fails.
            code, body = one.request("GET", "/api/v1/status", Authorization=f"Bearer {token}")
            return json.loads(body) if code == 200 else {"lease": {"epoch": 0}}

        wait_for(lambda: status()["duties"]["dispatch"]["epoch"] > epoch, "it took the lease again")
        wait_for(lambda: not any(status().get("notifications", {"waiting": 1}).values()), "nothing is left to send")
        self.assertEqual(len(stand_in.arrivals), 1)
        one.stop()

    def test_the_database_goes_away_and_comes_back(self):
        stand_in, database = StandIn(), postgres()
        one = PagerPal(BINARY, database, stand_in, LEASE)
        key, token = one.prepare()
        one.start()
        allow_connections(database, False)
        wait_for(lambda: one.request("GET", "/health")[0] == 503, "health says so")
        self.assertEqual(one.request("GET", "/health/live")[0], 200)
        status, body = one.request("POST", "/api/v1/alerts", json.dumps({"title": "x"}), **{"X-API-Key": key})
        self.assertEqual(status, 503)
        self.assertNotIn(b"database", body)
        allow_connections(database, True)
        wait_for(one.is_healthy, "it is healthy again")
        one.alert(key, title="After the outage")
        wait_for(lambda: any("After the outage" in text for text in stand_in.texts()), "the page arrived")
        self.assertEqual(one.stop()[0], 0)

    def test_a_key_that_is_made_beside_one_process_works_at_once_on_the_other(self):
        one, two, key, token, _ = self.pair()
        new = json.loads(one.command("create-source", "--name", "New", "--json"))["key"]
        self.assertEqual(two.alert(new, title="x", status="resolved")["status"], "ignored")
        one.stop(), two.stop()


if __name__ == "__main__":
    unittest.main()
