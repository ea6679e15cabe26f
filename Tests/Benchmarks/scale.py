"""What alerts, pages and web pages cost beside more and more of everything."""
import contextlib
import os
import statistics

from browsing import PASSWORD, sign_in, timed
from harness import BINARY, databases, quantile, report
from listeners import listening
from load import Peer, pages_sent
from pagerpal import PagerPal, StandIn, wait_for
from people import add_source, apply, create_source, team
from stored import resident, store_incidents, wait_for_index

AXES = {
    "stored": [1_000, 10_000, 100_000, 1_000_000, 10_000_000],
    "open": [10, 1_000, 10_000, 100_000],
    "sources": [1, 100, 1_000],
    "users": [5, 50, 200, 1_000],
    "listeners": [0, 50, 200],
}
PAGES = {
    "dashboard": "/dashboard", "open incidents": "/incidents", "a word of all": "/incidents?state=all&q=Problem",
    "a word of one": "/incidents?state=all&q=zebrafish", "an incident": "/incidents/500",
}
# PostgreSQL needs about 4 GB for a million, SQLite about 3 GB.
MOST_STORED = int(os.environ.get("PAGERPAL_BENCH_STORED", "1000000"))
INDEX_SECONDS = int(os.environ.get("PAGERPAL_BENCH_INDEX_SECONDS", "2400"))


def run(*axes):
    """Measures the axes that are named, or all. An axis and a number measure one point, like open=1000."""
    chosen = dict(axis.partition("=")[::2] for axis in axes) or dict.fromkeys(AXES, "")
    for axis in chosen:
        found = {}
        for at in [int(chosen[axis])] if chosen[axis] else AXES[axis]:
            if axis == "stored" and at > MOST_STORED:
                continue
            for name, url, _ in databases():
                if name == "sqlite" and at > 1_000_000:
                    continue
                found.setdefault(name, []).append((at, point(axis, at, name, url)))
        for name, points in found.items():
            ratios(axis, name, points)


def point(axis, at, name, url):
    """Measures beside so many of one thing and little of everything else."""
    stand_in = StandIn()
    process = PagerPal(BINARY, url, stand_in, lease=5, PASSWORD_COST="10", NOTIFICATION_BUNDLING_SECONDS="0")
    _, token = process.prepare(**dict.fromkeys(["ada", "bob", "cleo", "dana"], PASSWORD))
    key = prepare_people(process, at if axis == "users" else 5)
    filled = store_incidents(
        process, url, key, token, resolved=at if axis == "stored" else 1_000,
        triggered=at // 2 if axis == "open" else 0, acknowledged=at - at // 2 if axis == "open" else 0)
    wait_for(lambda: process.holds_lease(token), "it holds the lease")
    keys = [key] + more_sources(process, token, at - 1 if axis == "sources" else 0)
    # A few incidents are compared one by one, in no time.
    has_index = axis not in ("stored", "open") or at < 10_000
    indexed = None if has_index else wait_for_index(url, process, INDEX_SECONDS)
    with listening(process, at) if axis == "listeners" else contextlib.nullcontext():
        figures = measure(process, keys, stand_in, sign_in(process))
    figures |= {"fill_seconds": round(filled, 1), "rss_mb": round(resident(process), 1)}
    if indexed:
        figures |= {"index_seconds": round(indexed[0], 1), "index_cpu_ms_each": round(indexed[1] * 1000 / at, 3)}
    elif not has_index:
        figures["index"] = f"not complete after {INDEX_SECONDS} s"
    web = ", ".join(f"{words} {value}" for words, value in figures["web_p95_ms"].items())
    report(
        "scale", f"{name}, {at} {axis}: {figures['alerts_per_second']} alerts/s at 16 connections, p99 {figures['ingest_p99_ms']} ms, "
        f"{figures['errors']} errors; POST to provider p50 {figures['page_p50_ms']} ms, p99 {figures['page_p99_ms']} ms; p95 of pages in ms: {web}; "
        + ", ".join(f"{word} {figures[word]}" for word in ["rss_mb", "fill_seconds", "index_seconds", "index_cpu_ms_each", "index"]
                    if word in figures),
        axis=axis, n=at, database=name, **figures)
    process.stop()
    return figures


def prepare_people(process, people):
    """Makes teams of five, each with a schedule. Returns the key of an alert source of the first."""
    step = lambda title: [{"delay_seconds": 3600, "targets": [{"type": "schedule", "name": title}]}]  # noqa: E731
    titles = [f"Team{number:03}" for number in range(max(people // 5, 1))]
    apply(process, *[
        team(title, 5, [("sms", f"+38591{number:05}{{number:02}}", 0)], step(title), has_schedule=True)
        for number, title in enumerate(titles)])
    return create_source(process, titles[0])


def more_sources(process, token, count):
    """Returns the keys of so many more alert sources of the first team."""
    team_id = next(team["id"] for team in process.items("/api/v1/teams", token) if team["name"] == "Team000")
    return [add_source(process, token, f"Source {number}", team_id) for number in range(count)]


def measure(process, keys, stand_in, cookie):
    """Web pages first, because the load of alerts leaves incidents."""
    web = {}
    for words, path in PAGES.items():
        web[words] = quantile(timed(process, cookie, path, 40)[0], 0.95)
    taken = pages_sent(process, keys[0], stand_in, 40)
    peer = Peer(f"http://127.0.0.1:{process.port}", sources=keys)
    peer.send("warm-up-", True, 16, seconds=2)
    # Each run leaves some thousand incidents, so the machine's noise is taken out by three of them.
    runs = [peer.send(f"distinct-{number}-", True, 16, seconds=4) for number in range(3)]
    return {
        "alerts_per_second": round(statistics.median(rate for rate, *_ in runs)),
        "ingest_p99_ms": round(statistics.median(tail for _, _, tail, _ in runs), 2), "errors": sum(errors for *_, errors in runs),
        "page_p50_ms": quantile(taken, 0.5), "page_p99_ms": quantile(taken, 0.99), "web_p95_ms": web}


def ratios(axis, name, points):
    """Compares each point with the first."""
    (start, first), *others = points
    for at, figures in others:
        parts = []
        for word in ["alerts_per_second", "ingest_p99_ms", "page_p50_ms", "page_p99_ms"]:
            ratio = figures[word] / first[word]
            parts.append(f"{word} {ratio:.2f} ({'within' if 0.9 <= ratio <= 1.1 else 'not within'} 10 %)")
        parts += [f"{words} {value / first['web_p95_ms'][words]:.2f}" for words, value in figures["web_p95_ms"].items()]
        report("scale", f"{name}, {at} {axis} ÷ {start} {axis}: " + ", ".join(parts))
