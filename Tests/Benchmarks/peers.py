"""Distinct alerts and repeats beside other services, in one session."""
import contextlib
import functools
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from harness import BINARY, cluster, databases, quantile, quantiles, report
from load import Peer
from pagerpal import PagerPal, StandIn, free_port, wait_for


def run():
    """The first service that runs is what the others are compared with."""
    first = {}
    if "PEER_URL" in os.environ:
        given = contextlib.nullcontext(Peer(os.environ["PEER_URL"], X_API_Key=os.environ.get("PEER_KEY", "")))
        if "PEER_SINK" in os.environ:
            deliver("stand-in", given, Sink(port=int(os.environ["PEER_SINK"])), first)
        ingest("stand-in", lambda: given, first)
        # What it still has to send and to escalate would slow the others down.
        subprocess.run(os.environ.get("PEER_STOP", "true"), shell=True, check=True)
    else:
        print("peers: no stand-in, because PEER_URL is not set", flush=True)
    if shutil.which("prometheus-alertmanager"):
        for wait in ["30s", "0s"]:
            sink = Sink()
            deliver(f"alertmanager, group_wait {wait}", alertmanager(wait, sink), sink, first)
            ingest(f"alertmanager, group_wait {wait}", functools.partial(alertmanager, wait, sink), first)
    else:
        print("peers: no Alertmanager, because prometheus-alertmanager is not installed", flush=True)
    if "PAGERPAL_ALERTA" in os.environ:
        with cluster() as maintenance:
            sink = Sink()
            deliver("alerta", alerta(maintenance, sink), sink, first)
            with alerta(maintenance) as peer:
                ingest("alerta", lambda: contextlib.nullcontext(peer), first)
    else:
        print("peers: no Alerta, because PAGERPAL_ALERTA does not name the bin folder of a virtual environment with it", flush=True)
    for name, url, _ in databases():
        sink = Sink()
        process = PagerPal(BINARY, url, sink, lease=5, NOTIFICATION_BUNDLING_SECONDS="0")
        key, token = process.prepare()
        deliver(f"pagerpal {name}", serving(process, key, token), sink, first)
        del process.environment["NOTIFICATION_BUNDLING_SECONDS"]
        with serving(process, key, token) as peer:
            ingest(f"pagerpal {name}", lambda: contextlib.nullcontext(peer), first)


def ingest(name, start, first):
    """Measures alerts a second. `start` gives the service, for each kind of alerts and number of connections."""
    for kind in ["distinct", "repeats"]:
        for connections in [1, 16, 64]:
            with start() as peer:
                peer.send(f"warm-up-{kind}-{connections}-", True, 16, seconds=2)
                rate, median, tail, errors = peer.send(f"{kind}-{connections}-", kind == "distinct", connections)
            times = rate / first.setdefault((kind, connections), rate)
            report(
                "peers", f"{name}: {kind}, {connections} connections: {rate:.0f} alerts/s ({times:.2f} × the first), "
                f"p50 {median:.2f} ms, p99 {tail:.2f} ms, {errors} errors",
                peer=name, kind=kind, connections=connections, alerts_per_second=round(rate), times_the_first=round(times, 2),
                p50_ms=median, p99_ms=tail, errors=errors)


def deliver(name, start, sink, first):
    """Measures the time from the POST of an alert to the request at the one that is told."""
    with start as peer:
        starts = []
        for number in range(25):
            key = f"told-{number:02}-"
            starts.append((key, time.monotonic()))
            peer.post(key)
            time.sleep(0.5)
        # The first ones warm up.
        taken = [(wait_for(lambda: sink.arrival(key), f"the alert {key} arrived", 90) - started) * 1000 for key, started in starts[5:]]
    median = quantile(taken, 0.5)
    times = median / first.setdefault("delivery", median)
    report(
        "peers", f"{name}: POST to provider {quantiles(taken)} ({times:.4f} × the first)",
        peer=name, page_p50_ms=median, page_p95_ms=quantile(taken, 0.95), times_the_first=round(times, 5))


class Sink(StandIn):
    """A provider that accepts whatever is sent to it, with the answer of Infobip. Records the bodies with their times."""

    def serve(self, connection):
        try:
            while self.take(connection):
                connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(self.answer)}\r\n\r\n{self.answer}".encode())
        except OSError:
            pass  # The service has ended.

    def take(self, connection):
        """Reads a request. Returns false if there is none any more."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += (more := connection.recv(65536))
            if not more:
                return False
        arrived = time.monotonic()
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.I)
        while len(body) < (int(length[1]) if length else 0):
            body += (more := connection.recv(65536))
            if not more:
                return False
        with self.lock:
            self.arrivals.append((None, body.decode(), arrived))
        return True

    def arrival(self, words):
        with self.lock:
            return next((at for _, text, at in self.arrivals if words in text), None)


@contextlib.contextmanager
def serving(process, key, token):
    process.start()
    wait_for(lambda: process.holds_lease(token), "it holds the lease")
    yield Peer(f"http://127.0.0.1:{process.port}", X_API_Key=key)
    process.stop()


@contextlib.contextmanager
def alertmanager(group_wait, sink):
    """Runs Debian's Alertmanager, which keeps alerts in memory and writes them to disk every 15 minutes.

    It keeps every group too and stalls when they are due, so each measurement has a new one.
    """
    port = free_port()
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
def alerta(maintenance, sink=None):
    """Runs Alerta with four workers on a new database of PostgreSQL. Its own plugin forwards alerts, if there is a sink."""
    name = "alerta_told" if sink else "alerta"
    subprocess.run(["psql", "-q", maintenance, "-c", f"CREATE DATABASE {name}"], check=True)
    binaries, port = pathlib.Path(os.environ["PAGERPAL_ALERTA"]), free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder) / "alertad.conf"
        url = maintenance.replace("/postgres?", f"/{name}?")
        told = f"[('http://127.0.0.1:{sink.port}', {{'key': 'k', 'timeout': 10}}, ['alerts'])]" if sink else "[]"
        configuration.write_text(
            f"FWD_DESTINATIONS = {told}\nDATABASE_URL = '{url}'\nSECRET_KEY = 'bench'\nAUTH_REQUIRED = True\nADMIN_USERS = ['bench@example.com']\n")
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
