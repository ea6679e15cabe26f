"""Faults that an operator meets, and the commands that help: real processes and files. Run by scripts/test."""
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from pagerpal import PagerPal, free_port, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
CLUSTER = os.environ.get("PAGERPAL_TEST_POSTGRES")


def run(arguments, env, cwd=None, user=None, timeout=120):
    return subprocess.run([BINARY, *arguments], env=env, cwd=cwd, user=user, capture_output=True, text=True, check=False, timeout=timeout)


def path_of(database):
    return pathlib.Path(database.removeprefix("sqlite:///"))


class Environment(unittest.TestCase):
    def test_an_env_file_that_cannot_be_read_stops_every_command_with_its_line(self):
        folder = tempfile.mkdtemp(prefix="pagerpal-")
        for content, line in ((b"ENVIRONMENT=production\r\nSECRET KEY=x\r\n", 2), (b"A=1\nhello\n", 2), ("A=1".encode("utf-16-le"), 1)):
            pathlib.Path(folder, ".env").write_bytes(content)
            done = run(["migrate", "--check"], {"PATH": os.environ["PATH"]}, folder)
            self.assertEqual(done.returncode, 78, done.stderr)
            self.assertIn(f".env, line {line}:", done.stderr)

    def test_an_env_file_of_windows_is_read(self):
        folder = tempfile.mkdtemp(prefix="pagerpal-")
        for content in ("ENVIRONMENT=production\r\n".encode(), "\ufeffexport ENVIRONMENT='production'\n".encode(), "ENVIRONMENT=production\r\n".encode("utf-16")):
            pathlib.Path(folder, ".env").write_bytes(content)
            done = run(["migrate", "--check"], {"PATH": os.environ["PATH"]}, folder)
            self.assertEqual(done.returncode, 78, done.stderr)
            self.assertIn("SECRET_KEY", done.stderr)

    def test_a_misspelled_setting_is_told(self):
        done = run(["migrate"], {"PATH": os.environ["PATH"], "DATABASE_URL": sqlite(), "PAGERPAL_PROT": "1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("warning: PAGERPAL_PROT: there is no such setting; did you mean PAGERPAL_PORT?", done.stderr)


class Start(unittest.TestCase):
    def test_all_that_a_process_says_as_json_is_json(self):
        def records(**settings):
            one = PagerPal(BINARY, sqlite(), LOG_FORMAT="json", PAGERPAL_PROT="1", **settings)
            done = run(["serve"], one.environment)
            return done.returncode, [json.loads(line) for line in done.stderr.splitlines()]

        with socket.create_server(("127.0.0.1", 0)) as taken:
            status, said = records(PAGERPAL_PORT=str(taken.getsockname()[1]))
        self.assertEqual(status, 69, said)
        self.assertIn("PAGERPAL_PROT", said[0]["message"])
        self.assertEqual(said[0]["level"], "warning")
        self.assertIn("Another process listens", said[-1]["message"])
        self.assertEqual(said[-1]["level"], "error")
        status, said = records(LOG_LEVEL="loud", PASSWORD_COST="99")
        self.assertEqual(status, 78, said)
        self.assertEqual(len(said), 1)
        for name in ("LOG_LEVEL", "PASSWORD_COST"):
            self.assertIn(name, said[0]["message"])

    def test_a_port_in_use_is_named_and_no_lease_is_taken(self):
        one = PagerPal(BINARY, sqlite())
        one.command("migrate")
        with socket.create_server(("127.0.0.1", one.port)):
            done = run(["serve"], one.environment)
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn(f"port {one.port}", done.stderr)
        self.assertIn("PAGERPAL_PORT", done.stderr)
        self.assertNotIn("the lease is ours", done.stderr)

    def test_an_address_of_another_host_is_refused(self):
        one = PagerPal(BINARY, sqlite(), PAGERPAL_HOST="192.0.2.1")
        done = run(["serve"], one.environment)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn("PAGERPAL_HOST", done.stderr)

    @unittest.skipUnless(os.getuid() == 0, "needs another user")
    def test_a_file_that_is_read_only_is_refused(self):
        database = sqlite()
        one = PagerPal(BINARY, database)
        one.command("migrate")
        folder = path_of(database).parent
        folder.chmod(0o755)
        path_of(database).chmod(0o444)
        nobody = 65534
        # The program must be readable by everyone, which a build folder may not be.
        copy = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-"), "pagerpal")
        copy.write_bytes(pathlib.Path(BINARY).read_bytes())
        copy.chmod(0o755)
        copy.parent.chmod(0o755)
        done = subprocess.run([copy, "serve"], env=one.environment, cwd="/", user=nobody, capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn("must be able to write the file and its folder", done.stderr)

    def test_a_damaged_file_gives_advice(self):
        database = sqlite()
        path_of(database).write_bytes(b"A" * 8192)
        done = run(["serve"], PagerPal(BINARY, database).environment)
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertIn("pagerpal restore", done.stderr)

    def test_a_database_that_comes_up_late_is_waited_for(self):
        if not CLUSTER:
            self.skipTest("needs PostgreSQL")
        name = f"late_{os.getpid()}"
        subprocess.run(["psql", "-q", CLUSTER, "-c", f"CREATE DATABASE {name} ALLOW_CONNECTIONS false"], check=True)
        one = PagerPal(BINARY, CLUSTER.replace("/postgres?", f"/{name}?"))
        process = subprocess.Popen([BINARY, "serve"], env=one.environment, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        line = process.stderr.readline()
        self.assertIn("Waiting up to 60 s for the database", line)
        subprocess.run(["psql", "-q", CLUSTER, "-c", f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"], check=True)
        wait_for(one.is_healthy, "the process serves")
        process.terminate()
        process.communicate(timeout=40)
        self.assertEqual(process.returncode, 0)


class Connections(unittest.TestCase):
    def test_idle_connections_do_not_keep_alerts_away(self):
        one = PagerPal(BINARY, sqlite())
        key, _ = one.prepare()
        # As on a machine of many cores, where the event loops have more files, some are open from the start.
        inherited = [os.open("/dev/null", os.O_RDONLY) for _ in range(15)]
        process = subprocess.Popen(
            ["bash", "-c", 'ulimit -n 64; exec "$0" serve', BINARY], env=one.environment, stderr=subprocess.PIPE, text=True,
            pass_fds=inherited)
        self.addCleanup(process.kill)
        for file in inherited:
            os.close(file)
        wait_for(one.is_healthy, "the process serves")
        idle = [socket.create_connection(("127.0.0.1", one.port)) for _ in range(100)]
        started = time.monotonic()
        one.alert(key, title="Disk full")
        self.assertLess(time.monotonic() - started, 5)
        for connection in idle:
            connection.close()
        process.terminate()
        _, log = process.communicate(timeout=40)
        self.assertIn("the maximum of connections is reached", log)

    def test_too_few_open_files_are_refused(self):
        done = subprocess.run(
            ["bash", "-c", 'ulimit -n 32; exec "$0" serve', BINARY], env=PagerPal(BINARY, sqlite()).environment, capture_output=True,
            text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn("Only 32 files may be open", done.stderr)
        self.assertIn("ulimit -n", done.stderr)


class Files(unittest.TestCase):
    def test_a_command_leaves_everything_in_the_file(self):
        one = PagerPal(BINARY, sqlite())
        one.prepare()
        folder = path_of(one.environment["DATABASE_URL"]).parent
        self.assertEqual([path.name for path in folder.iterdir()], ["pagerpal.db"])

    def test_a_backup_while_alerts_arrive_has_all_that_were_answered_before_it(self):
        one = PagerPal(BINARY, sqlite())
        key, token = one.prepare()
        one.start()
        answered, slowest, stop = [], [0.0], threading.Event()

        def load(worker):
            number = 0
            while not stop.is_set():
                number += 1
                started = time.monotonic()
                one.alert(key, title=f"load {worker} {number}", external_id=f"{worker}/{number}")
                slowest[0] = max(slowest[0], time.monotonic() - started)
                answered.append(1)

        workers = [threading.Thread(target=load, args=(index,)) for index in range(4)]
        for worker in workers:
            worker.start()
        wait_for(lambda: len(answered) > 50, "alerts arrive")
        before = len(answered)
        backup = tempfile.mkdtemp(prefix="pagerpal-") + "/backup.db"
        saved = json.loads(run(["backup", backup, "--json"], one.environment).stdout)
        stop.set()
        for worker in workers:
            worker.join()
        self.assertGreaterEqual(int(saved["incidents"]), before)
        self.assertEqual(os.stat(backup).st_mode & 0o777, 0o600)
        self.assertLess(slowest[0], 5)
        # A second backup into the same file, and a restore under a running process, are refused.
        self.assertEqual(run(["backup", backup], one.environment).returncode, 73)
        refused = run(["restore", backup], one.environment)
        self.assertEqual(refused.returncode, 75, refused.stderr)
        self.assertIn("Stop PagerPal", refused.stderr)
        one.stop()
        restored = run(["restore", backup], one.environment)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn("the same as in the backup", restored.stdout)
        one.start()
        self.assertEqual(one.get("/api/v1/incidents?limit=1", token)["items"][0]["number"], int(saved["incidents"]))
        one.stop()

    def test_what_is_no_backup_is_not_restored(self):
        one = PagerPal(BINARY, sqlite())
        one.prepare()
        other = tempfile.mkdtemp(prefix="pagerpal-") + "/other.db"
        pathlib.Path(other).write_bytes(b"A" * 8192)
        self.assertEqual(run(["restore", other], one.environment).returncode, 65)
        self.assertEqual(run(["restore", "/nowhere.db"], one.environment).returncode, 65)
        self.assertEqual(run(["migrate", "--check"], one.environment).returncode, 0)

    def test_postgresql_has_its_own_programs(self):
        done = run(["backup", "a.dump"], PagerPal(BINARY, "postgresql://u:secret@127.0.0.1/p").environment)
        self.assertEqual(done.returncode, 64)
        self.assertIn("pg_dump", done.stderr)
        self.assertNotIn("secret", done.stderr)


class Doctor(unittest.TestCase):
    def test_a_running_system_is_well_and_a_stopped_one_is_not(self):
        one = PagerPal(BINARY, sqlite())
        one.prepare()
        one.start()
        done = run(["doctor", "--json"], one.environment)
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(answer["ok"])
        checks = {check["check"] for check in answer["checks"]}
        self.assertGreaterEqual(checks, {"settings", "database", "schema", "writing", "clock", "disk", "duties", "providers", "files", "zones"})
        one.stop()
        done = run(["doctor"], one.environment)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No process performs escalation", done.stdout)

    def test_wrong_settings_and_a_missing_database_are_found(self):
        done = run(["doctor"], {"PATH": os.environ["PATH"], "DATABASE_URL": sqlite()})
        self.assertEqual(done.returncode, 1)
        self.assertIn("pagerpal migrate", done.stdout)
        done = run(["doctor"], {"PATH": os.environ["PATH"], "SMTP_PORT": "x", "LOG_LEVEL": "loud"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("LOG_LEVEL", done.stdout)
        self.assertIn("SMTP_HOST", done.stdout)

    def test_it_says_whether_buttons_in_slack_can_work(self):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": sqlite(), "SLACK_BOT_TOKEN": "xoxb-1"}
        self.assertIn("SLACK_SIGNING_SECRET adds them", run(["doctor"], environment).stdout)
        environment["SLACK_SIGNING_SECRET"] = "8f742231b10e8888abcd99yyyzzz85a5"
        self.assertIn("Slack calls only https addresses", run(["doctor"], environment).stdout)
        environment["PAGERPAL_BASE_URL"] = "https://pager.example.com"
        done = run(["doctor"], environment)
        self.assertIn("https://pager.example.com/api/v1/inbound/slack", done.stdout)
        self.assertNotIn("8f742231", done.stdout)

    def test_each_sign_in_service_is_asked(self):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": sqlite(), "OIDC_PROVIDERS": "corp, partner"}
        port = free_port()
        for name in ("CORP", "PARTNER"):
            environment |= {
                f"OIDC_{name}_ISSUER": f"http://127.0.0.1:{port}/{name}", f"OIDC_{name}_CLIENT_ID": "c",
                f"OIDC_{name}_CLIENT_SECRET": "hidden", f"OIDC_{name}_EMAIL_DOMAINS": "*",
            }
        done = run(["doctor"], environment)
        self.assertEqual(done.returncode, 1)
        for name in ("corp", "partner"):
            self.assertIn(f"Nobody can sign in with {name}: the provider can't be reached", done.stdout)
            self.assertIn(f"OIDC_{name.upper()}_ISSUER", done.stdout)
        self.assertNotIn("hidden", done.stdout + done.stderr)

    def test_a_test_message_says_what_its_provider_says(self):
        environment = {
            "PATH": os.environ["PATH"], "DATABASE_URL": sqlite(), "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(free_port()),
            "SMTP_FROM": "p@example.com", "SMTP_TLS": "none",
        }
        run(["migrate"], environment)
        done = run(["doctor", "--send-test-to", "a@example.com"], environment)
        self.assertIn("Sending is off", done.stdout)
        done = run(["doctor", "--send-test-to", "a@example.com"], environment | {"NOTIFICATION_SENDING_ENABLED": "true"})
        self.assertIn("smtp did not accept it", done.stdout)


class Exchange(unittest.TestCase):
    def test_an_exported_configuration_makes_the_same_elsewhere(self):
        one, two = PagerPal(BINARY, sqlite()), PagerPal(BINARY, sqlite())
        one.prepare()
        file = tempfile.mkdtemp(prefix="pagerpal-") + "/team.yaml"
        text = one.command("export")
        pathlib.Path(file).write_text("# a comment\n" + text)
        self.assertIn("  - name: Operations\n", text)
        self.assertNotIn("hb_", text)
        plan = two.command("apply", file, "--plan")
        self.assertIn("+ schedule Operations/Primary", plan)
        self.assertIn("nothing was changed", plan)
        applied = two.command("apply", file)
        self.assertIn("Key of the source Test (shown once): ", applied)
        self.assertEqual(two.command("export"), text)
        for database in (one, two):
            self.assertEqual(database.command("apply", file, "--prune"), "Nothing to change.\n")
        key = applied.split("Key of the source Test (shown once): ")[1].split()[0]
        two.start()
        self.assertEqual(two.alert(key, title="x")["status"], "created")
        two.stop()

    def test_faults_of_a_file_are_told_with_their_place(self):
        one = PagerPal(BINARY, sqlite())
        one.prepare()
        file = tempfile.mkdtemp(prefix="pagerpal-") + "/team.yaml"
        pathlib.Path(file).write_text("version: 1\nteams:\n  - name: New\n    members: [nobody@example.com]\n")
        done = run(["apply", file], one.environment)
        self.assertEqual(done.returncode, 65)
        self.assertIn("nobody@example.com", done.stderr)
        pathlib.Path(file).write_text("a: [")
        self.assertEqual(run(["apply", file], one.environment).returncode, 65)
        self.assertEqual(run(["apply", "/nowhere.yaml"], one.environment).returncode, 66)


class Client(unittest.TestCase):
    def test_responders_work_from_the_command_line(self):
        one = PagerPal(BINARY, sqlite())
        key, token = one.prepare()
        one.start()
        self.addCleanup(one.stop)
        env = {"PATH": os.environ["PATH"], "PAGERPAL_URL": f"http://127.0.0.1:{one.port}/", "PAGERPAL_TOKEN": token, "PAGERPAL_KEY": key}
        done = run(["page", "Operations", "Disk full on db-1"], env)
        self.assertIn("#1 created", done.stdout, done.stderr)
        self.assertIn("#1  triggered  critical  Operations  Disk full on db-1", run(["incidents"], env).stdout)
        self.assertIn("#1 is acknowledged", run(["ack", "1"], env).stdout)
        self.assertIn("Operations / Primary: ", run(["oncall"], env).stdout)
        self.assertEqual(len(json.loads(run(["incidents", "--json"], env).stdout)["items"]), 1)
        self.assertEqual(run(["ack", "99"], env).returncode, 65)
        self.assertEqual(run(["ack", "1"], env | {"PAGERPAL_TOKEN": "wrong"}).returncode, 65)
        self.assertEqual(run(["ack", "1"], env | {"PAGERPAL_URL": f"http://127.0.0.1:{free_port()}"}).returncode, 69)
        self.assertEqual(run(["ack", "1"], {"PATH": env["PATH"]}).returncode, 64)

    def test_the_api_is_printed_as_open_api(self):
        document = json.loads(run(["openapi"], {"PATH": os.environ["PATH"]}).stdout)
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertIn("/api/v1/teams/{id}", document["paths"])


class Demo(unittest.TestCase):
    def test_the_demo_fills_its_pages_and_says_how_to_sign_in(self):
        one = PagerPal(BINARY, sqlite())
        process = subprocess.Popen([BINARY, "demo", "--json"], env=one.environment, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        first = json.loads(process.stdout.readline())
        self.assertEqual(first["email"], "dana@example.com")
        token = first["token"]
        incidents = one.items("/api/v1/incidents", token)
        self.assertEqual({incident["state"] for incident in incidents}, {"triggered", "acknowledged", "resolved"})
        self.assertGreater(len(incidents), 30)
        for path in ("alert-sources", "heartbeats", "maintenance-windows", "schedules", "escalation-policies", "notifications"):
            self.assertGreater(len(one.get(f"/api/v1/{path}", token)["items"]), 0, path)
        process.terminate()
        process.wait(timeout=40)


if __name__ == "__main__":
    unittest.main()
