"""Pages through real mail servers: Postfix, Exim and OpenSMTPD. Run by scripts/test."""
import contextlib
import functools
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from mail_servers import Exim, OpenSMTPD, Postfix, missing
from pagerpal import PagerPal, StandIn, free_port, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
MUST_RUN = "PAGERPAL_MAIL_SERVERS" in os.environ  # scripts/test sets it as root, and then nothing is skipped.


def needs(*servers):
    """Skips a test if a server is not there, but not in scripts/test."""
    reasons = [reason for server in servers if (reason := missing(server.package))]
    return unittest.skipIf(reasons and not MUST_RUN, "; ".join(reasons))


def configuration(people):
    """A team whose policy pages all people at once by mail, and after a quarter of an hour by SMS."""
    def person(name, number):
        mail, mobile = f"{name}@example.com", f"+3859155502{number:02}"
        return {
            "name": name.capitalize(), "email": mail, "role": "admin" if number == 0 else "responder", "time_zone": "UTC",
            "contact_methods": [{"channel": "email", "address": mail, "verified": True},
                                {"channel": "sms", "address": mobile, "verified": True}],
            "notification_rules": [{"urgency": "high", "delay_seconds": 0, "contact_method": f"email {mail}"},
                                   {"urgency": "high", "delay_seconds": 900, "contact_method": f"sms {mobile}"}],
        }

    addresses = [f"{name}@example.com" for name in people]
    return {
        "version": 1, "users": [person(name, number) for number, name in enumerate(people)],
        "teams": [{"name": "Operations", "members": addresses, "default_policy": "All"}],
        "escalation_policies": [{"name": "All", "team": "Operations", "repeats": 0, "steps": [
            {"delay_seconds": 3600, "targets": [{"type": "user", "name": address} for address in addresses]}]}],
    }


class MailServers(unittest.TestCase):
    def start(self, server):
        self.addCleanup(server.stop)
        return server

    def pager(self, port, *people, **settings):
        """A PagerPal that sends through a port of this host. The first of the people is an administrator."""
        people = people or ("ada",)
        self.sms = StandIn()
        self.database = sqlite()
        settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_FROM": '"Ops, Zagreb" <pager@pager.test>',
                    "SMTP_TLS": "none", "NOTIFICATION_BUNDLING_SECONDS": "0", "LOG_LEVEL": "warning"} | settings
        one = PagerPal(BINARY, self.database, self.sms, **settings)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump(configuration(people), file)
            file.flush()
            one.command("apply", file.name)
        self.key = json.loads(one.command("create-source", "--name", "Test", "--json"))["key"]
        self.token = json.loads(one.command("create-token", "--email", f"{people[0]}@example.com", "--json"))["token"]
        one.start()
        self.addCleanup(lambda: one.process.poll() is None and one.stop())
        return one

    def mails(self, one, states=("sent", "failed")):
        """The pages by mail, once all are in one of the states."""
        def all_of_them():
            pages = [page for page in one.items("/api/v1/notifications", self.token) if page["channel"] == "email"]
            return pages if pages and all(page["state"] in states for page in pages) else None

        return wait_for(all_of_them, f"the mails are {' or '.join(states)}")

    def refused(self, port, words, **settings):
        """The mail fails at once, for a reason, and an SMS leaves instead."""
        one = self.pager(port, **settings)
        one.alert(self.key, title="Disk almost full on db-1", description="x" * 15_000)
        [page] = self.mails(one)
        self.assertEqual((page["state"], page["attempts"]), ("failed", 1), page)
        self.assertIn(words, page["fault"])
        wait_for(self.sms.texts, "an SMS is sent instead", seconds=5)
        return one

    def state(self, one):
        providers = one.get("/api/v1/status", self.token)["providers"]
        return next(provider["state"] for provider in providers if provider["name"] == "smtp")


class Delivery(MailServers):
    def ten_arrive(self, server, port, **settings):
        people = [f"person{number}" for number in range(10)]
        one = self.pager(port, *people, **settings)
        one.alert(self.key, title="Disk almost full on db-1")
        pages = self.mails(one)
        self.assertEqual([(page["state"], page["attempts"]) for page in pages], [("sent", 1)] * 10, pages)
        arrived = wait_for(lambda: len(mails := server.mails()) == 10 and mails, f"ten mails arrived: {server.log()}")
        self.assertEqual({mail["To"].addresses[0].addr_spec for mail in arrived}, {f"{name}@example.com" for name in people})
        self.assertEqual(len({mail["Message-ID"] for mail in arrived}), 10)
        for mail in arrived:
            self.assertEqual(mail["From"].addresses[0].display_name, "Ops, Zagreb")
            self.assertIn("Disk almost full on db-1", mail["Subject"])
        self.assertEqual(self.sms.texts(), [])

    @needs(Exim)
    def test_ten_mails_reach_ten_people_through_exim_that_takes_three_in_a_connection(self):
        # The check of the headers refuses a sender's name that is not quoted.
        exim = self.start(Exim()).serve(
            "smtp_accept_max_per_connection = 3\nacl_smtp_data = data",
            acl="data:\n  deny !verify = header_syntax\n    message = 5.6.0 malformed headers\n  accept\n")
        self.ten_arrive(exim, exim.port)

    @needs(OpenSMTPD)
    def test_ten_mails_reach_ten_people_through_opensmtpd_that_takes_three_in_a_connection(self):
        opensmtpd = self.start(OpenSMTPD()).serve("smtp limit max-mails 3")
        self.ten_arrive(opensmtpd, opensmtpd.port)

    @needs(Postfix)
    def test_ten_mails_reach_ten_people_through_postfix_whose_postscreen_greets_after_six_seconds(self):
        port = free_port()
        postfix = self.start(Postfix()).screen(port)
        self.ten_arrive(postfix, port, NOTIFICATION_PATIENCE_SECONDS="30")


class Refusals(MailServers):
    @needs(Postfix, Exim, OpenSMTPD)
    def test_a_refused_recipient_is_told_in_the_words_of_each_server_and_the_others_are_paged(self):
        port = free_port()
        self.start(Postfix()).serve({port: ""})
        exim, opensmtpd = self.start(Exim()).serve(), self.start(OpenSMTPD()).serve()
        for port, words in [
            (port, "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in virtual mailbox table"),
            (exim.port, "550 5.1.1 no such person"),
            (opensmtpd.port, "550 Invalid recipient"),
        ]:
            with self.subTest(words=words):
                one = self.pager(port, "ada", "nobody")
                one.alert(self.key, title="Disk almost full on db-1")
                pages = {page["user"]: page for page in self.mails(one)}
                self.assertEqual((pages["Ada"]["state"], pages["Ada"]["attempts"]), ("sent", 1))
                self.assertEqual((pages["Nobody"]["state"], pages["Nobody"]["attempts"]), ("failed", 1))
                self.assertIn("The mail server refused the recipient: ", pages["Nobody"]["fault"])
                wait_for(self.sms.texts, "an SMS is sent instead", seconds=5)
                self.assertNotEqual(self.state(one), "failing", "one person's address is not the server's fault")
                one.stop()

    @needs(Postfix)
    def test_a_mail_that_is_too_big_is_refused_at_once_and_an_sms_leaves(self):
        port = free_port()
        self.start(Postfix()).serve({port: "-o message_size_limit=4000"})
        one = self.refused(port, "552 5.3.4 Message size exceeds fixed limit")
        self.assertNotEqual(self.state(one), "failing", "a mail of this size is not the server's fault")

    @needs(Postfix)
    def test_a_refused_name_in_ehlo_is_told_with_the_setting(self):
        port = free_port()
        self.start(Postfix()).serve({port: "-o smtpd_helo_restrictions=reject_non_fqdn_helo_hostname"})
        self.refused(
            port, "refused EHLO: 504 5.5.2 <pager>: Helo command rejected: need fully-qualified hostname. Set SMTP_EHLO_NAME",
            SMTP_EHLO_NAME="pager")

    @needs(Exim)
    def test_a_greylisted_mail_arrives_later_and_an_sms_leaves_meanwhile(self):
        exim = self.start(Exim()).serve(recipients="  defer !seen = -1s\n    message = 4.7.1 greylisted")
        one = self.pager(exim.port, NOTIFICATION_PATIENCE_SECONDS="1")
        one.alert(self.key, title="Disk almost full on db-1")
        [page] = wait_for(lambda: [page for page in self.mails(one, ["queued"]) if page.get("fault")], "the mail is put off")
        self.assertIn("451 4.7.1 greylisted", page["fault"])
        wait_for(self.sms.texts, "an SMS is sent instead", seconds=10)
        one.stop()
        # A minute later.
        with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:///"))) as database:
            database.execute("UPDATE pages SET due_at = due_at - 60000000 WHERE state = 'queued'")
            database.commit()
        one.start()
        [page] = self.mails(one)
        self.assertEqual((page["state"], page["attempts"]), ("sent", 2), page)
        wait_for(exim.mails, "the mail arrives")


class Security(MailServers):
    """TLS with certificates of an own CA, and logins."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-ca-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        run = functools.partial(subprocess.run, cwd=cls.folder, check=True, capture_output=True)
        new = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        run([*new, "-x509", "-days", "2", "-subj", "/CN=Our CA", "-keyout", "ca.key", "-out", "ca.pem"])
        run([*new, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"])
        (cls.folder / "names").write_text("subjectAltName=DNS:localhost\n")
        run(["openssl", "x509", "-req", "-days", "2", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-extfile", "names", "-out", "server.pem"])
        cls.tls = {"SMTP_HOST": "localhost", "SMTP_TLS": "starttls", "SMTP_CA_FILE": str(cls.folder / "ca.pem")}

    def give_certificate(self, server, owner):
        for name in ["server.pem", "server.key"]:
            server.write(f"etc/tls/{name}", (self.folder / name).read_text(), mode=0o600, owner=owner)

    @needs(Postfix)
    def test_starttls_needs_the_certificate_of_the_own_authority(self):
        postfix, port = self.start(Postfix()), free_port()
        self.give_certificate(postfix, 0)
        postfix.serve({port: "-o smtpd_tls_security_level=encrypt"}, """smtpd_tls_cert_file = /etc/tls/server.pem
smtpd_tls_key_file = /etc/tls/server.key
smtpd_tls_received_header = yes
""")
        one = self.pager(port, **self.tls)
        one.alert(self.key, title="Disk almost full on db-1")
        self.assertEqual([(page["state"], page.get("fault")) for page in self.mails(one)], [("sent", None)])
        [mail] = wait_for(postfix.mails, "the mail arrives")
        self.assertIn("TLSv1.3", str(mail["Received"]))
        one.stop()
        self.refused(port, "certificate", **self.tls | {"SMTP_CA_FILE": ""})

    @needs(Exim)
    def test_a_login_works_and_a_wrong_password_is_the_operators_fault(self):
        exim = self.start(Exim())
        self.give_certificate(exim, 2003)
        exim.serve(
            "tls_certificate = /etc/tls/server.pem\ntls_privatekey = /etc/tls/server.key\ntls_advertise_hosts = *\n"
            "auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}",
            recipients="  deny !authenticated = *\n    message = 5.7.0 sign in first")
        one = self.pager(exim.port, **self.tls, SMTP_USER="pager", SMTP_PASSWORD="a long secret")
        one.alert(self.key, title="Disk almost full on db-1")
        self.assertEqual([(page["state"], page.get("fault")) for page in self.mails(one)], [("sent", None)])
        wait_for(exim.mails, "the mail arrives")
        one.stop()
        wrong = self.tls | {"SMTP_USER": "pager", "SMTP_PASSWORD": "another secret"}
        self.refused(exim.port, "The mail server refused the login: 535 ", **wrong)
        one = self.pager(exim.port, **self.tls)
        one.alert(self.key, title="Disk almost full on db-1")
        [page] = self.mails(one)
        self.assertIn("550 5.7.0 sign in first", page["fault"])


if __name__ == "__main__":
    unittest.main()
