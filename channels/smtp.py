"""Hands notices to a mail server over verified TLS, and knows at each reply whether the message has begun.

Until the server says 354 nothing has been sent, so any failure is one of the three sure ones. Between the final dot and its reply lies the gap of
RFC 1047: the server may have taken the message although we never hear so. That is Unknown, and a mail server cannot be asked later.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from channels.headers import is_address
from channels.mime import message_bytes
from channels.outcome import Accepted, ChannelError, Evidence, Finding, Halt, Kind, Refused, TryAgain, Unknown

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from channels.envelope import Envelope

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_STATUS = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463
_QUEUED_AS = re.compile(rb"\bqueued as ([A-Za-z0-9._-]{1,64})\b")
_TOO_LARGE = 552
_CLOSING = 421

Reply = tuple[int, bytes]


@dataclass(frozen=True)
class SmtpSettings:
    """What a deployment says of its mail server."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` only on this machine."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    bounce_address: str | None = None
    """Failures come back to `local+<notice id>@domain` of this address; without it to the sender's."""
    hello: str = "[127.0.0.1]"
    """The name we greet with: never looked up, as a look-up can take long."""
    seconds: float = 30.0
    """For the connection and for each reply."""
    final_seconds: float = 300.0
    """For the reply to the final dot: impatience there makes unknowns out of acceptances."""


class _Gone(TryAgain):
    """The connection broke or was being closed before the message began."""


class Smtp:
    """A mail server, with a connection kept for each thread that sends at the same time."""

    name = "smtp"
    kind: Kind = "email"

    def __init__(self, settings: SmtpSettings) -> None:
        if settings.security == "none" and settings.host not in _LOOPBACK:
            raise Halt("the mail server must be reached over TLS")
        if not f"{settings.username or ''}{settings.password or ''}".isascii():
            raise Halt("the mail server's name or password is not plain ASCII")
        if settings.bounce_address is not None and not is_address(_tagged(settings.bounce_address, "0" * 32)):
            raise Halt("the bounce address is not one plain e-mail address with room for an id")
        try:
            self._tls = ssl.create_default_context(cafile=settings.ca_file)
        except OSError:
            raise Halt("the file of trusted certificates cannot be read") from None
        self._settings = settings
        self._idle: deque[smtplib.SMTP] = deque()

    def __repr__(self) -> str:
        return "Smtp()"

    def check(self) -> None:
        """Connect, greet and log in."""
        self._idle.append(self._connect())

    def send(self, envelope: Envelope) -> Accepted:
        wire = message_bytes(envelope)
        return self._finish(self._begun(envelope, len(wire)), wire)

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        return Evidence(Finding.UNCLEAR, None, "a mail server cannot be asked what it took")

    def close(self) -> None:
        while (smtp := self._kept()) is not None:
            with suppress(OSError):
                smtp.quit()
            smtp.close()

    def _begun(self, envelope: Envelope, size: int) -> smtplib.SMTP:
        """A connection on which the server waits for the message. A kept one that has gone stale is replaced, once."""
        kept = self._kept()
        if kept is not None:
            with suppress(_Gone):
                return self._begin(kept, envelope, size)
        return self._begin(self._connect(), envelope, size)

    def _kept(self) -> smtplib.SMTP | None:
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def _begin(self, smtp: smtplib.SMTP, envelope: Envelope, size: int) -> smtplib.SMTP:
        try:
            self._command("MAIL", smtp.mail(self._sender(envelope), _mail_options(smtp, envelope, size)))
            self._command("RCPT", smtp.rcpt(envelope.to_address, _recipient_options(smtp)))
            self._command("DATA", smtp.docmd("DATA"))
        except _Gone:
            smtp.close()
            raise
        except ChannelError:
            self._reuse(smtp)
            raise
        except OSError as error:  # smtplib's own errors are among them
            smtp.close()
            raise _Gone(f"the mail server went away ({type(error).__name__})") from None
        return smtp

    def _command(self, command: str, reply: Reply) -> None:
        code = reply[0]
        if code == 354 if command == "DATA" else 200 <= code <= 299:
            return
        reason = f"the mail server answered {command} otherwise"
        if code == _CLOSING or not 400 <= code <= 599:
            raise _Gone(reason, _code(reply))
        if code < 500:
            raise TryAgain(reason, _code(reply))
        # What it holds against the sender or the login, it holds against every notice; size is this one's own.
        if code in (530, 535) or (command == "MAIL" and code != _TOO_LARGE):
            raise Halt(reason, _code(reply))
        raise Refused(reason, _code(reply))

    def _finish(self, smtp: smtplib.SMTP, wire: bytes) -> Accepted:
        try:
            smtp.send(_dotted(wire))
            self._wait(smtp, self._settings.final_seconds)
            reply = smtp.getreply()
            self._wait(smtp, self._settings.seconds)
        except OSError as error:
            smtp.close()
            raise Unknown(f"no reply to the message ({type(error).__name__})") from None
        return self._verdict(smtp, reply)

    def _verdict(self, smtp: smtplib.SMTP, reply: Reply) -> Accepted:
        """What the reply to the final dot says: a refusal there is as sure as an acceptance (RFC 5321, 4.2.5)."""
        code = reply[0]
        if 200 <= code <= 299:
            self._idle.append(smtp)
            queued = _QUEUED_AS.search(reply[1])
            return Accepted(queued[1].decode() if queued else None, f"accepted by the mail server [{_code(reply)}]")
        self._reuse(smtp)
        if 400 <= code <= 499:
            raise TryAgain("the mail server did not take the message now", _code(reply))
        if 500 <= code <= 599:
            raise Refused("the mail server did not take the message", _code(reply))
        raise Unknown("the mail server's reply to the message is no reply")

    def _reuse(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except OSError:
            code = -1
        if code == 250:
            self._idle.append(smtp)
        else:
            smtp.close()

    def _sender(self, envelope: Envelope) -> str:
        bounce = self._settings.bounce_address
        return _tagged(bounce, envelope.nid.hex) if bounce else envelope.from_address

    def _wait(self, smtp: smtplib.SMTP, seconds: float) -> None:
        if smtp.sock is not None:
            smtp.sock.settimeout(seconds)

    def _connect(self) -> smtplib.SMTP:
        smtp = None
        try:
            smtp = self._dial()
            if self._settings.security == "starttls":
                smtp.starttls(context=self._tls)  # refuses to go on in the clear if the server does not offer it
            smtp.ehlo_or_helo_if_needed()
            if self._settings.username is not None:
                smtp.login(self._settings.username, self._settings.password or "")
        except (OSError, ValueError) as error:  # a challenge that is not base64 is a ValueError
            if smtp is not None:
                smtp.close()
            raise _not_connected(error) from None
        return smtp

    def _dial(self) -> smtplib.SMTP:
        it = self._settings
        if it.security == "tls":
            return smtplib.SMTP_SSL(it.host, it.port, it.hello, timeout=it.seconds, context=self._tls)
        return smtplib.SMTP(it.host, it.port, it.hello, timeout=it.seconds)


def _not_connected(error: OSError | ValueError) -> ChannelError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Halt("the mail server's certificate could not be verified")
    if isinstance(error, smtplib.SMTPResponseException):
        reply = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
        surely = Halt if 500 <= reply[0] <= 599 else _Gone
        return surely(f"the mail server does not let us in ({type(error).__name__})", _code(reply))
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return Halt(f"the mail server lacks what is asked of it ({type(error).__name__})")
    return _Gone(f"no connection to the mail server ({type(error).__name__})")


def _mail_options(smtp: smtplib.SMTP, envelope: Envelope, size: int) -> list[str]:
    options = [f"SIZE={size}"] if smtp.has_extn("size") else []
    # RFC 3461: a failure report names the notice and carries the headers only, not the text.
    return [*options, "RET=HDRS", f"ENVID={envelope.nid.hex}"] if smtp.has_extn("dsn") else options


def _recipient_options(smtp: smtplib.SMTP) -> list[str]:
    return ["NOTIFY=FAILURE,DELAY"] if smtp.has_extn("dsn") else []


def _tagged(address: str, tag: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"


def _dotted(wire: bytes) -> bytes:
    """The message as DATA carries it: a leading dot doubled, the lone dot at the end (RFC 5321, 4.5.2)."""
    ended = wire if wire.endswith(b"\r\n") else wire + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _code(reply: Reply) -> str:
    """The reply's numbers only: its words may quote the address."""
    status = _STATUS.match(reply[1])
    return f"{reply[0]} {status[1].decode()}" if status else str(reply[0])
