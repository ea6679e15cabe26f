"""Distinct alerts and repeats beside other services, in one session."""
import contextlib
import functools
import http.client
import os
import pathlib
import shutil
import subprocess
import tempfile

from harness import BINARY, cluster, databases, report
from load import Peer
from pagerpal import PagerPal, StandIn, free_port, wait_for


def run():
    """The first service that runs is what the others are compared with."""
    rates = {}
    if "PEER_URL" in os.environ:
        peer = Peer(os.environ["PEER_URL"], X_API_Key=os.environ.get("PEER_KEY", ""))
        measure("stand-in", lambda: contextlib.nullcontext(peer), rates)
    else:
        print("peers: no stand-in, because PEER_URL is not set", flush=True)
    if shutil.which("prometheus-alertmanager"):
        for wait in ["30s", "0s"]:
            measure(f"alertmanager, group_wait {wait}", functools.partial(alertmanager, wait), rates)
    else:
        print("peers: no Alertmanager, because prometheus-alertmanager is not installed", flush=True)
    if "PAGERPAL_ALERTA" in os.environ:
        with cluster() as maintenance, alerta(maintenance) as peer:
            measure("alerta", lambda: contextlib.nullcontext(peer), rates)
    else:
        print("peers: no Alerta, because PAGERPAL_ALERTA does not name the bin folder of a virtual environment with it", flush=True)
    for name, url, _ in databases():
        with pagerpal(url) as peer:
            measure(f"pagerpal {name}", lambda: contextlib.nullcontext(peer), rates)


def measure(name, start, rates):
    """Measures a service. `start` gives it, for the alerts of each kind and number of connections."""
    for kind in ["distinct", "repeats"]:
        for connections in [1, 16, 64]:
            with start() as peer:
                peer.send(f"warm-up-{kind}-{connections}-", True, 16, seconds=2)
                rate, median, tail, errors = peer.send(f"{kind}-{connections}-", kind == "distinct", connections)
            first = rates.setdefault((kind, connections), rate)
            report(
                "peers", f"{name}: {kind}, {connections} connections: {rate:.0f} alerts/s ({rate / first:.2f} × the first), "
                f"p50 {median:.2f} ms, p99 {tail:.2f} ms, {errors} errors",
                peer=name, kind=kind, connections=connections, alerts_per_second=round(rate), times_the_first=round(rate / first, 2),
                p50_ms=median, p99_ms=tail, errors=errors)


@contextlib.contextmanager
def pagerpal(url):
    process = PagerPal(BINARY, url, StandIn(), lease=5)
    key, _ = process.prepare()
    process.start()
    yield Peer(f"http://127.0.0.1:{process.port}", X_API_Key=key)
    process.stop()


@contextlib.contextmanager
def alertmanager(group_wait):
    """Runs Debian's Alertmanager, which keeps alerts in memory and writes them to disk every 15 minutes.

    It keeps every group too and stalls when they are due, so each measurement has a new one.
    """
    sink, port = StandIn(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder) / "alertmanager.yml"
        configuration.write_text(
            f"route: {{receiver: sink, group_by: [alertname, key], group_wait: {group_wait}, group_interval: 5m}}\n"
            f"receivers: [{{name: sink, webhook_configs: [{{url: 'http://127.0.0.1:{sink.port}/'}}]}}]\n")
        command = [
            "prometheus-alertmanager", f"--config.file={configuration}", f"--storage.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"]
        with running(command, port, "/-/ready", "Alertmanager is ready"):
            yield Peer(
                f"http://127.0.0.1:{port}", "/api/v2/alerts",
                '[{"labels":{"alertname":"DiskFull","key":"@KEY@"},"annotations":{"summary":"Disk full on @KEY@"}}]')


@contextlib.contextmanager
def alerta(maintenance):
    """Runs Alerta with four workers on PostgreSQL, as its documentation deploys it."""
    subprocess.run(["psql", "-q", maintenance, "-c", "CREATE DATABASE alerta"], check=True)
    binaries, port = pathlib.Path(os.environ["PAGERPAL_ALERTA"]), free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder) / "alertad.conf"
        url = maintenance.replace("/postgres?", "/alerta?")
        configuration.write_text(
            f"DATABASE_URL = '{url}'\nSECRET_KEY = 'bench'\nAUTH_REQUIRED = True\nADMIN_USERS = ['bench@example.com']\n")
        environment = os.environ | {"ALERTA_SVR_CONF_FILE": str(configuration), "ADMIN_KEY": "bench-key"}
        subprocess.run(
            [binaries / "alertad", "key", "--username", "bench@example.com", "--key", "bench-key"], env=environment, check=True,
            capture_output=True)
        command = [binaries / "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "4", "--log-level", "warning", "alerta:create_app()"]
        with running(command, port, "/management/gtg", "Alerta is ready", env=environment, cwd=folder):
            yield Peer(
                f"http://127.0.0.1:{port}", "/alert",
                '{"resource":"@KEY@","event":"DiskFull","environment":"Production","severity":"major","service":["bench"],'
                '"text":"Disk full on @KEY@"}', Authorization="Key bench-key")


@contextlib.contextmanager
def running(command, port, path, what, **options):
    """Runs a service until the block ends."""
    def is_ready():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except OSError:
            return False

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        wait_for(is_ready, what, seconds=60)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
