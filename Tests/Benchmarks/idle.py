"""Statements, CPU and memory when idle; time from the start to the first /health."""
import atexit
import os
import pathlib
import subprocess
import time

from harness import BINARY, databases, report
from pagerpal import PagerPal


def run():
    for name, url, cluster in databases():
        process = PagerPal(BINARY, url, lease=5)
        process.prepare()
        if cluster:
            subprocess.run(["psql", "-q", cluster, "-c", "ALTER DATABASE bench SET log_statement = 'all'"], check=True)
        started = time.monotonic()
        process.process = subprocess.Popen([BINARY, "serve"], env=process.environment)
        atexit.register(process.process.kill)
        while not process.is_healthy():
            pass
        first = (time.monotonic() - started) * 1000
        time.sleep(5)
        pid = process.process.pid
        ticks = lambda: sum(int(part) for part in pathlib.Path(f"/proc/{pid}/stat").read_text().split()[13:15])  # noqa: E731
        statements = lambda: logged(cluster) if cluster else None  # noqa: E731
        before, asked = ticks(), statements()
        time.sleep(30)
        cpu = (ticks() - before) / os.sysconf("SC_CLK_TCK") / 30 * 100
        rss = next(line for line in pathlib.Path(f"/proc/{pid}/status").read_text().split("\n") if line.startswith("VmRSS"))
        line = f"{name}: first /health after {first:.0f} ms, CPU {cpu:.2f} %, RSS {int(rss.split()[1]) / 1024:.1f} MB"
        if cluster:
            line += f", {(statements() - asked) / 30:.2f} statements/s"
        report("idle", line)
        process.stop()


def logged(cluster):
    """Counts the statements that the server has logged so far."""
    log = pathlib.Path("/tmp") / cluster.split("=")[-1] / "server.log"
    return sum(" execute " in line or " statement: " in line for line in log.read_text().split("\n"))
