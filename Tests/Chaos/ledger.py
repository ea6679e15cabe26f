"""A load generator that remembers everything that was answered with 2xx."""
import collections
import dataclasses
import heapq
import http.client
import json
import random
import threading
import time


@dataclasses.dataclass
class Entry:
    """What one sender and one responder know of one problem."""
    title: str
    number: int | None = None
    """Alerts that were answered with 2xx, and when the first one was."""
    answered: int = 0
    opened: float | None = None
    """When the acknowledgement was answered, by the monotonic and by the wall clock."""
    acknowledged: tuple[float, float] | None = None
    """Whether an acknowledgement or a recovery was tried. Without an answer its result is unknown."""
    may_be_owned: bool = False
    resolved: bool = False


class Ledger:
    """Several senders. Each opens incidents and repeats alerts; people acknowledge and sources resolve at random instants."""

    def __init__(self, nodes, key, token, senders=4, pace=0.15, seed=None, owned=0.6, recovered=0.25):
        self.nodes, self.key, self.token = nodes, key, token
        self.pace, self.owned, self.recovered = pace, owned, recovered
        self.entries, self.lock = {}, threading.Lock()
        # How often each status of 5xx was answered.
        self.errors = collections.Counter()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(f"s{n}", random.Random(f"{seed} {n}")), daemon=True)
                        for n in range(senders)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        """Each sender insists on what it has begun, so call this when PagerPal works again."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def _send(self, name, chance):
        """One sender. Its plans are kept in a heap, by time."""
        plans, count = [], 0
        while not self.stopping.is_set() or plans:
            if plans and (plans[0][0] <= time.monotonic() or self.stopping.is_set()):
                _, _, act, entry = heapq.heappop(plans)
                act(chance, entry)
                continue
            count += 1
            entry = Entry(f"chaos {name} {count}")
            with self.lock:
                self.entries[entry.title] = entry
            self._fire(chance, entry)
            ways = [(0.3, self._fire), (self.owned, self._acknowledge)]
            for order, (share, act) in enumerate(ways):
                if chance.random() < share:
                    heapq.heappush(plans, (time.monotonic() + chance.uniform(0, 4), count + order / 10, act, entry))
            if chance.random() < self.recovered:
                heapq.heappush(plans, (time.monotonic() + 4 + chance.uniform(0, 2), count + 0.5, self._recover, entry))
            self.stopping.wait(chance.uniform(0, 2 * self.pace))

    def _insist(self, chance, method, path, body, headers, tries=200):
        """Repeats a request until it is answered with 2xx, as senders do. Returns the answer."""
        for _ in range(tries):
            node = chance.choice(self.nodes)
            try:
                connection = http.client.HTTPConnection(node.host, node.port, timeout=4)
                try:
                    connection.request(method, path, json.dumps(body), headers)
                    response = connection.getresponse()
                    text = response.read()
                finally:
                    connection.close()
                if response.status < 300:
                    return json.loads(text)
                if response.status < 500 and response.status != 429:
                    # For example an acknowledgement of what was resolved meanwhile.
                    return {"status": response.status}
                if response.status >= 500:
                    with self.lock:
                        self.errors[response.status] += 1
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(chance.uniform(0.05, 0.25))
        return None

    def _alert(self, chance, entry, **more):
        return self._insist(chance, "POST", "/api/v1/alerts", {"title": entry.title, "external_id": entry.title, **more},
                            {"X-API-Key": self.key})

    def _fire(self, chance, entry):
        if entry.resolved:
            return
        answer = self._alert(chance, entry)
        if answer and "incident" in answer:
            with self.lock:
                entry.answered += 1
                entry.number = answer["incident"]["number"]
                entry.opened = entry.opened or time.monotonic()

    def _recover(self, chance, entry):
        entry.may_be_owned = True
        if self._alert(chance, entry, status="resolved"):
            entry.resolved = True
            self._owned(entry)

    def _acknowledge(self, chance, entry):
        if entry.number is None or entry.resolved:
            return
        entry.may_be_owned = True
        path = f"/api/v1/incidents/{entry.number}/acknowledge"
        answer = self._insist(chance, "POST", path, {}, {"Authorization": f"Bearer {self.token}"})
        if answer and "status" not in answer:
            self._owned(entry)

    @staticmethod
    def _owned(entry):
        entry.acknowledged = entry.acknowledged or (time.monotonic(), time.time())
