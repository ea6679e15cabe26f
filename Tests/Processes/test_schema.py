"""Generated requests for every operation of the OpenAPI document, by schemathesis. Run by scripts/test."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from pagerpal import PagerPal, StandIn, sqlite

BINARY = os.path.abspath(os.environ.get("PAGERPAL_BINARY", ".build/debug/pagerpal"))
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "schemathesis"
# Whether a request that the schema allows is also accepted depends on what is stored, so that is not checked.
CHECKS = "not_a_server_error,content_type_conformance,status_code_conformance,response_schema_conformance,response_headers_conformance"


@unittest.skipUnless(SCHEMATHESIS.exists(), "schemathesis comes with scripts/test")
class Schema(unittest.TestCase):
    def test_every_operation_answers_as_the_document_says(self):
        one = PagerPal(BINARY, sqlite(), StandIn(), LOG_LEVEL="error")
        key, token = one.prepare()
        one.start()
        done = subprocess.run(
            [SCHEMATHESIS, "run", f"http://127.0.0.1:{one.port}/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}",
             "-H", f"X-API-Key: {key}", "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "2", "--seed", "1",
             "--continue-on-failure"],
            cwd=tempfile.mkdtemp(prefix="pagerpal-"), capture_output=True, text=True, check=False, timeout=300)
        one.stop()
        self.assertEqual(done.returncode, 0, done.stdout[-6000:])
