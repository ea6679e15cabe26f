"""Plants faults in the results of a calm trial. The judge must find each of them."""
import contextlib
import dataclasses
import sqlite3
import time

from trial import judge

SENT = """
    SELECT title, pages.id, message_id FROM pages JOIN incidents ON incidents.id = incident_id
    WHERE pages.state = 'sent' AND incidents.state = 'acknowledged'"""
"""What each fault changes in the database. Those without a statement change what the carrier remembers."""
FAULTS = {
    "lost": "DELETE FROM incidents WHERE title = '{title}'",
    "twice": "INSERT INTO incidents (id, number, {columns}) SELECT 'x', -1, {columns} FROM incidents WHERE title = '{title}'",
    "forgotten": "UPDATE incidents SET state = 'triggered' WHERE title = '{title}'",
    "unfinished": "UPDATE incidents SET state = 'triggered', next_escalation_at = 1 WHERE title = '{title}'",
    "silent": "DELETE FROM pages WHERE incident_id = (SELECT id FROM incidents WHERE title = '{title}')",
    "stuck": "UPDATE pages SET state = 'claimed' WHERE id = '{page}'",
    "never left": "UPDATE pages SET message_id = 'x' WHERE id = '{page}'",
    "unknown": "UPDATE pages SET message_id = 'x' WHERE message_id = '{message}'",
    "after acknowledgement": "UPDATE pages SET claimed_at = claimed_at + 3600000000 WHERE id = '{page}'",
    "unmarked": None,
}


def planted(run):
    with run.trial("planted faults", database="SQLite") as trial:
        time.sleep(6)
        trial.settle()
        for node in trial.nodes:
            node.stop()
        verdict = judge(trial)
        title, page, message = next(row for row in trial.query(SENT) if trial.ledger.entries[row[0]].acknowledged)
        info = trial.query("PRAGMA table_xinfo(incidents)")
        # Without generated columns.
        columns = ", ".join(row[1] for row in info if row[1] not in ("id", "number") and not row[6])
        for name, statement in FAULTS.items():
            with restored(trial) as database:
                if name == "after acknowledgement":
                    late = [each for each in trial.carrier.arrivals if each.message == message]
                    trial.carrier.arrivals += [dataclasses.replace(each, at=each.at + 3600, behavior="accept") for each in late]
                    trial.carrier.arrivals = [each for each in trial.carrier.arrivals if each not in late]
                if statement:
                    database.execute(statement.format(title=title, page=page, message=message, columns=columns))
                else:
                    trial.carrier.arrivals.append(next(each for each in trial.carrier.arrivals if each.message == message))
                found = judge(trial).faults
            if not any(f": {name}: " in fault for fault in found):
                verdict.faults.append(f"the planted fault {name!r} was not found, but {found}")
        verdict.row[2], verdict.row[-1] = f"{len(FAULTS)} faults planted", "**missed**" if verdict.faults else "all found"
        if not verdict.faults:
            trial.stack.callback(trial.forget)
        yield verdict


@contextlib.contextmanager
def restored(trial):
    """Opens the database for a change, which is undone at the end, like changes of what arrived."""
    arrivals = trial.carrier.arrivals
    trial.carrier.arrivals = list(arrivals)
    with contextlib.closing(sqlite3.connect(trial.file, isolation_level=None)) as database:
        with contextlib.closing(sqlite3.connect(":memory:")) as saved:
            database.backup(saved)
            database.execute("DROP INDEX incidents_open")
            try:
                yield database
            finally:
                saved.backup(database)
                trial.carrier.arrivals = arrivals
