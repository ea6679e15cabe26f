"""Every web page with 100,000 incidents, 200 users and 50 schedules."""
import http.client
import re

from browsing import PASSWORD, sign_in, timed
from harness import BINARY, databases, quantile, quantiles, report
from pagerpal import PagerPal
from people import apply, team
from stored import store_incidents, wait_for_index


def run():
    """Requests every web page a hundred times as a signed-in browser."""
    for name, url, _ in databases():
        process = PagerPal(BINARY, url, lease=5, PASSWORD_COST="10")
        key, token = process.prepare(dana=PASSWORD)
        step = lambda title: [{"delay_seconds": 3600, "targets": [{"type": "schedule", "name": title}]}]  # noqa: E731
        apply(process, *[
            team(title, 4, [("sms", f"+38591{place:05}{{number:02}}", 0)], step(title), has_schedule=True)
            for place, title in enumerate(f"Team{number:03}" for number in range(50))])
        store_incidents(process, url, key, token, resolved=99_800, triggered=100, acknowledged=100)
        assert wait_for_index(url, process, 600), "the index is not complete after 600 s"
        cookie = sign_in(process)
        connection = http.client.HTTPConnection("127.0.0.1", process.port)
        # All incidents are those of one team and of one severity.
        busy = process.get("/api/v1/incidents/50000", token)["team"]["id"]
        quiet = next(item["id"] for item in process.items("/api/v1/teams", token) if item["id"] != busy)
        paths = navigation(connection, cookie) + [
            f"/incidents?team={busy}", f"/incidents?state=all&team={busy}", f"/incidents?state=all&team={quiet}",
            "/incidents?state=all&severity=critical", "/incidents?state=all&severity=info",
            "/incidents?state=all&q=Problem", "/incidents?state=all&before=50000", "/incidents/50000", "/profile/security"]
        for path in paths:
            took, size = timed(process, cookie, path, 100)
            path = path.replace(busy, "BUSY").replace(quiet, "QUIET")
            report("pages", f"{name}: {path} {quantiles(took)}, {size / 1000:.1f} kB",
                   database=name, path=path, p50_ms=quantile(took, 0.5), p95_ms=quantile(took, 0.95))
        process.stop()


def navigation(connection, cookie):
    connection.request("GET", "/dashboard", headers={"Cookie": cookie})
    html = connection.getresponse().read().decode()
    part = html[html.index('<nav class="navigation"'):html.index("</nav>")]
    return list(dict.fromkeys(re.findall(r'href="(/[^"#]*)"', part)))
