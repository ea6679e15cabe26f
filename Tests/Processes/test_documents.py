"""Sends the examples of docs/api.md and docs/on-call.md to a real process and checks the responses. Run by scripts/test."""
import json
import os
import pathlib
import re
import unittest
import urllib.parse

from pagerpal import PagerPal, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"
PAGE = (DOCS / "api.md").read_text()
# The members below these are named by users or by other systems.
FREE = {"labels", "options", "counts", "setup"}


def examples(page=PAGE):
    """Returns the indented blocks that begin with a method: request line, headers, body, status, new names, and the
    response if the next block shows it."""
    for block, shown in re.findall(r"((?:^    .*\n)+)(?:\n((?:^    [ {}].*\n)+))?", page, re.M):
        lines = [line[4:] for line in block.rstrip("\n").split("\n")]
        if not re.match(r"(GET|POST|PUT|PATCH|DELETE) ", lines[0]):
            continue
        status, *names = lines[-1].removeprefix("→ ").split(", ")
        headers = [line.split(": ", 1) for line in lines[1:-1] if re.match(r"[A-Za-z-]+: ", line)]
        body = "\n".join(lines[1 + len(headers):-1])
        yield lines[0], dict(headers), body, int(status), [name.split(" ") for name in names], shown


def members(value):
    """Returns the names of all members in a JSON value, except those in FREE."""
    if isinstance(value, list):
        return set().union(*map(members, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(members(inner) for name, inner in value.items() if name not in FREE))


def at(value, path):
    """Returns the value at a path such as items.0.id, or None."""
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = (value or {}).get(part)
    return value


class API(unittest.TestCase):
    def test_every_example_of_the_api_works(self):
        one = PagerPal(BINARY, sqlite(), INFOBIP_RECEIPT_TOKEN="the token of this test")
        one.command("create-admin", "--email", "dana@example.com")
        token = json.loads(one.command("create-token", "--email", "dana@example.com", "--json"))["token"]
        one.start()
        self.addCleanup(one.stop)
        admin = one.items("/api/v1/users", token)[0]["id"]
        self.names = {"TOKEN": token, "ADMIN": admin, "RECEIPT": "the token of this test"}
        self.assertGreater(len(list(examples())), 50)
        for line, *rest in examples():
            with self.subTest(line):
                self.run_example(one, line, *rest)

    def run_example(self, one, line, headers, body, status, new, shown):
        method, address = self.filled(line).split(" ", 1)
        url = urllib.parse.urlsplit(address)
        path = url.path + (f"?{url.query}" if url.query else "")
        headers = {name: self.filled(value) for name, value in headers.items()}
        if not headers:
            headers = {"Authorization": f"Bearer {self.names['TOKEN']}"}

        def answer():
            found, text = one.request(method, path, self.filled(body) or None, **headers)
            self.assertEqual(found, status, text)
            value = json.loads(text) if text.startswith(b"{") else {}
            return value if all(at(value, name) for name, _ in new) else None

        # What a worker does appears a moment later.
        value = wait_for(answer, f"{line} has {new}") if new and method == "GET" else answer()
        self.assertIsNotNone(value, f"{line} lacks one of {new}")
        if shown:
            self.assertEqual(value, json.loads(shown))
        for name, word in new:
            self.names[word] = at(value, name)
        if not path.startswith("/v2/"):
            unknown = {name for name in members(value) if f"`{name}`" not in PAGE}
            self.assertEqual(unknown, set(), "docs/api.md doesn't name these members")

    def filled(self, text):
        """Replaces the words in capitals with what they stand for."""
        return re.sub(r"\b[A-Z]{3,}\b", lambda word: self.names.get(word[0], word[0]), text)


class OnCall(unittest.TestCase):
    def test_every_resource_is_stored_as_its_example_says_and_accepted_again_as_it_is_read(self):
        one = PagerPal(BINARY, sqlite())
        one.command("create-admin", "--email", "dana@example.com")
        token = json.loads(one.command("create-token", "--email", "dana@example.com", "--json"))["token"]
        headers = {"Authorization": f"Bearer {token}"}
        one.start()
        self.addCleanup(one.stop)
        names, kinds = {}, set()

        def filled(text):
            return re.sub(r"\b[A-Z]{3,}\b", lambda word: names.get(word[0], word[0]), text)

        for line, _, body, status, new, _ in examples((DOCS / "on-call.md").read_text()):
            method, path = filled(line).split(" ", 1)
            with self.subTest(line):
                sent = json.loads(filled(body))
                found, text = one.request(method, path, json.dumps(sent), **headers)
                self.assertEqual(found, status, text)
                made = json.loads(text)
                names |= {word: at(made, name) for name, word in new}
                kinds.add(path.split("/")[-1])
                address = f"{path}/{made['id']}" if method == "POST" else path
                stored = one.get(address, token)
                self.check(sent, stored, line)
                if method == "POST":
                    before = one.get(address, token)
                    found, text = one.request("PUT", address, json.dumps(before), **headers)
                    self.assertEqual((found, one.get(address, token)), (200, before), text)
        wanted = {
            "teams", "users", "contact-methods", "notification-rules", "schedules", "overrides", "escalation-policies", "alert-sources",
            "heartbeats", "maintenance-windows"}
        self.assertEqual(kinds, wanted)

    def check(self, sent, stored, place):
        """Everything that was sent is stored. Answers add names beside ids, and what has its default."""
        if isinstance(sent, dict):
            for name, value in sent.items():
                names = [name, name.removesuffix("_id"), name.removesuffix("_user_id")]
                other = next((stored[known] for known in names if known in stored), None)
                self.check(value, other, f"{place}.{name}")
        elif isinstance(sent, list):
            self.assertEqual(len(sent), len(stored), place)
            for one, other in zip(sent, stored):
                self.check(one, other, place)
        else:
            self.assertEqual(sent, stored["id"] if isinstance(stored, dict) else stored, place)


if __name__ == "__main__":
    unittest.main()
