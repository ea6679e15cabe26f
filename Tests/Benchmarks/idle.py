"""Statements, CPU and memory when idle, and time from the start to the first /health, beside 0 and 100,000 stored incidents."""
import atexit
import os
import pathlib
import subprocess
import time

from harness import BINARY, databases, report
from pagerpal import PagerPal
from stored import processor_seconds, resident, store_incidents, wait_for_index

# After its start PagerPal looks once for what retention deletes, and for texts that the search lacks.
SETTLED_SECONDS = 90


def run():
    for stored in [0, 100_000]:
        for name, url, cluster in databases():
            measure(stored, name, url, cluster)


def measure(stored, name, url, cluster):
    process = PagerPal(BINARY, url, lease=5)
    key, token = process.prepare()
    if stored:
        store_incidents(process, url, key, token, stored)
        assert wait_for_index(url, process, 600), "the index is not complete after 600 s"
        process.stop()
    if cluster:
        subprocess.run(["psql", "-q", cluster, "-c", "ALTER DATABASE bench SET log_statement = 'all'"], check=True)
    started = time.monotonic()
    process.process = subprocess.Popen([BINARY, "serve"], env=process.environment)
    atexit.register(process.process.kill)
    while not process.is_healthy():
        pass
    first = (time.monotonic() - started) * 1000
    time.sleep(SETTLED_SECONDS)
    before, asked = processor_seconds(process), logged(cluster) if cluster else 0
    time.sleep(60)
    cpu = (processor_seconds(process) - before) / 60 * 100
    figures = {"health_ms": round(first, 1), "cpu_percent": round(cpu, 2), "rss_mb": round(resident(process), 1)}
    line = f"{name}, {stored} stored: first /health after {first:.0f} ms, CPU {cpu:.2f} %, RSS {figures['rss_mb']} MB"
    if cluster:
        figures["statements_per_second"] = round((logged(cluster) - asked) / 60, 2)
        line += f", {figures['statements_per_second']} statements/s"
    report("idle", line, database=name, stored=stored, **figures)
    process.stop()


def logged(cluster):
    """Counts the statements that the server has logged so far."""
    log = pathlib.Path("/tmp") / cluster.split("=")[-1] / "server.log"
    return sum(" execute " in line or " statement: " in line for line in log.read_text().split("\n"))
