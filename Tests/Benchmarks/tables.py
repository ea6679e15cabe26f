"""Prints figures that were kept with --json as the tables of docs/benchmarks.md."""
import json
import pathlib

DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
AXES = {"stored": "stored incidents", "open": "open incidents", "sources": "alert sources", "users": "users",
        "listeners": "listeners of live events"}


def run(path):
    lines = [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]
    for line in lines:
        if "processors" in line:
            print(f"{line['bench']}: {line['processors']}, {line['memory']}, sync {line['sync']}, commit {line['commit']}, {line['date']}\n")
    for axis, words in AXES.items():
        scale([line for line in lines if line["bench"] == "scale" and line.get("axis") == axis], words)
    ingest([line for line in lines if line["bench"] == "ingest" and "kind" in line])
    peers([line for line in lines if line["bench"] == "peers" and "peer" in line])
    each = lambda bench, key: [line for line in lines if line["bench"] == bench and key in line]  # noqa: E731
    table(["database", "incidents", "search", "p50", "p95", "CPU"], [
        [DATABASES[line["database"]], number(line["n"]), line["words"], ms(line["p50_ms"]), ms(line["p95_ms"]), ms(line["cpu_ms"])]
        for line in each("search", "words")])
    table(["database", "queued pages", "POST to provider, p50", "p95", "distinct alerts/s at 16 connections"], [
        [DATABASES[line["database"]], number(line["queued"]), ms(line["page_p50_ms"]), ms(line["page_p95_ms"]),
         number(line["alerts_per_second"])] for line in each("backlog", "queued")])
    table(["database", "distinct alerts/s for another team", "POST to provider, p50", "p99"], [
        [DATABASES[line["database"]], number(line["storm_per_second"]), ms(line["page_p50_ms"]), ms(line["page_p99_ms"])]
        for line in each("latency", "storm_per_second")])
    table(["five layers", "p50", "p95"], [[line["words"], ms(line["p50_ms"]), ms(line["p95_ms"])] for line in each("schedule", "words")])
    idle = each("idle", "health_ms")
    table(["database", "stored incidents", "first /health", "CPU at rest", "statements/s at rest", "memory"], [
        [DATABASES[line["database"]], number(line["stored"]), ms(line["health_ms"]), f"{line['cpu_percent']:.2f} %",
         str(line.get("statements_per_second", "")), f"{line['rss_mb']:.1f} MB"] for line in idle])
    pages(each("pages", "path"))
    table(["what", "time"], [[line["name"], f"{line['ns'] / 1000:,.2f} µs"] for line in each("micro", "name")])


def scale(lines, words):
    """The last column but the web pages compares alerts/s with the first row of the same database."""
    rows, first = [], {}
    for line in sorted(lines, key=lambda line: (list(DATABASES).index(line["database"]), line["n"])):
        rate = line["alerts_per_second"]
        share = rate / first.setdefault(line["database"], rate)
        rows.append(
            [DATABASES[line["database"]], number(line["n"]), number(rate), f"{share:.2f}", ms(line["ingest_p99_ms"]), ms(line["page_p50_ms"]),
             ms(line["page_p99_ms"]), *map(ms, line["web_p95_ms"].values()), f"{line['rss_mb']:.0f} MB"])
    if rows:
        table(["database", words, "alerts/s", "× the first", "p99", "POST to provider, p50", "p99",
               *[f"{name}, p95" for name in lines[0]["web_p95_ms"]], "memory"], rows)


def ingest(lines):
    stored = sorted({line["stored"] for line in lines})
    rows = {}
    for line in lines:
        key = (DATABASES[line["database"]], line["kind"], number(line["connections"]))
        rows.setdefault(key, {})[line["stored"]] = [
            number(line["alerts_per_second"]), f"{line['p50_ms']:.2f}, {line['p99_ms']:.2f}"]
    table(
        ["database", "alerts", "connections", *[word for count in stored for word in
                                                (f"alerts/s beside {number(count)} stored incidents", "p50, p99 in ms")]],
        [[*key, *[cell for count in stored for cell in cells.get(count, ["", ""])]] for key, cells in rows.items()])


def peers(lines):
    rates = [line for line in lines if "kind" in line]
    columns = sorted({(line["kind"], line["connections"]) for line in rates})
    names = list(dict.fromkeys(line["peer"] for line in rates))
    found = {(line["peer"], line["kind"], line["connections"]): line for line in rates}
    told = {line["peer"]: line for line in lines if "page_p50_ms" in line}
    rows = []
    for name in names:
        cells = [found.get((name, *column)) for column in columns]
        rows.append(
            [name, *[f"{number(cell['alerts_per_second'])} ({cell['times_the_first']:g} ×)" if cell else "" for cell in cells],
             f"{ms(told[name]['page_p50_ms'])}, {ms(told[name]['page_p95_ms'])}" if name in told else ""])
    table(["service", *[f"{kind}, {connections}" for kind, connections in columns], "POST to provider, p50, p95"], rows)


def pages(lines):
    rows = {}
    for line in lines:
        rows.setdefault(line["path"], {})[line["database"]] = [ms(line["p50_ms"]), ms(line["p95_ms"])]
    table(
        ["page", *[f"{words}, {part}" for words in DATABASES.values() for part in ["p50", "p95"]]],
        [[f"`{path}`", *[cell for name in DATABASES for cell in cells.get(name, ["", ""])]] for path, cells in rows.items()])


def table(head, rows):
    if rows:
        print(f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *[f"| {' | '.join(row)} |" for row in rows], "", sep="\n")


def number(value):
    return f"{value:,}"


def ms(value):
    return f"{value:,.0f} ms" if value >= 1000 else f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms"
