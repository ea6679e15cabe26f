"""A backup on SQLite under load, which is restored."""
import contextlib
import http.client
import json
import multiprocessing
import pathlib
import sqlite3
import sys
import tempfile
import threading
import time

from harness import BINARY, report, tail
from pagerpal import PagerPal, StandIn, sqlite, wait_for
from stored import store_incidents


def run():
    rate, seconds = 500, 60
    url, stand_in = sqlite(), StandIn()
    process = PagerPal(BINARY, url, stand_in, lease=5, NOTIFICATION_BUNDLING_SECONDS="0")
    key, token = process.prepare()
    store_incidents(process, url, key, token, 100_000)
    for method in process.items("/api/v1/contact-methods", token):
        if method["channel"] == "email":  # There is no mail server.
            process.request("DELETE", f"/api/v1/contact-methods/{method['id']}", Authorization=f"Bearer {token}")
    wait_for(lambda: process.holds_lease(token), "it holds the lease")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-"))
    results = multiprocessing.Queue()
    start = time.monotonic() + 1
    sender = multiprocessing.Process(target=send_at_a_rate, args=(process.port, key, rate, seconds, start, results))
    sender.start()
    time.sleep(start + seconds / 3 - time.monotonic())
    began = time.monotonic()
    process.command("backup", str(folder / "backup.db"))
    ended = time.monotonic()
    answered = results.get()
    sender.join()
    last = max(at for _, _, at in answered if at)
    path = url.removeprefix("sqlite:///")
    rows = wait_for(lambda: sent_messages(path, len(answered)), "all pages were sent", seconds=120)
    arrived = {message: at for message, _, at in reversed(stand_in.arrivals)}
    arrivals = {title: arrived[message] for title, message in rows}
    # A page of an alert that was sent in this time was committed or sent beside the backup.
    beside = [each for each in answered if began <= each[1] <= ended]
    alone = [each for each in answered if each[1] < began - 1 or each[1] > ended + 1]
    for words, group in [("beside the backup", beside), ("without", alone)]:
        late = [(arrivals[f"Load {number:06}"] - sent) * 1000 for number, sent, at in group if at]
        asked = [(at - sent) * 1000 for _, sent, at in group if at]
        report("backup", f"{words}: {len(group)} alerts; POST to answer {tail(asked)}; POST to provider {tail(late)}")
    failed = sum(at is None for _, _, at in answered)
    restored = PagerPal(BINARY, f"sqlite:///{folder}/restored.db")
    restored.command("restore", str(folder / "backup.db"))
    restored.command("migrate", "--check")
    with contextlib.closing(sqlite3.connect(folder / "restored.db")) as database:
        stored = {title for title, in database.execute("SELECT title FROM incidents WHERE title LIKE 'Load %'")}
    promised = {f"Load {number:06}" for number, _, at in answered if at and at < began}
    size = (folder / "backup.db").stat().st_size / 1e6
    report("backup", f"{ended - began:.2f} s for {size:.0f} MB; {rate * seconds / (last - start):.0f} alerts/s, {failed} refused; restored: "
          f"{len(stored)} of the {len(answered)} incidents, {len(promised - stored)} of the {len(promised)} answered before it are missing")
    process.stop()
    if promised - stored or failed:
        sys.exit(1)


def send_at_a_rate(port, key, rate, seconds, start, results):
    """Sends distinct alerts at a rate, from 32 connections. Puts (number, sent, answered) of each into the queue, None if it failed."""
    answered, lock = [], threading.Lock()

    def work(worker):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(worker, rate * seconds, 32):
            time.sleep(max(0, start + number / rate - time.monotonic()))
            sent = time.monotonic()
            body = json.dumps({"title": f"Load {number:06}", "external_id": f"load-{number}"})
            connection.request("POST", "/api/v1/alerts", body, {"X-API-Key": key})
            response = connection.getresponse()
            response.read()
            with lock:
                answered.append((number, sent, time.monotonic() if response.status == 201 else None))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(answered)


def sent_messages(path, count):
    """The title and the message of each incident of the load, once all have been sent. One message may tell of several."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows = database.execute("""
            SELECT title, message_id FROM pages JOIN incidents ON incidents.id = incident_id
            WHERE title LIKE 'Load %' AND pages.state = 'sent'""").fetchall()
    return rows if len({title for title, _ in rows}) >= count else None
