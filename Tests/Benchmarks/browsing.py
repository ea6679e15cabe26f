"""Web pages, requested as a signed-in browser does."""
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


def timed(process, cookie, path, count):
    """Requests a page five times to warm up, then `count` times. Returns the milliseconds of each and the page's length."""
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
    taken = []
    for _ in range(count + 5):
        started = time.monotonic()
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
        taken.append((time.monotonic() - started) * 1000)
        assert response.status == 200, (path, response.status)
    connection.close()
    return taken[5:], len(body)
