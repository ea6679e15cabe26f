"""1,000 equal alerts from 64 connections."""
import http.client
import json
import threading
import time

from harness import BINARY, databases, report
from pagerpal import PagerPal, StandIn, wait_for


def run():
    for name, url, _ in databases():
        stand_in = StandIn()
        process = PagerPal(BINARY, url, stand_in, lease=5)
        key, token = process.prepare()
        process.start()
        body = json.dumps({"title": "Storm", "external_id": "storm"})
        counts = [1000 // 64 + (1 if index < 1000 % 64 else 0) for index in range(64)]

        def fire(count):
            connection = http.client.HTTPConnection("127.0.0.1", process.port)
            for _ in range(count):
                connection.request("POST", "/api/v1/alerts", body, {"X-API-Key": key})
                connection.getresponse().read()

        threads = [threading.Thread(target=fire, args=(count,)) for count in counts]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - started
        wait_for(lambda: process.is_idle(token), "all left")
        incidents = process.items("/api/v1/incidents", token)
        report(
            "storm", f"{name}: {len(incidents)} incident, {incidents[0]['alert_count']} alerts, {len(stand_in.arrivals)} SMS, "
            f"{1000 / seconds:.0f} alerts/s (the client is Python)")
        process.stop()
