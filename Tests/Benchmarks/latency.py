"""Time from the POST of a new alert to the request at a stand-in for Infobip."""
import http.client
import json
import time

from harness import BINARY, databases, quantile, quantiles, report
from pagerpal import PagerPal, StandIn, wait_for


def run():
    for name, url, _ in databases():
        stand_in = StandIn()
        # No bundling, because all pages go to one person.
        process = PagerPal(BINARY, url, stand_in, lease=5, NOTIFICATION_BUNDLING_SECONDS="0")
        key, token = process.prepare()
        process.start()
        wait_for(lambda: process.holds_lease(token), "it holds the lease")
        connection = http.client.HTTPConnection("127.0.0.1", process.port)
        taken, answered = [], []
        # The first requests warm up connections and statements.
        for number in range(-10, 200):
            before = len(stand_in.arrivals)
            started = time.monotonic()
            connection.request(
                "POST", "/api/v1/alerts", json.dumps({"title": f"Latency {number}"}), {"X-API-Key": key})
            incident = json.loads(connection.getresponse().read())["incident"]["number"]
            replied = time.monotonic()
            wait_for(lambda: len(stand_in.arrivals) > before, "the page arrived")
            if number >= 0:
                taken.append((stand_in.arrivals[before][2] - started) * 1000)
                answered.append((replied - started) * 1000)
            process.request("POST", f"/api/v1/incidents/{incident}/resolve", Authorization=f"Bearer {token}")
        report("latency", f"{name}: POST to provider {quantiles(taken)}; POST to answer {quantiles(answered)}",
               database=name, page_p50_ms=quantile(taken, 0.5), page_p95_ms=quantile(taken, 0.95), answer_p50_ms=quantile(answered, 0.5))
        process.stop()
