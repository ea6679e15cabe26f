"""Runs a private PagerPal for each test class, with a real browser."""
import json
import os
import pathlib
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Processes"))
from pagerpal import PagerPal, sqlite, wait_for  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("PAGERPAL_BINARY", str(ROOT / ".build" / "debug" / "pagerpal"))
CHROMIUM = os.environ.get("PAGERPAL_CHROMIUM", "/usr/bin/chromium")
PASSWORD = "correct horse battery"


class Infobip:
    """Accepts SMS and keeps their texts. With `refuses` it rejects them permanently."""

    def __init__(self):
        self.texts, self.refuses = [], False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if outer.refuses:
                    return self.answer(400, {"requestError": {"serviceException": {"messageId": "BAD_REQUEST", "text": "no"}}})
                outer.texts.append(body["messages"][0]["content"]["text"])
                self.answer(200, {"messages": [{"messageId": "m", "status": {"groupId": 1, "id": 26, "name": "PENDING_ACCEPTED"}}]})

            def answer(self, status, value):
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class SiteTest(unittest.TestCase):
    """Each class has its own process, each test its own browser context. An error in the console fails the test."""

    seeded = True
    # Further variables of the process.
    settings = {}
    # Under which the browser reaches PagerPal.
    name = "127.0.0.1"

    @classmethod
    def setUpClass(cls):
        cls.infobip = Infobip()
        cls.app = PagerPal(
            BINARY, sqlite(), cls.infobip, lease=2, PASSWORD_COST="10", NOTIFICATION_BUNDLING_SECONDS="0")
        cls.url = f"http://{cls.name}:{cls.app.port}"
        cls.app.environment["PAGERPAL_BASE_URL"] = cls.url
        cls.app.environment["INFOBIP_BASE_URL"] = f"http://127.0.0.1:{cls.infobip.port}"
        cls.app.environment.update(cls.settings)
        if cls.seeded:
            cls.key, cls.token = cls.app.prepare(ada=PASSWORD, dana=PASSWORD)
        cls.app.start()
        cls.playwright = sync_playwright().start()
        cls.chromium = cls.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])

    @classmethod
    def tearDownClass(cls):
        cls.chromium.close()
        cls.playwright.stop()
        cls.app.stop()

    def setUp(self):
        self.complaints = []
        self.page = self.browse()

    def tearDown(self):
        for context in self.chromium.contexts:
            context.close()
        self.assertEqual(self.complaints, [], "the browser reported an error, or requested another host")

    def browse(self, **options):
        """Opens a page in a new context and monitors its console and requests."""
        context = self.chromium.new_context(base_url=self.url, **options)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: self.note(message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith(self.url) or self.complaints.append(request.url))
        return page

    def note(self, message):
        # Some tests expect a refused form or page. The browser reports its status as an error.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name="dana", page=None):
        page = page or self.page
        page.goto("/login")
        page.fill("#email", f"{name}@example.com")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/dashboard")
        return page

    def alert(self, title, **fields):
        return self.app.alert(self.key, title=title, **fields)["incident"]["number"]

    def pages(self):
        """The URLs of all web pages in an administrator's navigation, of the first object in each list, and of the
        forms that create and edit these objects."""
        found = [link.get_attribute("href") for link in self.page.query_selector_all(".navigation a")]
        for path in list(found):
            self.page.goto(path)
            for link in self.page.query_selector_all("main a[href^='/']"):
                target = link.get_attribute("href").split("?")[0].split("#")[0]
                if target.endswith((".csv", ".jsonl")):
                    continue
                pattern = target.rstrip("/").rsplit("/", 1)[0]
                if target.endswith("/new"):
                    continue
                if target not in found and not any(known.rsplit("/", 1)[0] == pattern != "" for known in found):
                    found.append(target)
        for path in [one for one in found if one.count("/") > 1]:
            self.page.goto(path)
            links = [link.get_attribute("href") for link in self.page.query_selector_all("main a[href^='/']")]
            found += [link for link in links if link.endswith(("/edit", "/layers/0", "?view=month"))]
        makers = [f"/{noun}/new" for noun in ["alert-sources", "schedules", "escalation-policies", "teams", "users", "message-templates"]]
        return list(dict.fromkeys(found + makers + ["/profile/security"]))


__all__ = ["BINARY", "PASSWORD", "PagerPal", "SiteTest", "wait_for"]
