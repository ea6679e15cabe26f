"""Time from the POST of a new alert to the request at a stand-in for Infobip."""
import concurrent.futures
import http.client
import json
import time

from harness import BINARY, databases, quantile, quantiles, report
from load import Peer
from pagerpal import PagerPal, StandIn, wait_for
from people import add_source, apply, create_source, team

# People who are paged once each, so that no page waits to be bundled.
URGENT = 105
STORM_CONNECTIONS = 64


def run():
    alone()
    for rate in [0, 1000]:
        beside_a_storm(rate)


def alone():
    """200 alerts one after the other for one person."""
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


def beside_a_storm(rate):
    """100 alerts for one person each, with default settings, while about so many distinct alerts a second arrive for another team."""
    for name, url, _ in databases():
        stand_in = StandIn()
        process = PagerPal(BINARY, url, stand_in, lease=5)
        _, token = process.prepare()
        step = lambda title: [{"delay_seconds": 3600, "targets": [{"type": "user", "name": f"{title}0@example.com".lower()}]}]  # noqa: E731
        titles = [f"Urgent{number:03}" for number in range(URGENT)] + ["Storm"]
        apply(process, *[
            team(title, 1, [("sms", f"+38591{place:07}", 0)], step(title)) for place, title in enumerate(titles)])
        storm_key = create_source(process, "Storm")
        process.start()
        wait_for(lambda: process.holds_lease(token), "it holds the lease")
        teams = {team["name"]: team["id"] for team in process.items("/api/v1/teams", token)}
        keys = [add_source(process, token, title, teams[title]) for title in titles[:-1]]
        storm = Peer(f"http://127.0.0.1:{process.port}", X_API_Key=storm_key)
        if rate:
            storm.send("warm-up-", True, STORM_CONNECTIONS, seconds=2)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            # An answer takes some of the time, too.
            pause = STORM_CONNECTIONS * 1000 // rate - 5 if rate else 0
            sending = pool.submit(storm.send, "storm-", True, STORM_CONNECTIONS, URGENT // 5 + 4, pause) if rate else None
            time.sleep(1)
            taken = [urgent(process, key, number, stand_in) for number, key in enumerate(keys)][5:]
            found = sending.result() if sending else (0, 0, 0, 0)
        words = f"beside {found[0]:.0f} alerts/s for another team, {found[3]} errors" if rate else "alone"
        report("latency", f"{name}, {words}: POST to provider {quantiles(taken)}, p99 {quantile(taken, 0.99):.2f} ms",
               database=name, storm_per_second=round(found[0]), page_p50_ms=quantile(taken, 0.5), page_p99_ms=quantile(taken, 0.99),
               errors=found[3])
        process.stop()


def urgent(process, key, number, stand_in):
    """Sends an alert. Returns the milliseconds from its POST to the request at the provider. Five of them are sent in a second."""
    words = f"Urgent {number:03}."
    started = time.monotonic()
    process.alert(key, title=words, severity="critical")
    arrived = wait_for(lambda: next((at for _, text, at in stand_in.arrivals if words in text), None), f"the page of “{words}” arrived")
    time.sleep(max(started + 0.2 - time.monotonic(), 0))
    return (arrived - started) * 1000
