"""On-call schedules beside a second reader of docs/on-call.md, which uses Python's zoneinfo. Run by scripts/test.

The seed is the day, so that every run tries other schedules. PAGERPAL_SEED repeats one.
"""
import datetime
import json
import os
import random
import unittest
import zoneinfo

from pagerpal import PagerPal, sqlite

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
UTC = datetime.timezone.utc
ZONES = ["UTC", "Europe/Zagreb", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/Santiago"]
SCHEDULES = 200


def instant(day, minute, zone):
    """A local time. If the clocks skip it, the first instant after the jump; if it occurs twice, the first of the two."""
    local = datetime.datetime.combine(day, datetime.time(minute // 60, minute % 60), zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    # Skipped: search the jump, where the offset changes. It lies within a day.
    low, high = at - datetime.timedelta(days=1), at + datetime.timedelta(days=1)
    before = low.astimezone(zone).utcoffset()
    while high - low > datetime.timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


class Layer:
    def __init__(self, layer, zone):
        self.people, self.zone, self.restrictions = layer["participants"], zone, layer["restrictions"]
        self.unit, self.count = layer["rotation"]["unit"], layer["rotation"]["count"]
        self.minute, self.start = minutes(layer["rotation"]["hand_off"]), datetime.date.fromisoformat(layer["start"])
        end = layer.get("end")
        self.end = instant(datetime.date.fromisoformat(end), self.minute, zone) if end else None

    def beginning(self, turn):
        if self.unit == "hour":
            return instant(self.start, self.minute, self.zone) + datetime.timedelta(hours=turn * self.count)
        if self.unit == "month":
            month = self.start.month - 1 + turn * self.count
            return instant(self.start.replace(year=self.start.year + month // 12, month=month % 12 + 1), self.minute, self.zone)
        days = turn * self.count * (7 if self.unit == "week" else 1)
        return instant(self.start + datetime.timedelta(days=days), self.minute, self.zone)

    def person(self, at):
        if at < self.beginning(0) or self.end and at >= self.end or self.restrictions and not any(self.applies(one, at) for one in self.restrictions):
            return None
        low, high = 0, 1
        while self.beginning(high) <= at:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.beginning(middle) <= at else (low, middle)
        return self.people[low % len(self.people)]

    def applies(self, hours, at):
        today = at.astimezone(self.zone).date()
        begin, end = minutes(hours["from"]), minutes(hours["to"])
        for day in (today - datetime.timedelta(days=1), today, today + datetime.timedelta(days=1)):
            until = day if end > begin else day + datetime.timedelta(days=1)
            if day.isoweekday() in hours["weekdays"] and instant(day, begin, self.zone) <= at < instant(until, end, self.zone):
                return True
        return False


def on_call(schedule, overrides, at):
    zone = zoneinfo.ZoneInfo(schedule["time_zone"])
    people = set()
    for layer in schedule["layers"]:
        person = Layer(layer, zone).person(at)
        if person:
            people = {person}
    for one in overrides:
        if one["begin"] <= at < one["end"]:
            if one["type"] == "add":
                people = people | {one["user_id"]}
            elif one["type"] == "remove":
                people = people - {one["user_id"]}
            elif one["type"] == "only":
                people = {one["user_id"]}
            elif one["user_id"] in people:
                people = people - {one["user_id"]} | {one["with_user_id"]}
    return people


def hour(chance):
    """An hour, often one in which clocks change."""
    return chance.choice([0, 2, 2, 3, chance.randrange(24), chance.randrange(24)])


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Schedules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = PagerPal(BINARY, sqlite(), LOG_LEVEL="error")
        _, cls.token = cls.one.prepare()
        cls.one.start()
        cls.people = [user["id"] for user in cls.one.items("/api/v1/users", cls.token)]

    @classmethod
    def tearDownClass(cls):
        cls.one.stop()

    def send(self, method, path, body):
        status, answer = self.one.request(method, path, json.dumps(body), Authorization=f"Bearer {self.token}")
        self.assertIn(status, (200, 201), answer)
        return json.loads(answer)

    def random_layer(self, chance, number):
        unit = chance.choice(["hour", "day", "week", "month"])
        layer = {
            "name": f"Layer {number}",
            "participants": [chance.choice(self.people + [None]) for _ in range(chance.randint(1, 6))],
            "rotation": {"unit": unit, "count": chance.randint(1, 40 if unit == "hour" else 3), "hand_off": f"{hour(chance):02}:{chance.choice([0, 15, 30]):02}"},
            "start": f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}", "restrictions": []}
        if not any(layer["participants"]):
            layer["participants"][0] = self.people[0]
        if chance.random() < 0.5:
            begin = hour(chance)
            end = (begin + chance.randint(1, 23)) % 24
            layer["restrictions"] = [{"weekdays": sorted(chance.sample(range(1, 8), chance.randint(1, 5))), "from": f"{begin:02}:00", "to": f"{end:02}:30" if chance.random() < 0.2 and end != begin else f"{end:02}:00"}]
        return layer

    def check(self, schedule, stored, overrides, chance, seed):
        begin = datetime.datetime(2026, chance.choice([2, 3, 8, 9, chance.randint(1, 12)]), 1, tzinfo=UTC)
        end = begin + datetime.timedelta(days=100)
        shifts = self.one.get(f"/api/v1/schedules/{stored['id']}/shifts?from={text(begin)}&to={text(end)}", self.token)["final"]
        spans = [(datetime.datetime.fromisoformat(one["from"]), datetime.datetime.fromisoformat(one["to"]), {person["id"] for person in one["people"]}) for one in shifts]
        second = datetime.timedelta(seconds=1)
        edges = [edge for span in spans for edge in span[:2]]
        moments = [edge + step for edge in chance.sample(edges, min(len(edges), 15)) for step in (-second, 0 * second)]
        moments += [begin + datetime.timedelta(seconds=chance.randrange(100 * 86400)) for _ in range(15)]
        zone = zoneinfo.ZoneInfo(schedule["time_zone"])
        for day in (begin + datetime.timedelta(days=number) for number in range(100)):
            if day.astimezone(zone).utcoffset() != (day + datetime.timedelta(days=1)).astimezone(zone).utcoffset():
                moments += [day + datetime.timedelta(minutes=15 * number) for number in range(96)]
        for at in moments:
            if begin <= at < end:
                answered = set().union(*(people for start, stop, people in spans if start <= at < stop))
                self.assertEqual(answered, on_call(schedule, overrides, at), f"seed {seed}, {at}, {json.dumps(schedule)}")
        return shifts

    def test_random_schedules_agree_with_a_second_reader_and_edits_move_only_what_they_name(self):
        first = int(os.environ.get("PAGERPAL_SEED", 0)) or int(datetime.date.today().strftime("%Y%m%d")) * 1000
        for seed in range(first, first + (1 if "PAGERPAL_SEED" in os.environ else SCHEDULES)):
            chance = random.Random(seed)
            schedule = {"name": f"Schedule {seed}", "team": "Operations", "time_zone": chance.choice(ZONES),
                        "layers": [self.random_layer(chance, number) for number in range(chance.randint(1, 3))]}
            stored = self.send("POST", "/api/v1/schedules", schedule)
            overrides = []
            for _ in range(chance.randint(0, 3)):
                begin = datetime.datetime(2026, 1, 1, tzinfo=UTC) + datetime.timedelta(minutes=chance.randrange(500_000))
                one = {"schedule_id": stored["id"], "type": chance.choice(["add", "remove", "replace", "only"]), "user_id": chance.choice(self.people)}
                if one["type"] == "replace":
                    one["with_user_id"] = chance.choice([person for person in self.people if person != one["user_id"]])
                one["begin"], one["end"] = begin, begin + datetime.timedelta(minutes=chance.randint(1, 40_000))
                self.send("POST", "/api/v1/overrides", {name: value for name, value in one.items() if name not in ("begin", "end")} | {"from": text(begin), "to": text(one["end"])})
                overrides.append(one)
            before = self.check(schedule, stored, overrides, chance, seed)
            # What moves nobody: other names, and what a GET gave.
            path = f"/api/v1/schedules/{stored['id']}"
            layers = self.one.get(path, self.token)["layers"]
            self.send("PATCH", path, {"name": f"Renamed {seed}", "layers": [layer | {"name": f"{layer['name']} renamed"} for layer in layers]})
            self.assertEqual(self.after(stored, before), before, f"seed {seed}: a new name moves nobody")
            self.one.request("DELETE", path, Authorization=f"Bearer {self.token}")

    def after(self, stored, before):
        if not before:
            return before
        return self.one.get(f"/api/v1/schedules/{stored['id']}/shifts?from={before[0]['from']}&to={before[-1]['to']}", self.token)["final"]
