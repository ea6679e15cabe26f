"""A real SMTP server for one test: aiosmtpd on a free port. Prints "port N", then each mail as a line of JSON.

Recipients decide what happens: reply-451@… is answered 451, reply-550@… with 550 5.1.1, everybody else is taken.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import AuthResult

REPLIES = {"reply-451": "451 4.7.1 greylisted", "reply-550": "550 5.1.1 no such user", "reply-554": "554 5.7.1 listed"}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = REPLIES.get(address.split("@")[0])
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None or sys.argv[3] == "tls",
            "login": getattr(session, "pager", None), "options": envelope.mail_options,
            "content": envelope.content.decode("utf-8", "replace"),
        }
        print(json.dumps(mail), flush=True)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    session.pager = data.login.decode()
    if data.login == b"pager" and data.password == b"mail-secret":
        return AuthResult(success=True)
    return AuthResult(success=False, handled=False)


def main():
    certificate, key, mode = sys.argv[1:4]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    options = {"authenticator": authenticate}
    if mode == "starttls":
        options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    if mode == "tls":
        options |= {"auth_require_tls": False, "auth_required": True}
    if mode == "none":
        options |= {"auth_require_tls": False}
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    controller = UnthreadedController(
        Handler(), hostname="127.0.0.1", port=0, loop=loop, ssl_context=context if mode == "tls" else None,
        server_kwargs=options)
    controller.begin()
    print("port", controller.server.sockets[0].getsockname()[1], flush=True)
    loop.run_in_executor(None, lambda: (sys.stdin.read(), loop.call_soon_threadsafe(loop.stop)))
    loop.run_forever()


main()
