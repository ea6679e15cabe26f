"""Load over HTTP by wrk, which costs the machine little."""
import http.client
import json
import subprocess
import tempfile
import time

from pagerpal import wait_for

WRK = """
local count = 0
request = function()
  count = count + 1
  local key = DISTINCT and (PREFIX .. count) or PREFIX
  if #SOURCES > 0 then HEADERS["X-API-Key"] = SOURCES[count % #SOURCES + 1] end
  return wrk.format("POST", PATH, HEADERS, (BODY:gsub("@KEY@", key)))
end
if PAUSE > 0 then
  delay = function() return math.random(0, 2 * PAUSE) end
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("@@%d %.4f %.3f %.3f %d\\n", summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


class Peer:
    """A service and how one alert is sent to it."""
    def __init__(self, url, path="/api/v1/alerts", body='{"title":"Disk full on @KEY@","external_id":"@KEY@","severity":"critical"}', sources=(), **headers):
        # If there are several alert sources, their keys in turn.
        self.url, self.path, self.body, self.sources = url, path, body, sources
        self.headers = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}

    def post(self, key):
        """Sends one alert."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://").rstrip("/"), timeout=30)
        connection.request("POST", self.path, self.body.replace("@KEY@", key), self.headers)
        response = connection.getresponse()
        assert response.status < 300, (response.status, response.read())
        connection.close()

    def send(self, prefix, is_distinct, connections, seconds=5, pause=0):
        """Returns alerts a second, the median and the 99th percentile in milliseconds, and the number of errors.

        Each connection waits `pause` milliseconds on average before it sends the next alert.
        """
        headers = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in self.headers.items())
        sources = ", ".join(json.dumps(key) for key in self.sources)
        constants = (f"PATH = {json.dumps(self.path)}\nBODY = {json.dumps(self.body)}\nHEADERS = {{{headers}}}\nSOURCES = {{{sources}}}\n"
                     f"PREFIX = {json.dumps(prefix)}\nDISTINCT = {str(is_distinct).lower()}\nPAUSE = {pause}\n")
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(constants + WRK)
            script.flush()
            output = subprocess.run(
                ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", script.name, self.url],
                capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
        requests, took, median, tail, errors = map(float, output.partition("@@")[2].split())
        return requests / took, median, tail, int(errors)


def wrk(process, key, prefix, is_distinct, connections, seconds=5):
    return Peer(f"http://127.0.0.1:{process.port}", X_API_Key=key).send(prefix, is_distinct, connections, seconds)


def pages_sent(process, key, stand_in, count, word="Urgent"):
    """Sends alerts one after the other. Returns the milliseconds from the POST of each to the request at the provider."""
    taken = []
    for number in range(-5, count):  # The first warm up.
        words = f"{word} {number:03}."
        before = len(stand_in.arrivals)
        started = time.monotonic()
        process.alert(key, title=words, severity="critical")
        arrived = wait_for(
            lambda: next((at for _, text, at in stand_in.arrivals[before:] if words in text), None), f"the page of “{words}” arrived")
        if number >= 0:
            taken.append((arrived - started) * 1000)
    return taken
