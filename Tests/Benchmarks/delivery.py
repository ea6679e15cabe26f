"""300 pages while one provider hangs, one refuses and one is slow; and those of a healthy one meanwhile."""
import http.server
import json
import threading
import time

from harness import BINARY, databases, quantiles, report
from pagerpal import PagerPal, wait_for
from people import apply, create_source, team


def run():
    for name, url, _ in databases():
        vendors = Vendors()
        process = PagerPal(
            BINARY, url, lease=5, NOTIFICATION_BUNDLING_SECONDS="0", NOTIFICATION_SENDING_ENABLED="true", NTFY_URL=vendors.url,
            GOTIFY_URL=vendors.url, INFOBIP_BASE_URL=vendors.url, INFOBIP_API_KEY="test", INFOBIP_SMS_SENDER="Pager",
            INFOBIP_WHATSAPP_SENDER="3851")
        _, token = process.prepare()
        def turns(title):
            return [{"delay_seconds": 3600, "targets": [{"type": "round_robin", "name": title}]}]

        apply(
            process,
            # SMS first, then WhatsApp, then ntfy. All addresses are verified.
            team("Troubled", 10, [
                ("sms", "+3859155501{number:02}", 0), ("whatsapp", "+3859155502{number:02}", 300), ("ntfy", "topic-{number}", 600),
            ], turns("Troubled")),
            team("Healthy", 10, [("gotify", "token-{number}-0000", 0)], turns("Healthy")))
        troubled, healthy = create_source(process, "Troubled"), create_source(process, "Healthy")
        process.start()
        wait_for(lambda: process.holds_lease(token), "it holds the lease")
        slow, quick = [], []
        for number in range(300):
            slow.append((f"Troubled page {number:03}", time.monotonic()))
            process.alert(troubled, title=slow[-1][0])
            quick.append((f"Healthy page {number:03}", time.monotonic()))
            process.alert(healthy, title=quick[-1][0])
            time.sleep(0.2)
        for words, taken in [("by the next healthy way", vendors.after(slow)), ("by a healthy provider meanwhile", vendors.after(quick))]:
            tail = sorted(taken)[int(len(taken) * 0.99)]
            report("delivery", f"{name}: POST to provider {words} {quantiles(taken)}, p99 {tail:.2f} ms")
        process.stop()


class Vendors:
    """Infobip, whose SMS hang and whose WhatsApp refuses; ntfy, which takes two seconds; and Gotify, which works."""

    def __init__(self):
        self.arrivals, me = [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                arrived = time.monotonic()
                if self.path.startswith("/sms/"):
                    time.sleep(30)
                    self.close_connection = True
                    return
                if self.path.startswith("/whatsapp/"):
                    answer = {"messages": [{"status": {"groupId": 5, "id": 12, "name": "REJECTED_NOT_ENOUGH_CREDITS"}}]}
                else:
                    if self.path == "/":
                        time.sleep(2)
                    # A message about several incidents names them in its text.
                    me.arrivals.append((f"{body['title']}\n{body['message']}", arrived))
                    answer = {"id": 1}
                payload = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 512

            def handle_error(self, *arguments):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def after(self, starts):
        """Returns the milliseconds from each start to the arrival of the message with its title."""
        taken = []
        for title, started in starts:
            wait_for(lambda: any(title in words for words, _ in self.arrivals), f"“{title}” arrived")
            taken.append((next(at for words, at in self.arrivals if title in words) - started) * 1000)
        return taken
