"""Listeners of live events, in a process of their own. They read the events; a browser would also fetch what changed."""
import contextlib
import multiprocessing
import selectors
import socket

from browsing import sign_in

PER_USER = 100


@contextlib.contextmanager
def listening(process, count):
    """Keeps so many listeners open, of up to four users."""
    cookies = [sign_in(process, name) for name in ["ada", "bob", "cleo", "dana"][:(count + PER_USER - 1) // PER_USER]]
    ready, stop = multiprocessing.Event(), multiprocessing.Event()
    reader = multiprocessing.Process(target=listen, args=(process.port, cookies, count, ready, stop), daemon=True)
    reader.start()
    assert ready.wait(60), "the listeners do not listen"
    try:
        yield
    finally:
        stop.set()
        reader.join(timeout=10)
        reader.kill()


def listen(port, cookies, count, ready, stop):
    """Opens the connections, and reads until it is told to stop."""
    selector = selectors.DefaultSelector()
    for number in range(count):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(
            f"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies[number // PER_USER]}\r\n\r\n".encode())
        answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        selector.register(connection, selectors.EVENT_READ)
    ready.set()
    while not stop.is_set():
        for key, _ in selector.select(timeout=0.5) if count else []:
            if not key.fileobj.recv(65536):
                selector.unregister(key.fileobj)
        if not count:
            stop.wait()
