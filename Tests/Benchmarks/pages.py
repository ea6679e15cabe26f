"""Every web page with 10,000 incidents."""
import http.client
import json
import re

from browsing import PASSWORD, sign_in, timed
from harness import BINARY, databases, quantile, quantiles, report
from pagerpal import PagerPal


def run():
    """Requests every web page a hundred times as a signed-in browser, with 10,000 incidents."""
    for name, url, _ in databases():
        process = PagerPal(BINARY, url, lease=5, PASSWORD_COST="10")
        key, _ = process.prepare(dana=PASSWORD)
        process.start()
        severities = ["critical", "error", "warning", "info"]
        for start in range(0, 10_000, 1_000):
            for status in ["firing", "resolved"] if start else ["firing"]:
                batch = [
                    {"title": f"Problem {number}", "external_id": str(number), "severity": severities[number % 4],
                     "status": status, "labels": {"host": f"web-{number % 50}"}} for number in range(start, start + 1_000)]
                process.request("POST", "/api/v1/alerts", json.dumps(batch), **{"X-API-Key": key})
        cookie = sign_in(process)
        connection = http.client.HTTPConnection("127.0.0.1", process.port)
        paths = navigation(connection, cookie) + ["/incidents?state=all&q=Problem", "/incidents?state=all&before=5000", "/incidents/9000", "/profile/security"]
        for path in paths:
            took, size = timed(process, cookie, path, 100)
            report("pages", f"{name}: {path} {quantiles(took)}, {size / 1000:.1f} kB",
                   database=name, path=path, p50_ms=quantile(took, 0.5), p95_ms=quantile(took, 0.95))
        process.stop()


def navigation(connection, cookie):
    connection.request("GET", "/dashboard", headers={"Cookie": cookie})
    html = connection.getresponse().read().decode()
    part = html[html.index('<nav class="navigation"'):html.index("</nav>")]
    return list(dict.fromkeys(re.findall(r'href="(/[^"#]*)"', part)))
