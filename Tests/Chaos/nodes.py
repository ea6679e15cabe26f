"""PagerPal processes, PostgreSQL clusters and the wires between them, all of which can be killed, frozen and cut."""
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

from pagerpal import PagerPal, free_port, wait_for

BINARIES = pathlib.Path(shutil.which("initdb") or sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1]).resolve().parent


class Node(PagerPal):
    """A PagerPal process with a log file, perhaps in a network namespace of its own."""

    def __init__(self, binary, database, carrier, lease, logs, name, host="127.0.0.1", namespace=None, **environment):
        super().__init__(binary, database, carrier, lease, NOTIFICATION_BUNDLING_SECONDS="0", **environment)
        self.environment["INFOBIP_BASE_URL"] = f"http://{carrier.host}:{carrier.port}"
        # A backtrace would take longer than the death.
        self.environment |= {"PAGERPAL_HOST": host, "SWIFT_BACKTRACE": "enable=no"}
        self.host, self.name, self.log = host, name, logs / f"{name}.log"
        self.prefix = ["ip", "netns", "exec", namespace] if namespace else []
        # When it was frozen, for the time of pages.
        self.is_frozen = False

    def command(self, *arguments):
        return subprocess.run(
            [*self.prefix, self.binary, *arguments], env=self.environment, check=True, capture_output=True, text=True).stdout

    def launch(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.prefix, self.binary, "serve"], env=self.environment, stdout=log, stderr=log)
        return self

    def start(self):
        self.launch()
        wait_for(self.is_healthy, f"{self.name} serves; its log is {self.log}", seconds=60)
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def freeze(self):
        self.is_frozen = True
        super().freeze()

    def thaw(self):
        super().thaw()
        self.is_frozen = False

    def is_healthy(self):
        with socket.socket() as probe:
            probe.settimeout(1)
            try:
                probe.connect((self.host, self.port))
                probe.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return b" 200 " in probe.recv(100)
            except OSError:
                return False


def as_postgres(*command, **options):
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    return subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, text=True, cwd="/tmp", **options).stdout


class Cluster:
    """One PostgreSQL cluster."""

    def __init__(self, folder, name, host="127.0.0.1"):
        self.folder, self.name, self.host = folder / name, name, host
        self.data, self.port = self.folder / "data", free_port()
        self.folder.mkdir()
        self.folder.chmod(0o700)
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")

    def create(self):
        as_postgres(BINARIES / "initdb", "-D", self.data, "-U", "pagerpal", "-A", "trust", "--no-sync")
        hosts = "\nhost all all 10.0.0.0/8 trust\n"
        as_postgres("tee", "-a", self.data / "pg_hba.conf", input=hosts)
        return self.start()

    def start(self):
        # fsync guards against a host that loses its power, which nothing here does.
        options = (f"-p {self.port} -k {self.folder} -c listen_addresses={self.host} -c fsync=off -c max_connections=200 "
                   "-c wal_level=replica -c max_wal_senders=5 -c hot_standby=on -c max_replication_slots=5")
        log = self.folder / "server.log"
        as_postgres(BINARIES / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", log, "-o", options, "start", stdin=subprocess.DEVNULL)
        return self

    def clone(self, other):
        """Makes this cluster a replica of another one."""
        shutil.rmtree(self.data, ignore_errors=True)
        source = f"host={other.host} port={other.port} user=pagerpal application_name={self.name}"
        as_postgres(BINARIES / "pg_basebackup", "-D", self.data, "-d", source, "-R", "-c", "fast", "--no-sync")
        return self.start()

    def kill(self):
        """Kills the postmaster and all of its children, as the kernel does when memory is short."""
        postmaster = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

        def is_gone():
            try:
                os.kill(postmaster, 0)
            except ProcessLookupError:
                return True
        wait_for(is_gone, "PostgreSQL is dead")

    def stop(self):
        if self.data.exists():
            with contextlib.suppress(subprocess.CalledProcessError):
                as_postgres(BINARIES / "pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def promote(self):
        as_postgres(BINARIES / "pg_ctl", "-D", self.data, "-w", "promote")

    def sql(self, statement, database="postgres"):
        url = f"postgresql://pagerpal@{self.host}:{self.port}/{database}"
        return subprocess.run(["psql", "-qAt", url, "-c", statement], check=True, capture_output=True, text=True).stdout.strip()

    def wait_for_replica(self):
        """Commits wait for the replica from now on."""
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql("SELECT pg_reload_conf()")
        wait_for(lambda: self.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1", "a replica is in step")


class Wire:
    """A TCP proxy that cuts connections, loses answers, falls silent, or freezes a process within its transaction."""

    def __init__(self, host, port, seed=None):
        self.target, self.random = (host, port), random.Random(seed)
        self.pairs, self.lock = set(), threading.Lock()
        self.is_silent = False
        """How likely it is that the answer to a commit is lost, and that the connection is cut before the commit arrives."""
        self.loses, self.cuts = 0.0, 0.0
        """Called before a commit is passed on."""
        self.on_commit = None
        self.lost_commits = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def calm(self):
        self.loses = self.cuts = 0.0
        self.is_silent, self.on_commit = False, None

    def cut(self):
        """Resets every connection."""
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for pair in pairs:
            self._reset(pair)
        return len(pairs)

    def close(self):
        self.listener.close()
        self.cut()

    @staticmethod
    def _reset(pair):
        for end in pair:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        self._wait_for_sound()
        try:
            server = socket.create_connection(self.target, timeout=5)
            server.settimeout(None)
        except OSError:
            client.close()
            return
        pair = (client, server)
        for end in pair:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.pairs.add(pair)
        state = {"drops": False}
        other = threading.Thread(target=self._pump, args=(server, client, pair, state, False), daemon=True)
        other.start()
        self._pump(client, server, pair, state, True)
        other.join()
        client.close()
        server.close()
        with self.lock:
            self.pairs.discard(pair)

    def _wait_for_sound(self):
        while self.is_silent:
            time.sleep(0.02)

    def _pump(self, source, sink, pair, state, is_request):
        try:
            while data := source.recv(65536):
                self._wait_for_sound()
                if is_request and re.search(rb"\bCOMMIT\b", data):
                    if self.random.random() < self.cuts:
                        break
                    if self.random.random() < self.loses:
                        state["drops"], self.lost_commits = True, self.lost_commits + 1
                    if self.on_commit:
                        self.on_commit()
                if state["drops"] and not is_request:
                    break
                sink.sendall(data)
        except OSError:
            pass
        self._reset(pair)


class Namespace:
    """A network namespace with one cable to the host, which can be unplugged."""

    def __init__(self):
        number = os.getpid() % 250
        self.name = f"chaos{os.getpid()}"
        self.cable = f"ch{os.getpid()}"
        self.outside, self.inside = f"10.{number}.77.1", f"10.{number}.77.2"

        def ip(*words):
            subprocess.run(["ip", *words], check=True, capture_output=True)

        self.ip = ip
        ip("netns", "add", self.name)
        try:
            ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
            ip("addr", "add", f"{self.outside}/24", "dev", self.cable)
            ip("link", "set", self.cable, "up")
            ip("-n", self.name, "addr", "add", f"{self.inside}/24", "dev", "eth0")
            ip("-n", self.name, "link", "set", "eth0", "up")
            ip("-n", self.name, "link", "set", "lo", "up")
        except subprocess.CalledProcessError:
            self.close()
            raise

    @staticmethod
    def is_possible():
        return os.getuid() == 0 and bool(shutil.which("ip")) and subprocess.run(
            ["unshare", "--net", "true"], capture_output=True).returncode == 0

    def unplug(self):
        # Down inside, so that packets vanish without an error, as when a cable is pulled at the far end.
        self.ip("-n", self.name, "link", "set", "eth0", "down")

    def plug(self):
        self.ip("-n", self.name, "link", "set", "eth0", "up")

    def close(self):
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.cable], capture_output=True)
