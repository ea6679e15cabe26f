"""Parses the calendar feed of a real process with the icalendar package."""
import datetime
import json
import os
import unittest

from icalendar import Calendar

import pagerpal

BINARY = os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal")


class CalendarTests(unittest.TestCase):
    def setUp(self):
        self.process = pagerpal.PagerPal(BINARY, pagerpal.sqlite())
        _, self.token = self.process.prepare()
        self.process.start()
        self.addCleanup(self.process.stop)

    def post(self, path):
        status, body = self.process.request("POST", path, "{}", Authorization=f"Bearer {self.token}")
        self.assertEqual(status, 201, body)
        return json.loads(body)

    def calendar(self, path):
        address = self.post(f"{path}/calendar")["url"]
        status, body = self.process.request("GET", "/calendar/" + address.rsplit("/", 1)[1])
        self.assertEqual(status, 200)
        self.assertTrue(all(len(line) <= 75 for line in body.split(b"\r\n")))
        return Calendar.from_ical(body)

    def test_the_shifts_of_a_schedule_are_its_events(self):
        schedule = self.process.items("/api/v1/schedules", self.token)[0]
        calendar = self.calendar(f"/api/v1/schedules/{schedule['id']}")
        events = calendar.walk("VEVENT")
        self.assertGreater(len(events), 20)
        now = datetime.datetime.now(datetime.timezone.utc)
        current = [event for event in events if event["DTSTART"].dt <= now < event["DTEND"].dt]
        self.assertEqual([str(event["SUMMARY"]) for event in current], [schedule["on_call"][0]["name"]])
        self.assertEqual(len({str(event["UID"]) for event in events}), len(events))
        for left, right in zip(events, events[1:]):
            self.assertEqual(left["DTEND"].dt, right["DTSTART"].dt)

    def test_a_persons_shifts_are_theirs_alone(self):
        person = next(user for user in self.process.items("/api/v1/users", self.token) if user["name"] == "Bob")
        events = self.calendar(f"/api/v1/users/{person['id']}").walk("VEVENT")
        self.assertGreater(len(events), 10)
        self.assertEqual({str(event["SUMMARY"]) for event in events}, {"On call: Primary"})


if __name__ == "__main__":
    unittest.main()
