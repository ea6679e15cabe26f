"""Runs the README's commands as a reader would paste them. Run by scripts/test."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from pagerpal import PagerPal, sqlite

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
README = pathlib.Path(__file__).resolve().parent.parent.parent / "README.md"


def commands():
    """Returns the commands to paste while PagerPal runs: indented `pagerpal` and `curl` lines, and complete inline ones."""
    text = README.read_text()
    found = re.findall(r"^    ((?:pagerpal|curl) (?:.*\\\n)*.*)", text, re.M)
    return found + ["pagerpal sources try --kind grafana sample.json", "pagerpal reset-password --email you@example.com"]


class Readme(unittest.TestCase):
    def test_every_command_of_the_readme_works(self):
        one = PagerPal(BINARY, sqlite())
        one.command("create-admin", "--email", "you@example.com")
        one.start()
        self.addCleanup(one.stop)
        environment = one.environment | {
            "BINARY": BINARY, "KEY": json.loads(one.command("create-source", "--name", "Test", "--json"))["key"],
            "TOKEN": json.loads(one.command("create-token", "--email", "you@example.com", "--json"))["token"],
        }
        folder = tempfile.mkdtemp(prefix="pagerpal-")
        pathlib.Path(folder, "sample.json").write_text('{"alerts": [{"status": "firing", "labels": {"alertname": "Disk"}}]}')
        self.assertGreater(len(commands()), 6)
        for command in commands():
            with self.subTest(command):
                script = command.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{one.port}")
                done = subprocess.run(
                    ["bash", "-c", 'pagerpal() { "$BINARY" "$@"; }; curl() { command curl -sS --fail-with-body "$@"; }; ' + script],
                    env=environment, cwd=folder, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
