"""A minimal Debian in a folder, to run what an image or a package contains without a container engine.

The folder is made once by debootstrap, in .debian-root, and copied for each use. Works as root only.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from pagerpal import wait_for

KEPT = pathlib.Path(__file__).resolve().parent.parent.parent / ".debian-root"
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What Debian's slim images leave out.
SLIM = ["usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man", "usr/share/lintian", "usr/share/linda"]
NEEDS = {"debootstrap": "debootstrap", "unshare": "util-linux", "nsenter": "util-linux", "setpriv": "util-linux", "ip": "iproute2"}
# As Debian's images have it: nothing that was downloaded stays.
CLEAN = """APT::Keep-Downloaded-Packages "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
"""
# The root is read-only but for the volumes and /tmp, and the network is its own. The program becomes process 1.
SETUP = """set -e
ip link set lo up
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
for volume in $VOLUMES; do mount --bind "$KEEP$volume" "$ROOT$volume"; done
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mount -t proc proc "$ROOT/proc"
mount -o remount,bind,ro "$ROOT"
exec chroot "$ROOT" "$@"
"""


def missing():
    """Why no Debian can be made here, or None."""
    if os.geteuid() != 0:
        return "it needs root, for chroot and mounts"
    packages = {package for program, package in NEEDS.items() if not shutil.which(program, path=f"{os.environ['PATH']}:{PATH}")}
    if packages:
        return f"it needs {', '.join(sorted(packages))}: apt-get install {' '.join(sorted(packages))}"
    if subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], capture_output=True).returncode != 0:
        return "it needs new namespaces (unshare --mount --pid --net), which are not allowed here"
    return None


class Debian:
    """A copy of a minimal Debian, without documents and languages as in Debian's slim images."""

    def __init__(self, suite):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-debian-"))
        self.root = self.folder / "root"
        subprocess.run(["cp", "--archive", base(suite), self.root], check=True)

    def remove(self):
        shutil.rmtree(self.folder)

    def run(self, *command, check=True, **environment):
        """Runs a command as root, with the machine's network. Returns what it printed, on both outputs."""
        script = 'mount --make-rprivate / && mount -t proc proc "$ROOT/proc" && exec chroot "$ROOT" "$@"'
        done = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", script, "debian", *command],
            env={"PATH": PATH, "HOME": "/root", "ROOT": str(self.root), "DEBIAN_FRONTEND": "noninteractive"} | environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout if check else (done.returncode, done.stdout)

    def account(self, name):
        """The numbers of a user and its group, and its home."""
        for line in (self.root / "etc/passwd").read_text().splitlines():
            fields = line.split(":")
            if name in (fields[0], fields[2]):
                return int(fields[2]), int(fields[3]), fields[5]
        raise AssertionError(f"the Debian has no user {name}")

    def size(self):
        """Bytes of all files, each counted once."""
        said = subprocess.run(["du", "--bytes", "--summarize", self.root], check=True, capture_output=True, text=True).stdout
        return int(said.split()[0])

    def packed(self):
        """Bytes of all files as a compressed archive, as a registry stores an image."""
        said = subprocess.run(f"tar -C '{self.root}' -cf - . | gzip -6 | wc -c", shell=True, check=True, capture_output=True, text=True)
        return int(said.stdout)


def base(suite):
    """Makes the minimal Debian unless it is there. Returns its folder."""
    folder = KEPT / suite
    if folder.exists():
        return folder
    KEPT.mkdir(exist_ok=True)
    half = KEPT / f"{suite}.half"
    shutil.rmtree(half, ignore_errors=True)
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", suite, half, f"{MIRROR}/debian"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise AssertionError(f"debootstrap ended with {done.returncode}:\n{done.stdout[-2000:]}")
    lines = [("debian", suite), ("debian", f"{suite}-updates"), ("debian-security", f"{suite}-security")]
    (half / "etc/apt/sources.list").write_text("".join(f"deb {MIRROR}/{path} {name} main\n" for path, name in lines))
    # The machine's proxy, and what it thinks of dates.
    settings = subprocess.run(["apt-config", "dump", "Acquire"], check=True, capture_output=True, text=True).stdout
    kept = [line for line in settings.splitlines() if re.match(r"Acquire::(http|https|Check-)", line, re.I)]
    (half / "etc/apt/apt.conf.d/90machine").write_text("\n".join(kept) + "\n")
    (half / "etc/apt/apt.conf.d/docker-clean").write_text(CLEAN)
    excluded = "".join(f"path-exclude /{path}/*\n" for path in SLIM) + "path-include /usr/share/doc/*/copyright\n"
    (half / "etc/dpkg/dpkg.cfg.d/slim").write_text(excluded)
    for path in SLIM:
        for file in (half / path).rglob("*"):
            if file.is_symlink() or file.is_file() and file.name != "copyright":
                file.unlink()
    for path in ["var/cache/apt", "var/lib/apt/lists", "var/log"]:
        for file in (half / path).rglob("*"):
            if file.is_file():
                file.unlink()
    half.rename(folder)
    return folder


class Container:
    """A program that runs in a Debian as in a container: its root read-only, without rights, as process 1 of its own."""

    def __init__(self, debian, user, folder, volumes=(), on_host=False, **environment):
        """`volumes` are the folders that it may write to: new ones that begin as the image's, or the Debian's own (`on_host`)."""
        self.debian, self.volumes = debian, volumes
        user_id, group, home = debian.account(user)
        self.number = user_id
        self.environment = {"PATH": PATH, "HOME": home} | environment
        self.entry = ["env", f"--chdir={folder}", "setpriv", f"--reuid={user_id}", f"--regid={group}", "--clear-groups",
                      "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]
        self.keep = debian.root if on_host else debian.folder / "volumes"
        for volume in volumes:
            if not (self.keep / volume.lstrip("/")).exists():
                (self.keep / volume.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "--archive", debian.root / volume.lstrip("/"), self.keep / volume.lstrip("/")], check=True)
        self.log = open(debian.folder / "log", "w+b")
        self.unshare = self.pid = None

    def start(self, *command):
        self.unshare = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "bash", "-c", SETUP, "setup",
             "env", "-i", *self.words(), *self.entry, *command],
            env={"PATH": PATH, "ROOT": str(self.debian.root), "KEEP": str(self.keep), "VOLUMES": " ".join(self.volumes)},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.pid = wait_for(lambda: self.first(command[0]), f"{command[0]} runs: {self.said()}")
        return self

    def words(self):
        return [f"{name}={value}" for name, value in self.environment.items()]

    def first(self, program):
        """The number of the container's process 1, once it is the program."""
        try:
            for child in pathlib.Path(f"/proc/{self.unshare.pid}/task/{self.unshare.pid}/children").read_text().split():
                if os.path.basename(os.readlink(f"/proc/{child}/exe")) == os.path.basename(program):
                    return int(child)
        except OSError:
            pass
        return None

    def run(self, *command, as_root=False):
        """Runs a command beside the program, as its user. Returns its exit code and its output."""
        entry = self.entry if not as_root else []
        done = subprocess.run(
            ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--uts", "--ipc", "--root", "--wd",
             "env", "-i", *self.words(), *entry, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        return done.returncode, done.stdout

    def curl(self, path, *options):
        """Asks the program from the machine, in the container's network. Returns the answer's body."""
        return subprocess.run(
            ["nsenter", f"--target={self.pid}", "--net", "curl", "-sS", "--max-time", "20", f"http://127.0.0.1:8000{path}", *options],
            capture_output=True, text=True).stdout

    def status(self, field):
        """A field of the program's status in /proc."""
        return re.search(rf"^{field}:\s*(.+)$", pathlib.Path(f"/proc/{self.pid}/status").read_text(), re.M)[1]

    def stop(self):
        """Sends SIGTERM to the program. Returns its exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return self.unshare.wait(timeout=60)

    def end(self):
        """Ends the program if it still runs."""
        if self.unshare and self.unshare.poll() is None:
            self.unshare.kill()
            self.unshare.wait()

    def said(self):
        self.log.flush()
        return (self.debian.folder / "log").read_text(errors="replace")
