"""The files of config/ with the real programs: nginx and Prometheus's promtool. Run by scripts/test."""
import http.client
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse

from pagerpal import PagerPal, StandIn, free_port, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
CONFIG = pathlib.Path(__file__).resolve().parent.parent.parent / "config"
PASSWORD = "a password for this test"
# The whole of 127.0.0.0/8 is this host, so the client can have another address than nginx.
CLIENT = "127.0.0.5"


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


class Prometheus(unittest.TestCase):
    def test_rules_and_configuration_are_valid_and_the_rules_do_what_their_tests_say(self):
        folder = CONFIG / "prometheus"
        for command in (
            ["check", "rules", "pagerpal.rules.yml"], ["check", "config", "prometheus.yml"], ["test", "rules", "pagerpal.test.yml"],
        ):
            done = run("promtool", *command, cwd=folder)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_metrics_follow_the_conventions_and_the_rules_and_the_dashboard_name_only_metrics_that_exist(self):
        one = PagerPal(BINARY, sqlite(), StandIn())
        key, token = one.prepare()
        one.start()
        one.alert(key, title="Disk full")
        wait_for(lambda: one.is_idle(token), "the page was sent")
        text = one.request("GET", "/metrics", Authorization=f"Bearer {token}")[1].decode()
        one.stop()
        done = run("promtool", "check", "metrics", input=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        known = set(re.findall(r"^# TYPE (\S+)", text, re.M))
        known |= {f"{name}_{part}" for name in known for part in ("bucket", "sum", "count")}
        for file in [CONFIG / "prometheus" / "pagerpal.rules.yml", CONFIG / "grafana" / "dashboard.json"]:
            named = set(re.findall(r"\bpagerpal_[a-z_]+", file.read_text()))
            self.assertEqual(named - known, set(), file.name)


class Nginx(unittest.TestCase):
    """nginx with config/nginx/pagerpal.conf, on other ports, with a certificate of its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-nginx-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()
        self.one = PagerPal(
            BINARY, sqlite(), PAGERPAL_BASE_URL=f"https://pager.example.com:{self.port}", SESSION_COOKIE_SECURE="true")
        self.one.prepare()
        subprocess.run(
            [BINARY, "reset-password", "--email", "dana@example.com", "--password-stdin"], env=self.one.environment, input=PASSWORD,
            text=True, check=True, capture_output=True)
        self.one.start()
        self.addCleanup(self.one.stop)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pager.example.com", "-keyout",
            str(self.folder / "key.pem"), "-out", str(self.folder / "cert.pem"))
        site = (CONFIG / "nginx" / "pagerpal.conf").read_text()
        for old, new in (
            ("127.0.0.1:8000", f"127.0.0.1:{self.one.port}"), ("listen 80;", f"listen 127.0.0.1:{free_port()};"), ("    listen [::]:80;\n", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"), ("    listen [::]:443 ssl http2;\n", ""),
            ("/etc/letsencrypt/live/pager.example.com/fullchain.pem", str(self.folder / "cert.pem")),
            ("/etc/letsencrypt/live/pager.example.com/privkey.pem", str(self.folder / "key.pem")),
            ("/var/log/nginx/pagerpal.log", str(self.folder / "access.log")),
        ):
            self.assertIn(old, site)
            site = site.replace(old, new)
        (self.folder / "site.conf").write_text(site)
        (self.folder / "nginx.conf").write_text(
            f"worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            f"events {{}}\nhttp {{ access_log off; client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;\n"
            f"fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;\n"
            f"include {self.folder}/site.conf; }}\n")
        self.nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.folder / "nginx.conf"])
        self.addCleanup(lambda: (self.nginx.terminate(), self.nginx.wait()))
        wait_for(lambda: self.request("GET", "/health")[0] == 200, "nginx passes requests on")

    def connection(self):
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        context.check_hostname = False
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=20, source_address=(CLIENT, 0))

    def request(self, method, path, body=None, **headers):
        connection = self.connection()
        try:
            connection.request(method, path, body, {"Host": f"pager.example.com:{self.port}"} | headers)
            response = connection.getresponse()
            return response.status, response.read().decode(), response.headers
        except OSError:
            return 0, "", {}
        finally:
            connection.close()

    def sign_in(self):
        _, page, headers = self.request("GET", "/login")
        guest = headers["Set-Cookie"].split(";")[0]
        token = re.search(r'name="token" value="([^"]*)"', page)[1]
        form = urllib.parse.urlencode({"email": "dana@example.com", "password": PASSWORD, "token": token})
        status, _, headers = self.request(
            "POST", "/login", form, Cookie=guest, **{"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(status, 303)
        cookies = headers.get_all("Set-Cookie")
        self.assertTrue(all("Secure" in cookie for cookie in cookies), cookies)
        return "; ".join(cookie.split(";")[0] for cookie in cookies)

    def test_people_sign_in_events_pass_at_once_and_the_real_address_is_known(self):
        cookie = self.sign_in()
        status, page, headers = self.request("GET", "/dashboard", Cookie=cookie)
        self.assertEqual(status, 200)
        self.assertIn("max-age", headers["Strict-Transport-Security"])
        connection = self.connection()
        connection.request("GET", "/events", headers={"Host": f"pager.example.com:{self.port}", "Cookie": cookie})
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        self.assertTrue(response.readline(), "the first comment comes at once")
        connection.close()
        self.assertEqual(self.request("GET", "/metrics")[0], 404)
        self.assertTrue(CLIENT in self.request("GET", "/profile/security", Cookie=cookie)[1], "the session has the client's address")

    def test_secrets_in_addresses_are_not_logged(self):
        for path in ["/a/hidden", "/password/reset/hidden", "/calendar/hidden.ics", "/api/v1/heartbeats/hb_hidden", "/api/v1/alerts?key=hidden"]:
            self.request("POST", path, json.dumps({}))
        log = wait_for(lambda: "/api/v1/alerts" in (text := (self.folder / "access.log").read_text()) and text, "the request is logged")
        self.assertNotIn("hidden", log)
