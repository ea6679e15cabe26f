"""An upgrade under load: processes of two versions share a PostgreSQL, and take over from each other."""
import os
import subprocess
import time

from pagerpal import free_port, wait_for
from trial import Skipped, Trial, Verdict, finish, holds


def upgrade(run):
    older = os.environ.get("PAGERPAL_OLD_BINARY")
    if not older:
        raise Skipped("upgrade: PAGERPAL_OLD_BINARY names no program of an earlier version; docs/deployment.md says how to build one")
    lease = 2
    trial = Trial("upgrade", os.path.abspath(older), database="PostgreSQL", processes=3, lease=lease, seed=run.seed,
                  repeats=run.pick(0, 1), pace=run.pick(0.15, 0.3))
    to_newer, to_older = [], []
    with trial:
        one, two, newer = trial.nodes
        wait_for(lambda: sum(entry.answered for entry in list(trial.ledger.entries.values())) > 20, "alerts are answered")
        migrate(trial, newer, run.binary)
        time.sleep(run.pick(2, 10))
        for number in range(run.pick(1, 5)):
            to_older.append(take_over(trial, newer, [one, two][number % 2]))
            trial.acts["kills of the newer"] += 1
            newer.start()
            time.sleep(run.pick(0, 5))
        # An older process that was killed can't start again, so the last two times are these.
        to_newer.append(take_over(trial, one, newer))
        to_older.append(take_over(trial, newer, two))
        newer.start()
        to_newer.append(take_over(trial, two, newer))
        trial.acts["kills of the newer"] += 1
        trial.acts["kills of the older"] += 2
        for node in [one, two]:
            node.binary = run.binary
            node.start()
        trial.settle()
        trial.acts["answers of 5xx"] = sum(trial.ledger.errors.values())
        verdict = finish(trial)
    for status, count in trial.ledger.errors.items():
        # 503 says that nothing was stored, and that the sender tries again.
        if status != 503:
            verdict.faults.append(f"refused: {count} requests were answered with {status}")
    yield verdict
    for what, values in [("kill -9, newer to older", to_older), ("kill -9, older to newer", to_newer)]:
        run.measured(what, lease, values, lease + 1)
        if max(values) > lease + 1:
            yield Verdict(None, [f"take-over after {what} took {max(values):.2f} s; at most {lease + 1:.2f} s"])


def migrate(trial, node, binary):
    """Starts one process as the newer version, while the older ones serve. It migrates the schema."""
    code, _ = node.stop()
    if code != 0:
        trial.faults.append(f"ended: {node.name} ended after SIGTERM with {code}")
    older, node.binary = node.binary, binary
    before = schema(trial)
    node.start()
    after = schema(trial)
    trial.acts["migrations"] += after - before
    environment = node.environment | {"PAGERPAL_PORT": str(free_port())}
    done = subprocess.run([older, "serve"], env=environment, capture_output=True, text=True, timeout=60) if after > before else None
    if done and (done.returncode != 69 or "Use the newer version" not in done.stderr):
        trial.faults.append(f"started: the older version ended with {done.returncode} on the newer schema: {done.stderr[-300:]}")


def schema(trial):
    return int(trial.query("SELECT max(number) FROM schema_migrations")[0][0])


def take_over(trial, victim, heir):
    """Kills a process that holds both leases. Returns the seconds until the heir has both."""
    others = [node for node in trial.nodes if node is not victim and node.is_running()]
    if not holds(victim, trial.token):
        for node in others:
            node.freeze()
        wait_for(lambda: holds(victim, trial.token), f"{victim.name} holds the leases")
        for node in others:
            node.thaw()
    for node in others:
        wait_for(node.is_healthy, f"{node.name} is healthy", seconds=60)
    # A third process would take one of the two leases.
    third = [node for node in others if node is not heir]
    for node in third:
        node.freeze()
    wait_for(lambda: not trial.query("SELECT id FROM pages WHERE state = 'claimed'"), "nothing is in flight")
    started = time.monotonic()
    victim.kill()
    wait_for(lambda: holds(heir, trial.token), f"{heir.name} takes over")
    taken = time.monotonic() - started
    for node in third:
        node.thaw()
    return taken
