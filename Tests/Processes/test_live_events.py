"""Live events of web pages during a storm of alerts: a real process and a listener. Run by scripts/test."""
import http.client
import os
import re
import threading
import time
import unittest
import urllib.parse

from pagerpal import PagerPal, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
PASSWORD = "a password for live events"


class LiveEventsTest(unittest.TestCase):
    def setUp(self):
        self.process = PagerPal(BINARY, sqlite(), lease=1)
        self.key, _ = self.process.prepare(dana=PASSWORD)
        self.process.start()
        self.addCleanup(self.process.stop)

    def sign_in(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.process.port)
        connection.request("GET", "/login")
        response = connection.getresponse()
        guest = response.getheader("Set-Cookie").split(";")[0]
        token = re.search(r'name="token" value="([^"]*)"', response.read().decode())[1]
        form = urllib.parse.urlencode({"email": "dana@example.com", "password": PASSWORD, "token": token})
        connection.request("POST", "/login", form, {"Cookie": guest, "Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        response.read()
        cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
        return next(cookie for cookie in cookies if cookie.startswith("pagerpal_session="))

    def test_a_storm_is_told_in_a_few_events_and_its_end_is_not_missed(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.process.port)
        connection.request("GET", "/events", headers={"Cookie": self.sign_in()})
        stream = connection.getresponse()
        arrivals = []

        def read():
            for line in stream:
                if line == b"event: incidents\n":
                    arrivals.append(time.monotonic())

        threading.Thread(target=read, daemon=True).start()
        started = time.monotonic()
        self.process.alert(self.key, title="Disk full 0")
        wait_for(lambda: arrivals, "the first change is told")
        self.assertLess(arrivals[0] - started, 2, "at once")
        sent = 1
        while time.monotonic() - started < 3:
            self.process.alert(self.key, title=f"Disk full {sent}")
            sent += 1
        ended = time.monotonic()
        wait_for(lambda: arrivals[-1] >= ended - 0.05, "the last change is told")
        # Four in a second at most.
        self.assertLessEqual(len(arrivals), (time.monotonic() - started) * 4 + 2)
        self.assertGreater(sent, len(arrivals), "the machine is too slow for a storm")


if __name__ == "__main__":
    unittest.main()
