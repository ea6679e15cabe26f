"""A year of a schedule with five layers, rendered and sent as JSON."""
import json
import time

from harness import BINARY, quantiles, report
from pagerpal import PagerPal, sqlite


def run():
    process = PagerPal(BINARY, sqlite())
    _, token = process.prepare()
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
    path = f"/api/v1/schedules/{json.loads(answer)['id']}/shifts?from=2026-03-01T00:00:00Z&to=2027-03-01T00:00:00Z"
    taken = []
    for _ in range(50):
        started = time.monotonic()
        rendered = process.get(path, token)
        taken.append((time.monotonic() - started) * 1000)
    report("schedule", f"{len(rendered['final'])} shifts of a year in five layers, each layer too: {quantiles(taken)}")
    process.stop()
