"""Real mail servers for tests: Postfix, Exim and OpenSMTPD, each in a folder of its own that is its root directory.

As packages they exclude each other, so `scripts/install tests` only unpacks them, into .mail-servers. Each server gets a copy
with the libraries that it needs, and knows nothing of the machine's own mail.
"""
import email
import email.policy
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile

from pagerpal import free_port, wait_for

UNPACKED = pathlib.Path(__file__).resolve().parent.parent.parent / ".mail-servers"
USERS = {"root": 0, "nobody": 65534, "keeper": 2000, "postfix": 2001, "postdrop": 2002, "Debian-exim": 2003,
         "opensmtpd": 2004, "opensmtpq": 2005}
KEEPER = USERS["keeper"]


def missing(package):
    """Why a server can't run here, or None."""
    if not (UNPACKED / package / "usr").exists():
        return f"{package} is not unpacked: run scripts/install tests"
    if os.geteuid() != 0:
        return f"{package} starts as root"
    if subprocess.run(["chroot", "/", "true"], capture_output=True).returncode != 0:
        return f"{package} starts in a root directory of its own, and chroot is not allowed here"
    return None


class MailServer:
    """A server in its own root directory. Everybody at example.com has a mailbox, except nobody."""

    package = ""
    programs = ()
    """Files of the package whose libraries it needs."""
    borrowed = ()
    """Programs of the machine that it needs."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix=f"pagerpal-{self.package}-"))
        self.root.chmod(0o755)
        self.process = None
        shutil.copytree(UNPACKED / self.package, self.root, symlinks=True, dirs_exist_ok=True)
        self.bring_libraries()
        for folder in ["dev", "tmp", "run", "var/run", "etc", "var/log", "mail"]:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "tmp").chmod(0o1777)
        for name, minor in [("null", 3), ("urandom", 9)]:
            os.mknod(self.root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            (self.root / "dev" / name).chmod(0o666)
        os.chown(self.root / "mail", KEEPER, KEEPER)
        self.write("etc/passwd", "".join(f"{name}:x:{number}:{number}::/mail:/bin/sh\n" for name, number in USERS.items()))
        self.write("etc/group", "".join(f"{name}:x:{number}:\n" for name, number in USERS.items()))
        self.write("etc/hosts", "127.0.0.1 localhost\n")

    def bring_libraries(self):
        """Copies the libraries of the programs, which are the machine's, and the loader."""
        own = [str(folder) for folder in (self.root / "usr" / "lib").rglob("*") if folder.is_dir()]
        found = set(self.borrowed)
        for program in [*self.programs, *self.borrowed]:
            files = [program] if program in self.borrowed else sorted(self.root.glob(program))
            assert files, f"{self.package} has no {program}"
            said = subprocess.run(
                ["ldd", *map(str, files)], env={"LD_LIBRARY_PATH": ":".join(own), "PATH": os.environ["PATH"]},
                capture_output=True, text=True).stdout  # Fails at scripts, which it skips.
            assert "not found" not in said, said
            found |= set(re.findall(r"(/\S+) \(0x", said))
        for library in found:
            if not library.startswith(str(self.root)):
                target = self.root / library.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(library, target)

    def write(self, path, text, mode=0o644, owner=0):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)
        os.chown(target, owner, owner)

    def folder(self, path, mode=0o755, owner=0, group=None):
        target = self.root / path
        target.mkdir(parents=True, exist_ok=True)
        os.chown(target, owner, owner if group is None else group)
        target.chmod(mode)

    def run(self, *command, ports=()):
        """Starts the server and waits until it answers on the ports."""
        log = open(self.root / "var/log/output", "ab")
        self.process = subprocess.Popen(
            ["chroot", self.root, *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        for port in ports:
            wait_for(lambda: self.listens(port), f"{self.package} listens: {self.log()}", seconds=15)
        return self

    def listens(self, port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def log(self):
        return "".join(file.read_text(errors="replace") for file in sorted((self.root / "var/log").rglob("*")) if file.is_file())

    def mails(self):
        """All mails in the mailboxes."""
        found = []
        for file in (self.root / "mail").rglob("*"):
            if not file.is_file() or "tmp" in file.parts[len(self.root.parts):]:
                continue
            content = file.read_bytes()
            parts = re.split(rb"(?m)^From \S+ .*\n", content) if content.startswith(b"From ") else [content]
            found += [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part.strip()]
        return found

    def stop(self):
        if self.process:
            # The server's processes, which all have the folder as their root directory.
            for sent in [signal.SIGTERM, signal.SIGKILL]:
                for process in self.inside():
                    try:
                        os.kill(process, sent)
                    except ProcessLookupError:
                        pass
                if sent == signal.SIGTERM:
                    try:
                        self.process.wait(timeout=3)
                    except subprocess.TimeoutExpired:
                        pass
            self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def inside(self):
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "root") == str(self.root):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


class Postfix(MailServer):
    package = "postfix"
    programs = ("usr/lib/postfix/sbin/*[a-z]", "usr/lib/postfix/*.so*")
    main = """compatibility_level = 3.6
queue_directory = /var/spool/postfix
data_directory = /var/lib/postfix
maillog_file = /var/log/mail.log
myhostname = mx.example.com
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
inet_protocols = ipv4
smtputf8_enable = no
default_database_type = texthash
virtual_mailbox_domains = example.com
virtual_mailbox_base = /mail
virtual_mailbox_maps = regexp:/etc/postfix/people
virtual_uid_maps = static:2000
virtual_gid_maps = static:2000
"""
    services = """rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

    def screen(self, port):
        """Serves one port behind postscreen, which greets a client that it doesn't know after six seconds."""
        return self.serve({}, "postscreen_access_list =\npostscreen_greet_wait = 6s\n", f"""\
127.0.0.1:{port} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
""", [port])

    def serve(self, services, extra="", more="", ports=()):
        """Serves several ports. `services` has the options of smtpd by port, such as `-o smtpd_timeout=2s`."""
        for name, mode in [("active", 0o700), ("bounce", 0o700), ("corrupt", 0o700), ("defer", 0o700), ("deferred", 0o700),
                           ("flush", 0o700), ("hold", 0o700), ("incoming", 0o700), ("private", 0o700), ("saved", 0o700),
                           ("trace", 0o700)]:
            self.folder(f"var/spool/postfix/{name}", mode, USERS["postfix"])
        self.folder("var/spool/postfix/public", 0o710, USERS["postfix"], USERS["postdrop"])
        self.folder("var/spool/postfix/maildrop", 0o730, USERS["postfix"], USERS["postdrop"])
        self.folder("var/spool/postfix/pid")
        self.folder("var/lib/postfix", 0o700, USERS["postfix"])
        self.write("etc/postfix/main.cf", self.main + extra)
        lines = [f"127.0.0.1:{port} inet n - n - - smtpd {options}" for port, options in services.items()]
        self.write("etc/postfix/master.cf", self.services + more + "\n".join(lines) + "\n")
        self.write("etc/postfix/people", "!/^nobody@/ inbox\n")
        return self.run("/usr/lib/postfix/sbin/master", "-c", "/etc/postfix", "-d", ports=[*services, *ports])


class Exim(MailServer):
    package = "exim4-daemon-light"
    programs = ("usr/sbin/exim4",)

    def serve(self, options="", recipients="", port=None, acl=""):
        """Serves one port. `recipients` is the beginning of the ACL of RCPT."""
        self.port = port or free_port()
        for path in ["var/spool/exim4", "var/log/exim4"]:
            self.folder(path, 0o750, USERS["Debian-exim"])
        self.write("etc/exim4/exim4.conf", f"""primary_hostname = mx.example.com
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
disable_ipv6 = true
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = rcpt
keep_environment =
{options}
begin acl
rcpt:
{recipients}
  deny local_parts = nobody
    message = 5.1.1 no such person
  accept domains = example.com
  deny message = 5.7.1 relaying is not permitted
{acl}
begin routers
people:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  directory = /mail
  maildir_format
  user = keeper
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_set_id = $auth2
  server_condition = ${{if and {{{{eq{{$auth2}}{{pager}}}}{{eq{{$auth3}}{{a long secret}}}}}}}}
""", owner=0)
        return self.run("/usr/sbin/exim4", "-bdf", "-q1m", ports=[self.port])


class OpenSMTPD(MailServer):
    package = "opensmtpd"
    programs = ("usr/sbin/smtpd", "usr/libexec/opensmtpd/*")
    borrowed = ("/bin/sh",)

    def serve(self, options=""):
        self.port = free_port()
        self.folder("var/spool/smtpd", 0o711)
        self.folder("var/lib/opensmtpd/empty")
        self.write("etc/smtpd.conf", f"""{options}
table people {{ "@example.com" = "keeper" }}
listen on 127.0.0.1 port {self.port} hostname mx.example.com
action "keep" maildir "/mail" virtual <people>
match from any for rcpt-to "nobody@example.com" reject
match from any for domain "example.com" action "keep"
""")
        return self.run("/usr/sbin/smtpd", "-d", ports=[self.port])
