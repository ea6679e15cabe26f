"""Two installations that watch each other: real processes, each with a database and a vendor of its own. Run by scripts/test."""
import http.server
import json
import os
import pathlib
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from pagerpal import PagerPal, StandIn, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))


class Installation(PagerPal):
    """A PagerPal with a token for its twin, and its log in a file."""

    def __init__(self):
        self.vendor = StandIn()
        super().__init__(BINARY, sqlite(), self.vendor, lease=1)
        self.key, self.token = self.prepare()
        made = self.command("create-token", "--email", "dana@example.com", "--read-only", "--json")
        self.twin_token = json.loads(made)["token"]
        self.log = tempfile.NamedTemporaryFile("w+", prefix="pagerpal-twin-")

    def watch(self, url, token, **more):
        self.environment |= {"TWIN_URL": url, "TWIN_TOKEN": token, "TWIN_TEAM": "Operations", "TWIN_INTERVAL_SECONDS": "1"} | more

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve"], env=self.environment, stderr=self.log)
        wait_for(self.is_healthy, "the process serves")
        return self

    def incident(self, title, state="triggered"):
        """The only incident, once it is in a state."""
        def found():
            items = self.get("/api/v1/incidents", self.token)["items"]
            return items[0] if items and (items[0]["state"], title in items[0]["title"]) == (state, True) else None

        incident = wait_for(found, f"the incident “{title}” is {state}")
        assert len(self.get("/api/v1/incidents", self.token)["items"]) == 1
        return incident


class Twins(unittest.TestCase):
    def pair(self):
        one, two = Installation(), Installation()
        for watcher, watched in [(one, two), (two, one)]:
            watcher.watch(f"http://127.0.0.1:{watched.port}", watched.twin_token)
            self.addCleanup(lambda each=watcher: each.process and each.process.poll() is None and each.kill())
        return one, two

    def test_one_that_is_killed_is_told_by_the_other_which_pages_and_ends_it_when_it_is_back(self):
        one, two = self.pair()
        one.start(), two.start()
        wait_for(lambda: one.holds_lease(one.token) and two.holds_lease(two.token), "both work")
        one.kill()
        killed = time.monotonic()
        two.incident(f"The PagerPal at 127.0.0.1:{one.port} has not answered since ")
        texts = wait_for(lambda: [text for text in two.vendor.texts() if "has not answered since" in text], "somebody is paged")
        # Two looks at an interval of one second. The rest is room for a busy host.
        self.assertLess(two.vendor.arrivals[0][2] - killed, 10)
        self.assertIn(f"127.0.0.1:{one.port}", texts[0])
        one.start()
        two.incident("has not answered since", "resolved")
        # While one was away, nothing was wrong with two.
        self.assertEqual([item for item in one.get("/api/v1/incidents", one.token)["items"] if item["state"] == "triggered"], [])
        self.assertIn("ok", [line.split()[0] for line in self.doctor(two) if " twin " in line])
        two.environment["TWIN_TEAM"] = "Nobody"
        self.assertIn("There is no team Nobody", "\n".join(self.doctor(two)))
        for each, other in [(one, two), (two, one)]:
            each.stop()
            each.log.seek(0)
            self.assertNotIn(other.twin_token, each.log.read())

    def test_one_without_a_dispatcher_is_told(self):
        one, two = self.pair()
        one.environment["NOTIFICATION_RETRY_WORKER_ENABLED"] = "false"
        one.start(), two.start()
        two.incident("has no holder of dispatch since")
        self.assertIn("FAILED", [line.split()[0] for line in self.doctor(two) if " twin " in line])

    def test_one_whose_queue_goes_quiet_is_told_and_ends_when_its_pages_leave(self):
        one, two = self.pair()
        one.vendor.delay = 60
        one.start(), two.start()
        wait_for(lambda: one.holds_lease(one.token) and two.holds_lease(two.token), "both work")
        one.alert(one.key, title="Disk full")
        wait_for(one.vendor.texts, "its vendor holds a page")
        # The page has been due for longer than a twin may wait, without waiting for it.
        with sqlite3.connect(one.environment["DATABASE_URL"].removeprefix("sqlite:///"), timeout=10) as database:
            changed = database.execute(
                "UPDATE pages SET due_at = due_at - 100000000 WHERE state IN ('queued', 'claimed')").rowcount
        self.assertGreater(changed, 0)
        two.incident("has not handed over a page that has been due for ")
        wait_for(lambda: [text for text in two.vendor.texts() if "has not handed over a page" in text], "somebody is paged")
        number = one.get("/api/v1/incidents", one.token)["items"][0]["number"]
        one.request("POST", f"/api/v1/incidents/{number}/resolve", "{}", Authorization=f"Bearer {one.token}")
        one.vendor.delay = 0
        two.incident("has not handed over a page", "resolved")

    def test_a_certificate_of_an_own_ca_is_trusted_if_the_ca_is_named(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-twin-"))
        run = lambda *words: subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        run(*new, "-x509", "-days", "2", "-subj", "/CN=Our CA", "-keyout", "ca.key", "-out", "ca.pem")
        run(*new, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
        (folder / "names").write_text("subjectAltName=DNS:localhost\n")
        run("x509", "-req", "-days", "2", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile",
            "names", "-out", "server.pem")
        one, two = self.pair()
        one.start()
        two.environment |= {"TWIN_URL": f"https://localhost:{self.tls_in_front_of(one.port, folder)}"}
        self.assertIn("certificate", "\n".join(self.doctor(two)))
        two.environment["TWIN_CA_FILE"] = str(folder / "ca.pem")
        self.assertIn("ok", [line.split()[0] for line in self.doctor(two) if " twin " in line])

    def tls_in_front_of(self, port, folder):
        """Speaks TLS on a port and passes everything on. Returns the port."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def copy(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            except OSError:
                pass
            for each in (source, target):
                each.close()

        def serve():
            while True:
                try:
                    plain, _ = listener.accept()
                except OSError:
                    return
                try:
                    outside = context.wrap_socket(plain, server_side=True)
                except OSError:
                    plain.close()
                    continue
                inside = socket.create_connection(("127.0.0.1", port))
                for pair in [(outside, inside), (inside, outside)]:
                    threading.Thread(target=copy, args=pair, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def test_a_token_is_never_taken_along_to_another_address(self):
        asked = []

        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.server.server_port, self.path))
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{ports[1]}/health")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) for _ in range(2)]
        ports = [server.server_port for server in servers]
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.addCleanup(server.shutdown)
        two = Installation()
        two.watch(f"http://127.0.0.1:{ports[0]}", "pgp_a-secret-of-the-other")
        self.addCleanup(lambda: two.kill())
        two.start()
        two.incident("has not answered since")
        detail = json.dumps(two.get("/api/v1/incidents/1", two.token))
        self.assertIn("answered with 302", detail)
        self.assertNotIn("pgp_a-secret", detail)
        self.assertEqual({port for port, _ in asked}, {ports[0]})

    def doctor(self, one):
        done = subprocess.run([BINARY, "doctor"], env=one.environment, capture_output=True, text=True, check=False)
        self.assertNotIn(one.environment["TWIN_TOKEN"], done.stdout + done.stderr)
        return done.stdout.splitlines()


if __name__ == "__main__":
    unittest.main()
