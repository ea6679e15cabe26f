"""What all benchmarks share: the binary, the databases, quantiles, and where figures go."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time

from machine import machine
from pagerpal import sqlite

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("PAGERPAL_BINARY") or str(ROOT / ".build-static" / "release" / "pagerpal")


def build():
    """Builds PagerPal as it is shipped, unless PAGERPAL_BINARY names one."""
    if "PAGERPAL_BINARY" not in os.environ:
        subprocess.run(
            ["swift", "build", "-c", "release", "--product", "pagerpal", "--static-swift-stdlib", "--scratch-path", ".build-static"],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def databases():
    """Yields the name and the URL of an empty database of each kind, and for PostgreSQL the URL of its cluster. Removes them."""
    kinds = os.environ.get("PAGERPAL_BENCH_DATABASES", "sqlite,postgres").split(",")
    if "sqlite" in kinds:
        url = sqlite()
        try:
            yield "sqlite", url, None
        finally:
            shutil.rmtree(pathlib.Path(url.removeprefix("sqlite:///")).parent)
    if "postgres" in kinds:
        with cluster() as maintenance:
            subprocess.run(["psql", "-q", maintenance, "-c", "CREATE DATABASE bench"], check=True)
            yield "postgres", maintenance.replace("/postgres?", "/bench?"), maintenance


class cluster:
    """A PostgreSQL cluster that writes to the disk at each commit, as shipped."""

    def __enter__(self):
        self.url = subprocess.run(
            [ROOT / "scripts" / "postgres", "start"], env=os.environ | {"PAGERPAL_TEST_FSYNC": "on"}, check=True, capture_output=True,
            text=True).stdout.strip()
        return self.url

    def __exit__(self, *_):
        subprocess.run([ROOT / "scripts" / "postgres", "stop", self.url], check=True)


def quantiles(values):
    values = sorted(values)
    return f"p50 {statistics.median(values):.2f} ms, p95 {values[int(len(values) * 0.95)]:.2f} ms, max {values[-1]:.2f} ms"


def tail(values):
    values = sorted(values)
    return f"p50 {statistics.median(values):.2f} ms, p99 {values[int(len(values) * 0.99)]:.2f} ms"


def quantile(values, part):
    return round(sorted(values)[min(int(len(values) * part), len(values) - 1)], 3)


def begin(bench):
    """Prints the machine and the commit, before any figure."""
    facts = machine(ROOT, BINARY)
    report(bench, "on " + "; ".join(f"{name} {value}" for name, value in facts.items()), **facts)


def report(bench, text, **figures):
    """Prints a line. If PAGERPAL_BENCH_JSON names a file, adds the figures to it as a line of JSON."""
    print(f"{bench} {text}", flush=True)
    if "PAGERPAL_BENCH_JSON" in os.environ and figures:
        with open(os.environ["PAGERPAL_BENCH_JSON"], "a") as file:
            file.write(json.dumps({"bench": bench, "at": int(time.time())} | figures) + "\n")
