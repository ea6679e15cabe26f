"""A stand-in for Infobip that is slow, hangs, refuses and lies, and remembers every message that it took."""
import dataclasses
import http.client
import json
import queue
import random
import socket
import struct
import threading
import time

GOOD = {"accept": 1.0}
# What a vendor does in a bad hour. The weights need not add up to one.
BAD = {"accept": 10, "slow": 2, "reset": 1, "vague": 1, "busy": 1, "deny": 1, "throttle": 1, "refuse": 1, "reject": 1}
STATUSES = {"accept": ("PENDING_ACCEPTED", 1, 26), "reject": ("REJECTED_SOURCE", 5, 18)}


@dataclasses.dataclass
class Arrival:
    """One request that arrived completely."""
    message: str
    to: str
    text: str
    at: float
    """What the stand-in did with it."""
    behavior: str

    @property
    def is_taken(self):
        """Whether the message was handed over: it was accepted, or the answer was lost or meaningless."""
        return self.behavior in ("accept", "slow", "hang", "reset", "vague")

    @property
    def is_marked(self):
        return "possible duplicate" in self.text


class Carrier:
    """
    - accept, slow: says yes, at once or after a while
    - hang: takes the message and never answers
    - reset: takes the message and closes the connection
    - vague: takes the message and answers 200 with nonsense
    - busy, throttle, refuse, reject: 503, 429, 400, or a status of rejection
    - deny: takes the message and answers 503 all the same
    """

    def __init__(self, host="127.0.0.1", delay=0.05, seed=None):
        self.random = random.Random(seed)
        self.delay, self.weights = delay, GOOD
        self.arrivals, self.lock = [], threading.Lock()
        self.on_arrival = None
        self.reports = None
        self.listener = socket.create_server((host, 0), backlog=512)
        self.host, self.port = host, self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def behave(self):
        self.weights, self.on_arrival = GOOD, None

    def close(self):
        self.listener.close()

    def taken(self):
        with self.lock:
            return [arrival for arrival in self.arrivals if arrival.is_taken]

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        stream = connection.makefile("rb")
        try:
            while stream.readline():
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                body = stream.read(length)
                if len(body) == length:
                    self._answer(connection, json.loads(body)["messages"][0])
        except OSError:
            # Without this, close would send an orderly end and not a reset.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            stream.close()
            connection.close()

    def _answer(self, connection, message):
        destination = message["destinations"][0]
        with self.lock:
            behavior = self.random.choices(list(self.weights), list(self.weights.values()))[0]
            arrival = Arrival(destination["messageId"], destination["to"], message["content"]["text"], time.monotonic(), behavior)
            self.arrivals.append(arrival)
            pause = self.random.uniform(0, 2 * self.delay) + (self.random.uniform(1, 3) if behavior == "slow" else 0)
        if on_arrival := self.on_arrival:
            on_arrival(arrival)
        if self.reports and arrival.is_taken:
            self.reports.about(arrival)
        time.sleep(pause)
        if behavior == "hang":
            time.sleep(60)
        elif behavior == "reset":
            raise ConnectionResetError
        elif behavior == "vague":
            self._write(connection, 200, "{}")
        elif behavior in ("busy", "deny"):
            self._write(connection, 503, '{"description": "busy"}')
        elif behavior == "throttle":
            self._write(connection, 429, "{}", "Retry-After: 1\r\n")
        elif behavior == "refuse":
            self._write(connection, 400, '{"description": "no"}')
        else:
            name, group, number = STATUSES["reject" if behavior == "reject" else "accept"]
            status = {"groupId": group, "id": number, "name": name}
            self._write(connection, 200, json.dumps({"messages": [{"messageId": arrival.message, "status": status}]}))

    @staticmethod
    def _write(connection, code, body, more=""):
        connection.sendall(f"HTTP/1.1 {code} X\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}".encode())


class Reports:
    """Delivery reports that come early, late, twice, never, contradict each other, or name an unknown message."""
    TOKEN = "the token of the delivery reports"

    def __init__(self, nodes, seed=None):
        self.nodes, self.random = nodes, random.Random(seed)
        self.waiting = queue.Queue()
        threading.Thread(target=self._send, daemon=True).start()

    def about(self, arrival):
        kind = self.random.choices(["yes", "twice", "no", "both", "never", "unknown"], [8, 2, 1, 1, 2, 1])[0]
        names = {"yes": ["DELIVERED"], "twice": ["DELIVERED"] * 2, "no": ["UNDELIVERABLE"], "both": ["DELIVERED", "UNDELIVERABLE"],
                 "never": [], "unknown": ["DELIVERED"]}[kind]
        message = "unknown" if kind == "unknown" else arrival.message
        for name in names:
            # Half of them come before the answer to the request itself.
            self.waiting.put((time.monotonic() + self.random.choice([0, 0, 0.3, 2]), message, name))

    def _send(self):
        while True:
            at, message, name = self.waiting.get()
            time.sleep(max(0, at - time.monotonic()))
            group = {"DELIVERED": 3, "UNDELIVERABLE": 2}[name]
            body = json.dumps({"results": [{"messageId": message, "status": {"groupId": group, "groupName": name, "name": name}}]})
            node = self.random.choice(self.nodes)
            try:
                connection = http.client.HTTPConnection(node.host, node.port, timeout=3)
                connection.request("POST", "/api/v1/receipts/infobip", body, {"X-Receipt-Token": self.TOKEN})
                connection.getresponse().read()
                connection.close()
            except (OSError, http.client.HTTPException):
                pass
