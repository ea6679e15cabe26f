"""A schedule with five layers: a year of it as JSON, previews of it, and the coverage of 30 days."""
import json
import time

from browsing import PASSWORD, form_of, sign_in, timed
from harness import BINARY, quantile, quantiles, report
from pagerpal import PagerPal, sqlite


def run():
    process = PagerPal(BINARY, sqlite(), PASSWORD_COST="10")
    _, token = process.prepare(dana=PASSWORD)
    process.start()
    people = [user["id"] for user in process.items("/api/v1/users", token)]
    hours = [{"weekdays": [1, 2, 3, 4, 5], "from": "08:00", "to": "20:00"}, {"weekdays": [6, 7], "from": "22:00", "to": "06:00"}]
    layers = [
        {"name": f"Layer {number}", "participants": people, "start": "2026-01-05", "rotation": {"unit": unit, "count": count},
         "restrictions": hours if number % 2 else []}
        for number, (unit, count) in enumerate([("week", 1), ("day", 1), ("hour", 12), ("month", 1), ("day", 2)])]
    body = json.dumps({"name": "Five layers", "team": "Operations", "time_zone": "America/New_York", "layers": layers})
    status, answer = process.request("POST", "/api/v1/schedules", body, Authorization=f"Bearer {token}")
    assert status == 201, answer
    identity = json.loads(answer)["id"]
    path = f"/api/v1/schedules/{identity}/shifts?from=2026-03-01T00:00:00Z&to=2027-03-01T00:00:00Z"
    tell(f"a year as JSON, {len(process.get(path, token)['final'])} shifts and those of each layer", [asked(process, path, token) for _ in range(50)])
    tell("the coverage of 30 days as JSON", [asked(process, "/api/v1/coverage", token) for _ in range(50)])
    cookie = sign_in(process)
    tell("its web page", timed(process, cookie, f"/schedules/{identity}", 50)[0])
    place = f"/schedules/{identity}/layers/0"
    form = form_of(process, cookie, place, place)
    tell("a layer's form", timed(process, cookie, place, 50)[0])
    tell("a preview of a changed layer", timed(process, cookie, place, 50, form + [("do", "preview")])[0])
    process.stop()


def asked(process, path, token):
    started = time.monotonic()
    process.get(path, token)
    return (time.monotonic() - started) * 1000


def tell(words, taken):
    report("schedule", f"{words}: {quantiles(taken)}", words=words, p50_ms=quantile(taken, 0.5), p95_ms=quantile(taken, 0.95))
