"""Real senders against a real PagerPal: Debian's Alertmanager, the client libraries of PagerDuty and Opsgenie from PyPI,
and boto3 with a local stand-in of AWS. Only their URL is changed.

Run by scripts/test-clients, which installs them.
"""
import datetime
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Processes"))
from pagerpal import PagerPal, free_port, sqlite, wait_for  # noqa: E402

BINARY = os.environ["PAGERPAL_BINARY"]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pagerpal = PagerPal(BINARY, sqlite())
        cls.key, cls.token = cls.pagerpal.prepare()
        cls.pagerpal.start()
        cls.address = f"http://127.0.0.1:{cls.pagerpal.port}"

    @classmethod
    def tearDownClass(cls):
        cls.pagerpal.stop()

    def source(self, kind):
        """Creates a source for each sender. Returns its key and id."""
        made = json.loads(self.pagerpal.command("create-source", "--name", f"{kind} {time.monotonic_ns()}", "--kind", kind, "--json"))
        wait_for(lambda: self.pagerpal.request("POST", "/api/v1/alerts/generic", "{}", **{"X-API-Key": made["key"]})[0] != 401, "the key is known")
        return made["key"], made["id"]

    def incidents(self, source):
        return [i for i in self.pagerpal.items("/api/v1/incidents", self.token) if i["source"]["id"] == source]

    def wait_for_state(self, source, state, count=1):
        return wait_for(
            lambda: (lambda found: found if len(found) == count and all(i["state"] == state for i in found) else None)(self.incidents(source)),
            f"{count} incident is {state}; there are {[(i['title'], i['state']) for i in self.incidents(source)]}")


class Alertmanager(Case):
    """Fires, repeats and resolves through the webhook, PagerDuty and Opsgenie receivers at once."""

    def setUp(self):
        self.sources = {kind: self.source(kind) for kind in ["alertmanager", "pagerduty", "opsgenie"]}
        folder = pathlib.Path(tempfile.mkdtemp(prefix="alertmanager-"))
        receivers = {
            "alertmanager": f"""
    webhook_configs:
      - url: {self.address}/api/v1/alerts/alertmanager
        send_resolved: true
        http_config: {{authorization: {{credentials: "{self.sources['alertmanager'][0]}"}}}}""",
            "pagerduty": f"""
    pagerduty_configs:
      - url: {self.address}/v2/enqueue
        routing_key: "{self.sources['pagerduty'][0]}"
        severity: "{{{{ .CommonLabels.severity }}}}"
        send_resolved: true""",
            "opsgenie": f"""
    opsgenie_configs:
      - api_url: {self.address}/
        api_key: "{self.sources['opsgenie'][0]}"
        message: "{{{{ .CommonLabels.alertname }}}} on {{{{ .CommonLabels.instance }}}}"
        send_resolved: true""",
        }
        routes = "".join(f"\n    - receiver: {name}\n      continue: true" for name in receivers)
        (folder / "alertmanager.yml").write_text(
            "route:\n  receiver: alertmanager\n  group_by: [alertname]\n  group_wait: 10ms\n  group_interval: 200ms\n"
            f"  repeat_interval: 1s\n  routes:{routes}\nreceivers:"
            + "".join(f"\n  - name: {name}{text}" for name, text in receivers.items()) + "\n")
        self.began = self.clock()
        self.port = free_port()
        binary = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
        self.process = subprocess.Popen(
            [binary, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/data", "--cluster.listen-address=",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"))
        self.addCleanup(self.stop)
        wait_for(self.is_ready, f"Alertmanager serves; its log is {folder}/log")

    @staticmethod
    def clock():
        return datetime.datetime.now(datetime.timezone.utc).isoformat()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready").status == 200
        except OSError:
            return False

    def post(self, is_over=False):
        """Posts like Prometheus: always with the same start, and with an end when the alert is over."""
        alert = {
            "labels": {"alertname": "DiskFull", "instance": "db-1", "severity": "critical"},
            "annotations": {"summary": "Disk full on db-1"}, "startsAt": self.began}
        if is_over:
            alert["endsAt"] = self.clock()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"})
        self.assertEqual(urllib.request.urlopen(request).status, 200)

    def test_fires_repeats_and_resolves(self):
        self.post()
        for kind, (_, source) in self.sources.items():
            incident = self.wait_for_state(source, "triggered")[0]
            self.assertEqual(incident["severity"], "critical", kind)
            self.assertIn("db-1", incident["title"], kind)
        for kind, (_, source) in self.sources.items():
            repeated = wait_for(lambda: next((i for i in self.incidents(source) if i["alert_count"] > 1), None), f"{kind} repeats")
            self.assertEqual(repeated["state"], "triggered")
        self.post(is_over=True)
        for _, source in self.sources.values():
            self.wait_for_state(source, "resolved")


class SecureDoor:
    """A TLS proxy with its own certificate, because some clients refuse plain HTTP."""

    def __init__(self, port):
        folder = tempfile.mkdtemp(prefix="tls-")
        self.certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.address = f"https://localhost:{self.listener.getsockname()[1]}"
        self.port = port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                outside, _ = self.listener.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            inside = socket.create_connection(("127.0.0.1", self.port))
            for pair in [(outside, inside), (inside, outside)]:
                threading.Thread(target=self.copy, args=pair, daemon=True).start()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class PagerDutyClients(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secure = SecureDoor(cls.pagerpal.port)
        os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = cls.secure.certificate

    def check(self, session, source):
        key = session.trigger("Disk full on db-1", "db-1", severity="critical", dedup_key="disk-1")
        self.assertEqual(key, "disk-1")
        self.assertEqual(self.wait_for_state(source, "triggered")[0]["title"], "Disk full on db-1")
        session.acknowledge("disk-1")
        self.wait_for_state(source, "acknowledged")
        session.resolve("disk-1")
        self.wait_for_state(source, "resolved")
        made = session.trigger("No key of its own", "db-1")
        self.wait_for_key(source, made)
        session.resolve(made)
        self.wait_for_state(source, "resolved", count=2)

    def wait_for_key(self, source, key):
        wait_for(lambda: any(i["dedup_key"] == key for i in self.incidents(source)), f"there is an incident with the key {key}")

    def test_pagerduty(self):
        import pagerduty

        key, source = self.source("pagerduty")
        client = pagerduty.EventsApiV2Client(key)
        client.url = self.secure.address
        self.check(client, source)

    def test_pdpyras(self):
        import pdpyras

        key, source = self.source("pagerduty")
        session = pdpyras.EventsAPISession(key)
        session.url = self.address
        self.check(session, source)
        changes = pdpyras.ChangeEventsAPISession(key)
        changes.url = self.address
        before = self.incidents(source)
        changes.submit("Deployed version 7", source="ci")
        self.assertEqual(self.incidents(source), before)

    def test_wrong_key(self):
        import pagerduty

        client = pagerduty.EventsApiV2Client("w" * 32)
        client.url = self.secure.address
        with self.assertRaises(pagerduty.Error):
            client.trigger("x", "y")


class OpsgenieClients(Case):
    def test_opsgenie_sdk(self):
        import opsgenie_sdk

        key, source = self.source("opsgenie")
        configuration = opsgenie_sdk.configuration.Configuration()
        configuration.host = self.address
        configuration.api_key["Authorization"] = key
        alerts = opsgenie_sdk.AlertApi(opsgenie_sdk.api_client.ApiClient(configuration=configuration))
        created = alerts.create_alert(opsgenie_sdk.CreateAlertPayload(message="Disk full on db-1", alias="disk-1", priority="P1"))
        self.assertEqual(created.result, "Request will be processed")
        incident = self.wait_for_state(source, "triggered")[0]
        self.assertEqual((incident["title"], incident["severity"]), ("Disk full on db-1", "critical"))
        status = alerts.get_request_status(created.request_id).data
        self.assertTrue(status.is_success)
        self.assertEqual(alerts.get_alert(identifier=status.alert_id).data.alias, "disk-1")
        alerts.add_note(identifier=status.alert_id, add_note_to_alert_payload=opsgenie_sdk.AddNoteToAlertPayload(note="Looking"))
        alerts.acknowledge_alert(
            identifier="disk-1", identifier_type="alias", acknowledge_alert_payload=opsgenie_sdk.AcknowledgeAlertPayload(user="Ada"))
        self.wait_for_state(source, "acknowledged")
        alerts.close_alert(identifier="disk-1", identifier_type="alias", close_alert_payload=opsgenie_sdk.CloseAlertPayload(user="Ada"))
        self.wait_for_state(source, "resolved")
        with self.assertRaises(opsgenie_sdk.exceptions.ConfigurationException) as refused:
            alerts.create_alert(opsgenie_sdk.CreateAlertPayload(message=" "))
        self.assertIn("422", str(refused.exception))


class SNSTraffic(Case):
    """moto posts like SNS but can't sign. PagerPal parses its messages and refuses them only for the signature."""

    def setUp(self):
        from moto.server import ThreadedMotoServer

        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port())
        self.server.start()
        self.addCleanup(self.server.stop)

    def test_boto3(self):
        import boto3

        key, source = self.source("cloudwatch")
        host, port = self.server.get_host_and_port()
        sns = boto3.client(
            "sns", region_name="eu-west-1", endpoint_url=f"http://{host}:{port}", aws_access_key_id="x", aws_secret_access_key="x")
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"{self.address}/api/v1/alerts/sns?key={key}")
        sns.publish(TopicArn=topic, Subject="Disk", Message="The disk of db-1 is full")
        path = f"/api/v1/alert-sources/{source}/payloads"
        payload = wait_for(
            lambda: next((p for p in self.pagerpal.get(path, self.token)["items"] if "db-1" in p["body"]), None), "the message arrived")
        # Without Internet access the certificate can't be fetched, so SNS would have to send the message again.
        self.assertIn(payload["verdict"], ["rejected", "failed"])
        self.assertEqual(json.loads(payload["body"])["TopicArn"], topic)
        self.assertEqual(self.incidents(source), [])


if __name__ == "__main__":
    unittest.main()
