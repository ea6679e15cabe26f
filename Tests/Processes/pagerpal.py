"""Starts, calls, stops, kills and freezes real PagerPal processes for tests and benchmarks."""
import atexit
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=30):
    """Polls until the condition holds, because another process gives no other signal."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"in {seconds} s it did not happen that {what}")


class StandIn:
    """A stand-in for Infobip's SMS API. Records the message ids of the requests with their time of arrival."""

    answer = json.dumps({"messages": [{"messageId": "m", "status": {"groupId": 1, "id": 26, "name": "PENDING_ACCEPTED"}}]})

    def __init__(self, delay=0.0, port=0):
        self.arrivals = []
        self.delay = delay
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = connection.recv(65536)
                if not more:
                    return
                data += more
            arrived = time.monotonic()
            head, _, rest = data.partition(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            while len(rest) < length:
                rest += connection.recv(65536)
            body, data = json.loads(rest[:length]), rest[length:]
            message = body["messages"][0]
            with self.lock:
                self.arrivals.append((message["destinations"][0]["messageId"], message["content"]["text"], arrived))
            if self.delay:
                time.sleep(self.delay)
            try:
                connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(self.answer)}\r\n\r\n{self.answer}".encode())
            except OSError:
                return

    def texts(self):
        with self.lock:
            return [text for _, text, _ in self.arrivals]


class PagerPal:
    """One `pagerpal serve` process."""

    host = "127.0.0.1"

    def __init__(self, binary, database, stand_in=None, lease=2, **environment):
        self.binary, self.port = binary, free_port()
        self.environment = {
            "PATH": os.environ["PATH"], "DATABASE_URL": database, "PAGERPAL_PORT": str(self.port), "LOG_LEVEL": "notice",
            # Tests poll.
            "API_REQUESTS_PER_MINUTE": "0",
            "SCHEDULER_LEASE_SECONDS": str(lease), "SECRET_KEY": "the same for all processes of this test run", **environment,
        }
        if stand_in:
            self.environment |= {
                "INFOBIP_BASE_URL": f"http://127.0.0.1:{stand_in.port}", "INFOBIP_API_KEY": "test", "INFOBIP_SMS_SENDER": "Pager",
                "NOTIFICATION_SENDING_ENABLED": "true", "INFOBIP_RATE_PER_SECOND": "5000", "INFOBIP_BURST": "1000",
            }
        self.process = None

    def command(self, *arguments, given=None):
        return subprocess.run(
            [self.binary, *arguments], env=self.environment, input=given, check=True, capture_output=True, text=True).stdout

    def prepare(self, **passwords):
        """Creates a team, a source, passwords of users, and a token. Returns the source's key and the token."""
        self.command("seed")
        # Before the token, because a new password revokes a user's tokens.
        for name, password in passwords.items():
            self.command("reset-password", "--email", f"{name}@example.com", "--password-stdin", given=password + "\n")
        key = json.loads(self.command("create-source", "--name", "Test", "--json"))["key"]
        token = json.loads(self.command("create-token", "--email", "dana@example.com", "--json"))["token"]
        return key, token

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve"], env=self.environment)
        atexit.register(self.process.kill)  # Whatever fails, nothing is left running.
        wait_for(self.is_healthy, "the process serves")
        return self

    def is_healthy(self):
        try:
            return self.request("GET", "/health")[0] == 200
        except OSError:
            return False

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def alert(self, key, **fields):
        status, body = self.request("POST", "/api/v1/alerts", json.dumps(fields), **{"X-API-Key": key})
        assert status in (200, 201), (status, body)
        return json.loads(body)

    def get(self, path, token):
        status, body = self.request("GET", path, Authorization=f"Bearer {token}")
        assert status == 200, (status, body)
        return json.loads(body)

    def items(self, path, token):
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(f"{path}?limit=200&cursor={cursor}" if cursor else f"{path}?limit=200", token)
            found += page["items"]
            cursor = page["next"]
        return found

    def holds_lease(self, token):
        """Whether the process performs both duties."""
        return all(duty["is_ours"] for duty in self.get("/api/v1/status", token)["duties"].values())

    def is_idle(self, token):
        return not any(self.get("/api/v1/status", token)["notifications"].values())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        """Sends SIGTERM. Returns the exit code and the time until the exit."""
        started = time.monotonic()
        self.process.terminate()
        return self.process.wait(timeout=40), time.monotonic() - started


def sqlite():
    return f"sqlite:///{tempfile.mkdtemp(prefix='pagerpal-')}/pagerpal.db"
