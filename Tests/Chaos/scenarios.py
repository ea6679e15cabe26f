"""What can go wrong, one function for each scenario. Each returns its verdicts."""
import contextlib
import pathlib
import random
import statistics
import subprocess
import tempfile
import threading
import time

from carrier import BAD
from nodes import Cluster, Namespace, Wire
from pagerpal import wait_for
from planted import planted
from trial import Skipped, Trial, Verdict, finish, holds
from upgrade import upgrade


class Run:
    """The options of one run."""

    def __init__(self, binary, is_short, seed):
        self.binary, self.is_short, self.seed = binary, is_short, seed
        self.takeovers = []

    def pick(self, short, long):
        return short if self.is_short else long

    def measured(self, what, lease, values, most):
        """Notes how long take-overs took, in seconds."""
        times = [f"{seconds:.2f} s" for seconds in (statistics.median(values), max(values), most)]
        self.takeovers.append([what, f"{lease} s", len(values), *times])

    def trial(self, name, **options):
        return Trial(name, self.binary, seed=self.seed, repeats=self.pick(0, 1), **options)


# kill -9

def kill_sqlite(run):
    yield kill(run, "SQLite", run.pick(8, 500))


def kill_postgres(run):
    yield kill(run, "PostgreSQL", run.pick(5, 100))


def kill(run, database, count):
    chance = random.Random(run.seed)
    with run.trial("kill -9", database=database, processes=1 if database == "SQLite" else 2) as trial:
        for _ in range(count):
            time.sleep(chance.uniform(0, 2.5))
            if chance.random() < 0.5:
                at_the_next_page(trial, seconds=0.5)
            node = chance.choice(trial.nodes)
            node.kill()
            trial.acts["kills"] += 1
            if len(trial.nodes) > 1:
                time.sleep(chance.uniform(0, 1.5))
            node.launch()
            if len(trial.nodes) == 1:
                wait_for(node.is_healthy, "it serves again", seconds=30)
        return finish(trial)


def at_the_next_page(trial, seconds):
    """Waits until a page is just being transferred."""
    arrived = threading.Event()
    trial.carrier.on_arrival = lambda _: arrived.set()
    arrived.wait(seconds)
    trial.carrier.on_arrival = None


# Take-over, in figures

def takeover(run):
    lease, count = run.pick((1, 3), (5, 10))
    with run.trial("take-over", database="PostgreSQL", processes=2, lease=lease, pace=run.pick(1, 4)) as trial:
        killed = [measure(trial, lambda node: node.kill()) for _ in range(count)]
        ended = [measure(trial, lambda node: node.process.terminate()) for _ in range(count)]
        trial.acts["kills"], trial.acts["SIGTERM"] = len(killed), len(ended)
        verdict = finish(trial)
    # The short form runs on busy machines.
    for what, values, most in [("kill -9", killed, lease + 1), ("SIGTERM", ended, run.pick(1, 0.3))]:
        run.measured(what, lease, values, most)
        if max(values) > most:
            verdict.faults.append(f"take-over after {what} took {max(values):.2f} s; at most {most:.2f} s")
            verdict.row[-1] = f"**{len(verdict.faults)} faults**"
    yield verdict


def measure(trial, end):
    """Ends the holder. Returns the seconds until the other process has both duties."""
    holder = wait_for(lambda: next((node for node in trial.nodes if holds(node, trial.token)), None), "somebody holds both leases")
    other = next(node for node in trial.nodes if node is not holder)
    # Without a page in flight: with one, the lease is kept until its provider has answered.
    wait_for(lambda: not trial.query("SELECT id FROM pages WHERE state = 'claimed'"), "nothing is in flight")
    started = time.monotonic()
    end(holder)
    wait_for(lambda: holds(other, trial.token), "the other one takes over")
    taken = time.monotonic() - started
    holder.process.wait()
    holder.start()
    return taken


# SIGSTOP and SIGCONT

def freeze(run):
    lease = 1
    chance = random.Random(run.seed)

    def wire(cluster, number):
        return Wire(cluster.host, cluster.port, seed=run.seed + number)

    with run.trial("SIGSTOP, SIGCONT", database="PostgreSQL", processes=2, lease=lease, wire=wire) as trial:
        for number in range(run.pick(5, 60)):
            time.sleep(chance.uniform(0.2, 1))
            node, through = chance.choice(list(zip(trial.nodes, trial.wires)))
            how = ["any moment", "in a transfer", "in a transaction"][number % 3]
            if how == "in a transfer":
                at_the_next_page(trial, seconds=2)
                node.freeze()
            elif how == "in a transaction":
                stopped = threading.Event()

                def stop(node=node, stopped=stopped):
                    # The commit waits in the wire, so the server sees a transaction without an end.
                    if not stopped.is_set():
                        node.freeze()
                        stopped.set()
                    while node.is_frozen:
                        time.sleep(0.02)

                through.on_commit = stop
                if not stopped.wait(3):
                    node.freeze()
                through.on_commit = None
            else:
                node.freeze()
            time.sleep(chance.uniform(0.3, 3) * lease)
            node.thaw()
            trial.acts[how] += 1
        yield finish(trial)


# PostgreSQL dies, and fails over

def postgres_kill(run):
    chance = random.Random(run.seed)
    with run.trial("PostgreSQL killed", database="PostgreSQL", processes=2) as trial:
        for _ in range(run.pick(2, 20)):
            time.sleep(chance.uniform(1, 4))
            trial.cluster.kill()
            trial.acts["kills"] += 1
            time.sleep(chance.uniform(0, 2.5))
            trial.cluster.start()
        yield finish(trial)


def standby(run):
    chance = random.Random(run.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-chaos-"))
    folder.chmod(0o755)
    one, two = Cluster(folder, "one"), Cluster(folder, "two")
    try:
        one.create()
        one.sql("CREATE DATABASE chaos")
        two.clone(one)
        one.wait_for_replica()
        url = f"postgresql://pagerpal@127.0.0.1:{one.port},127.0.0.1:{two.port}/chaos"
        trial = run.trial("standby promoted", database="PostgreSQL", processes=2, url=url, cluster=one, clusters=[one, two], folder=folder)
        with trial:
            trial.kind = "PostgreSQL, synchronous replica"
            for _ in range(run.pick(1, 8)):
                time.sleep(chance.uniform(2, 5))
                trial.cluster.kill()
                time.sleep(chance.uniform(0, 1))
                old, trial.cluster = trial.cluster, two if trial.cluster is one else one
                # The setting came along with the data. The new primary has no replica yet.
                trial.cluster.sql("SELECT 1")
                trial.cluster.promote()
                trial.cluster.sql("ALTER SYSTEM RESET synchronous_standby_names")
                trial.cluster.sql("SELECT pg_reload_conf()")
                trial.acts["promotions"] += 1
                time.sleep(chance.uniform(1, 3))
                old.clone(trial.cluster)
                trial.cluster.wait_for_replica()
            yield finish(trial)
    finally:
        one.stop()
        two.stop()


# The network

def cut(run):
    chance = random.Random(run.seed)

    def wire(cluster, number):
        return Wire(cluster.host, cluster.port, seed=run.seed + number)

    with run.trial("connections cut", database="PostgreSQL", processes=2, wire=wire) as trial:
        for each in trial.wires:
            each.loses, each.cuts = 0.02, 0.01
        for _ in range(run.pick(6, 100)):
            time.sleep(chance.uniform(0.2, 1.5))
            trial.acts["connections"] += chance.choice(trial.wires).cut()
        lost = sum(each.lost_commits for each in trial.wires)
        trial.acts["answers of commits lost"] = lost
        yield finish(trial)


def unplug(run):
    return unplug_host(run) if Namespace.is_possible() else unplug_wire(run)


def unplug_wire(run):
    """Without network namespaces: a wire that passes nothing on and keeps its connections."""
    chance = random.Random(run.seed)

    def wire(cluster, number):
        return Wire(cluster.host, cluster.port, seed=run.seed + number)

    with run.trial("database out of reach", database="PostgreSQL", processes=2, wire=wire) as trial:
        for _ in range(run.pick(2, 20)):
            time.sleep(chance.uniform(1, 3))
            each = chance.choice(trial.wires)
            each.is_silent = True
            time.sleep(chance.uniform(0.5, 4))
            each.is_silent = False
            trial.acts["silences"] += 1
        yield finish(trial)


def unplug_host(run):
    """Two hosts on one cable each. The database and the provider are on the machine itself."""
    chance = random.Random(run.seed)
    lease = run.pick(2, 5)
    with contextlib.ExitStack() as stack:
        cable = Namespace()
        stack.callback(cable.close)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-chaos-"))
        folder.chmod(0o755)
        cluster = Cluster(folder, "one", host=cable.outside)
        stack.callback(cluster.stop)
        cluster.create()
        cluster.sql("CREATE DATABASE chaos")
        url = f"postgresql://pagerpal@{cable.outside}:{cluster.port}/chaos"
        places = [(cable.inside, cable.name, cable.outside), (cable.outside, None, cable.outside)]
        trial = run.trial("host unplugged", database="PostgreSQL", processes=2, lease=lease, url=url, cluster=cluster, clusters=[cluster],
                          folder=folder, places=places)
        taken = []
        with trial:
            far, near = trial.nodes
            for _ in range(run.pick(2, 10)):
                # The host that vanishes must be the one that works.
                if not holds(far, trial.token):
                    near.process.terminate()
                    near.process.wait()
                    wait_for(lambda: holds(far, trial.token), "the far host works")
                    near.start()
                time.sleep(chance.uniform(0.5, 2))
                at_the_next_page(trial, seconds=1)
                started = time.monotonic()
                cable.unplug()
                wait_for(lambda: holds(near, trial.token), "the other host takes over", seconds=60)
                taken.append(time.monotonic() - started)
                time.sleep(chance.uniform(0, 2 * lease))
                cable.plug()
                trial.acts["unpluggings"] += 1
                wait_for(far.is_healthy, "the far host is back", seconds=60)
            yield finish(trial)
        run.measured("host unplugged", lease, taken, lease + 1)
        if max(taken) > lease + 1:
            yield Verdict(None, [f"take-over after a host vanished took {max(taken):.2f} s; at most {lease + 1:.2f} s"])


# A full disk

def disk_full(run):
    chance = random.Random(run.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-chaos-"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True).returncode != 0:
        raise Skipped("disk-full: mounting a small file system is not allowed here")
    try:
        # The log is on the same disk.
        with run.trial("disk full", database="SQLite", folder=folder, logs=folder) as trial:
            filler = folder / "filler"
            for _ in range(run.pick(2, 20)):
                time.sleep(chance.uniform(1, 3))
                fill(filler)
                trial.acts["times"] += 1
                time.sleep(chance.uniform(0.5, 4))
                filler.unlink()
                trial.check_processes()
            yield finish(trial)
    finally:
        subprocess.run(["umount", "-l", folder])
        folder.rmdir()


def fill(path):
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


# Providers

def providers_sqlite(run):
    yield providers(run, "SQLite", 1)


def providers_postgres(run):
    if not run.is_short:
        yield providers(run, "PostgreSQL", 2)


def providers(run, database, processes):
    with run.trial("providers that hang and lie", database=database, processes=processes, is_reporting=True, pace=0.3) as trial:
        # Who hangs is given up after 15 s.
        trial.carrier.weights = BAD | run.pick({}, {"hang": 1})
        time.sleep(run.pick(10, 120))
        trial.acts["misbehaviors"] = sum(each.behavior != "accept" for each in trial.carrier.arrivals)
        return finish(trial)


ALL = {
    "takeover": [takeover], "kill": [kill_sqlite, kill_postgres], "freeze": [freeze], "postgres-kill": [postgres_kill],
    "standby": [standby], "unplug": [unplug], "cut": [cut], "providers": [providers_sqlite, providers_postgres],
    "disk-full": [disk_full], "planted": [planted], "upgrade": [upgrade]}
