"""Fills the database with copies of an incident that PagerPal stored itself, with its timeline, pages and attempts."""
import contextlib
import pathlib
import sqlite3
import subprocess
import time

from pagerpal import wait_for

NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
CHUNK = 20_000
# Where the time of a copy is moved, so that they do not all lie in one second.
TIMES = {"opened_at", "last_alert_at", "updated_at", "resolved_at", "first_acknowledged_at", "at", "queued_at", "due_at", "claimed_at",
         "sent_at", "finished_at"}
TEXT = "The filesystem /var/lib is at 97 percent and grows, about 40 minutes are left."


def execute(url, *statements):
    """Runs statements in a database that no process uses."""
    if url.startswith("sqlite:"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)
    else:
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", url.replace("postgresql", "postgres", 1)], input=";\n".join(statements), text=True,
            check=True, stdout=subprocess.DEVNULL)


def ask(url, query):
    """Returns the rows of a query, each value as text."""
    if url.startswith("sqlite:"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return [[str(value) for value in row] for row in database.execute(query)]
    output = subprocess.run(
        ["psql", "-At", url.replace("postgresql", "postgres", 1), "-c", query], check=True, capture_output=True, text=True).stdout
    return [line.split("|") for line in output.splitlines()]


def store_incidents(process, url, key, token, resolved=0, triggered=0, acknowledged=0):
    """Adds incidents in these states while the process is stopped, and starts it. Returns how long the filling took, in seconds.

    Titles are “Problem N on web-M”. One in the middle has the word “zebrafish”. The label “rack” has 200 incidents for each value.
    """
    process.start()
    wait_for(lambda: process.holds_lease(token), "it holds the lease")
    kinds = [(resolved, "resolve", 300 * 86400), (triggered, None, 600), (acknowledged, "acknowledge", 600)]
    templates = []
    for count, action, seconds in kinds:
        if count:
            incident = process.alert(
                key, title="Problem", description=TEXT, external_id=f"first-{action}",
                labels={"host": "web-0", "rack": "none"})["incident"]
            wait_for(lambda: process.is_idle(token), "its page left")
            if action:
                process.request("POST", f"/api/v1/incidents/{incident['number']}/{action}", Authorization=f"Bearer {token}")
            templates.append((incident["number"], count, seconds))
    process.stop()
    started = time.monotonic()
    last = max((number for number, _, _ in templates), default=0)
    begin = (
        ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"] if url.startswith("sqlite:")
        # Foreign keys hold by construction.
        else ["SET synchronous_commit = off", "SET session_replication_role = replica"])
    statements = []
    for number, count, seconds in templates:
        statements += copies(url, number, last, count, seconds * 1_000_000 // count)
        last += count
    end = (
        ["PRAGMA wal_checkpoint(TRUNCATE)"] if url.startswith("sqlite:")
        # Otherwise the server does both while figures are measured.
        else ["VACUUM ANALYZE", "CHECKPOINT"])
    execute(url, *begin, *statements, f"UPDATE counters SET value = {last} WHERE name = 'incident'", *end)
    taken = time.monotonic() - started
    process.start()
    return taken


def copies(url, number, after, count, step):
    """Returns the statements that copy an incident to the next numbers, each `step` microseconds after the one before."""
    [[template]] = ask(url, f"SELECT id FROM incidents WHERE number = {number}")
    # Text messages go to the people of the team in turn, as if their shifts had gone by.
    people = ask(url, f"""
        SELECT user_id, id, address FROM contact_methods WHERE channel = 'sms' AND user_id IN (
          SELECT id FROM users WHERE (SELECT definition FROM teams WHERE id = (SELECT team_id FROM incidents WHERE id = '{template}'))
            LIKE '%"' || id || '"%')
        ORDER BY id""")
    statements = []
    for first in range(1, count + 1, CHUNK):
        last = min(first + CHUNK - 1, count)
        statements.append("BEGIN")
        for table, which in [
            ("incidents", f"id = '{template}'"), ("timeline", f"incident_id = '{template}'"), ("pages", f"incident_id = '{template}'"),
            ("attempts", f"page_id IN (SELECT id FROM pages WHERE incident_id = '{template}')"),
        ]:
            names = columns(url, table)
            values = [value(url, name, table, after, count, step, people) for name in names]
            statements.append(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {series(url, first, last)} CROSS JOIN {table} "
                f"WHERE {which}")
        statements.append("COMMIT")
    return statements


def columns(url, table):
    """Returns the names of the columns that are not generated."""
    if url.startswith("sqlite:"):
        return [row[1] for row in ask(url, f"PRAGMA table_info({table})")]
    return [name for name, in ask(
        url, f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND is_generated = 'NEVER'")]


def series(url, first, last):
    if url.startswith("sqlite:"):
        return (f"(WITH RECURSIVE numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) "
                "SELECT n FROM numbers) AS numbers")
    return f"generate_series({first}, {last}) AS numbers (n)"


def value(url, name, table, after, count, step, people):
    """Returns the expression for a column of copy n. Ids stay as long as they were, and in order."""
    if name in ("id", "incident_id", "page_id", "message_id"):
        return f"SUBSTR({name}, 1, 24) || {padded(url, 'n', 12)}"
    if name in TIMES:
        return f"{name} - CAST({count} - n AS BIGINT) * {step}"
    if table == "incidents":
        racks = max(count // 200, 1)
        return {
            "number": f"{after} + n",
            "dedup_key": f"'stored-' || ({after} + n)",
            "title": f"'Problem ' || ({after} + n) || ' on web-' || (n % 1000) || CASE WHEN n = {count // 2} THEN ' zebrafish' ELSE '' END",
            "labels": f"""'{{"host":"web-' || (n % 1000) || '","rack":"rack-' || {padded(url, f'(n % {racks})', 6)} || '"}}'""",
        }.get(name, name)
    if people and table == "pages" and name in (columns := ["user_id", "contact_method_id", "address"]):
        place = columns.index(name)
        whose = " ".join(f"WHEN {number} THEN '{person[place]}'" for number, person in enumerate(people))
        return f"CASE WHEN channel = 'sms' THEN CASE n % {len(people)} {whose} END ELSE {name} END"
    if name == "link":
        return "link || n"
    return name


def padded(url, number, length):
    return f"printf('%0{length}d', {number})" if url.startswith("sqlite:") else f"LPAD(CAST({number} AS TEXT), {length}, '0')"


def wait_for_index(url, process, seconds):
    """Waits until all incidents can be searched by the index. Returns the seconds it took and those of the processor, or None."""
    started, before = time.monotonic(), processor_seconds(process)
    while time.monotonic() - started < seconds:
        [[first, last]] = ask(url, "SELECT indexed_from, indexed_to FROM search_progress")
        [[newest]] = ask(url, "SELECT MAX(number) FROM incidents")
        if int(first) <= 1 and int(newest) - int(last) < 256:
            return time.monotonic() - started, processor_seconds(process) - before
        time.sleep(1)
    return None


def processor_seconds(process):
    """Returns the user and system time that the process has used."""
    fields = pathlib.Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident(process):
    """Returns the memory of the process in MB."""
    return int(pathlib.Path(f"/proc/{process.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6
