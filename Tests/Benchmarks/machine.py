"""What a figure was measured on."""
import datetime
import hashlib
import os
import pathlib
import platform
import re
import statistics
import subprocess
import tempfile
import time


def machine(root, binary):
    """Returns the facts by their names, as text."""
    cpu = pathlib.Path("/proc/cpuinfo").read_text()
    model, speed = (re.search(rf"^{name}\s*: (.*)", cpu, re.M) for name in ["model name", "cpu MHz"])
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    git = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return {
        "processors": f"{os.cpu_count()} × {model[1] if model else platform.machine()}" + (f" at {float(speed[1]):.0f} MHz" if speed else ""),
        "memory": f"{int(memory[1]) / 1024 ** 2:.1f} GB",
        "kernel": platform.release(),
        "sync": f"{sync_time():.2f} ms (p50 of 100 × fdatasync of 4 KB)",
        "load": f"{os.getloadavg()[0]:.1f}",
        "commit": git or "unknown",
        "binary": hashlib.sha256(pathlib.Path(binary).read_bytes()).hexdigest()[:12] if pathlib.Path(binary).exists() else "none",
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    }


def sync_time():
    """Returns how long the disk of the temporary folder takes to store 4 KB at the end of a file, in milliseconds."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(100):
            started = time.monotonic()
            os.write(file.fileno(), b"0" * 4096)
            os.fdatasync(file.fileno())
            taken.append((time.monotonic() - started) * 1000)
    return statistics.median(taken)
