"""Web pages, requested as a signed-in browser does."""
import html.parser
import http.client
import re
import time
import urllib.parse

PASSWORD = "a password for the bench"


def sign_in(process, name="dana"):
    """Returns a session cookie. The user's password must be PASSWORD."""
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=30)
    connection.request("GET", "/login")
    response = connection.getresponse()
    guest = response.getheader("Set-Cookie").split(";")[0]
    token = re.search(r'name="token" value="([^"]*)"', response.read().decode())[1]
    form = urllib.parse.urlencode({"email": f"{name}@example.com", "password": PASSWORD, "token": token})
    connection.request("POST", "/login", form, {"Cookie": guest, "Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    response.read()
    cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
    return next(cookie for cookie in cookies if cookie.startswith("pagerpal_session="))


def timed(process, cookie, path, count, form=None):
    """Requests a page five times to warm up, then `count` times, or sends a form so often.

    Returns the milliseconds of each and the page's length.
    """
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
    method, sent, headers = "GET", None, {"Cookie": cookie}
    if form:
        method, sent = "POST", urllib.parse.urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    taken = []
    for _ in range(count + 5):
        started = time.monotonic()
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        body = response.read()
        taken.append((time.monotonic() - started) * 1000)
        assert response.status == 200, (path, response.status)
    connection.close()
    return taken[5:], len(body)


def form_of(process, cookie, path, action):
    """Returns the names and values of a page's form, as a browser would send it without a button."""
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    reader = FormReader(action)
    reader.feed(connection.getresponse().read().decode())
    connection.close()
    assert reader.values, f"{path} has no form for {action}"
    return reader.values


class FormReader(html.parser.HTMLParser):
    def __init__(self, action):
        super().__init__()
        self.action, self.is_inside, self.select, self.values = action, False, None, []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.is_inside = given.get("action") == self.action
        elif self.is_inside and tag == "input" and "name" in given and (
                given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values.append((given["name"], given.get("value") or ""))
        elif self.is_inside and tag == "select":
            self.select = given.get("name")
        elif self.select is not None and tag == "option" and "selected" in given:
            self.values.append((self.select, given.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        if tag == "form":
            self.is_inside = False
