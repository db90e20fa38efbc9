"""A mail server for tests: aiosmtpd on a free port of this machine.

Prints its port, then one line of JSON for each letter that it has taken, read by Python's own parser of mail. Knows nobody
called "nobody", and bids those who write to "later" come again, the first time. With a certificate it wants STARTTLS, with a
name and a password it wants them.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

put_off = set()


class Letters:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "nobody":
            return f"550 5.1.1 <{address}>: there is no such mailbox"
        if name == "later" and address not in put_off:
            put_off.add(address)
            return "451 4.3.2 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        told = {
            "sender": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in letter.items()},
            "text": letter.get_content(),
            "ascii": raw.isascii(),
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.authenticated else None,
        }
        print(json.dumps(told), flush=True)
        return "250 OK"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--user")
    options.add_argument("--password")
    options.add_argument("--port", type=int, default=0)
    given = options.parse_args()
    tls = None
    if given.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.certificate, given.key)

    def authenticator(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (
            given.user.encode(),
            given.password.encode(),
        )
        return AuthResult(success=good, handled=good, auth_data=data)

    def session():
        return SMTP(
            Letters(),
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=given.user is not None,
            authenticator=authenticator if given.user else None,
            auth_require_tls=tls is not None,
        )

    async def serve():
        server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", given.port)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


main()
