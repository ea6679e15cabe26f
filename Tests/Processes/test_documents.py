"""Sends the examples of docs/api.md to a real process and checks the responses. Run by scripts/test."""
import json
import os
import pathlib
import re
import unittest
import urllib.parse

from pagerpal import PagerPal, sqlite, wait_for

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
PAGE = (pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text()
# The members below these are named by users or by other systems.
FREE = {"labels", "options", "counts", "setup"}


def examples():
    """Returns the indented blocks that begin with a method: request line, headers, body, status, new names, and the
    response if the next block shows it."""
    for block, shown in re.findall(r"((?:^    .*\n)+)(?:\n((?:^    [ {}].*\n)+))?", PAGE, re.M):
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


if __name__ == "__main__":
    unittest.main()
