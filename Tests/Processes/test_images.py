"""The Dockerfile's images are pinned by what a registry answers."""
import http.server
import pathlib
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Registry(http.server.BaseHTTPRequestHandler):
    """Asks for a token, as Docker Hub does, and then names a digest."""

    protocol_version = "HTTP/1.1"
    digests = {}

    def do_HEAD(self):
        self.asked.append((self.path, self.headers["Accept"]))
        repository, _, tag = self.path.removeprefix("/v2/").rpartition("/manifests/")
        if self.headers["Authorization"] != f"Bearer pull-{repository}":
            self.send_response(401)
            realm = f"http://{self.headers['Host']}/token"
            self.send_header("WWW-Authenticate", f'Bearer realm="{realm}",service="hub",scope="repository:{repository}:pull"')
        elif f"{repository}:{tag}" not in self.digests:
            self.send_response(404)
        else:
            self.send_response(200)
            self.send_header("Docker-Content-Digest", self.digests[f"{repository}:{tag}"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        repository = self.path.split("repository%3A")[1].split("%3A")[0].replace("%2F", "/")
        body = ('{"token": "pull-%s"}' % repository).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Pins(unittest.TestCase):
    def setUp(self):
        self.file = pathlib.Path(tempfile.mkdtemp(prefix="pagerpal-"), "Dockerfile")
        self.text = (ROOT / "Dockerfile").read_text()
        self.file.write_text(self.text)
        lines = [line.partition("=")[2].partition("@")[0] for line in self.text.splitlines() if line.startswith("ARG ") and "_IMAGE=" in line]
        self.assertEqual(len(lines), 2)
        digests = {f"library/{line}": f"sha256:{number:064x}" for number, line in enumerate(lines)}
        handler = type("Answers", (Registry,), {"digests": digests, "asked": []})
        self.digests, self.asked = digests, handler.asked
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.registry = f"http://127.0.0.1:{server.server_port}"

    def pin(self, *options):
        return subprocess.run(
            [ROOT / "scripts/pin-images", "--registry", self.registry, "--file", self.file, *options],
            capture_output=True, text=True, check=False, timeout=60)

    def test_images_are_pinned_checked_and_released(self):
        self.assertEqual(self.pin("--tags").returncode, 0)
        plain = self.file.read_text()
        missing = self.pin("--check")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("run scripts/pin-images", missing.stderr)
        self.assertEqual(self.file.read_text(), plain)
        done = self.pin()
        self.assertEqual(done.returncode, 0, done.stderr)
        for image, digest in self.digests.items():
            self.assertIn(f"{image.removeprefix('library/')}@{digest}\n", self.file.read_text())
        self.assertTrue(all("image.index" in accept for _, accept in self.asked))
        self.assertEqual(self.pin("--check").returncode, 0)
        newest = next(iter(self.digests))
        self.digests[newest] = "sha256:" + "f" * 64
        old = self.pin("--check")
        self.assertEqual(old.returncode, 1)
        self.assertIn(newest.removeprefix("library/"), old.stderr)
        self.assertEqual(self.pin("--tags").returncode, 0)
        self.assertEqual(self.file.read_text(), plain)

    def test_an_image_that_the_registry_does_not_know_changes_nothing(self):
        self.digests.clear()
        before = self.file.read_text()
        done = self.pin()
        self.assertEqual(done.returncode, 1)
        self.assertIn("404", done.stderr)
        self.assertEqual(self.file.read_text(), before)


if __name__ == "__main__":
    unittest.main()
