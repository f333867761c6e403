"""A mail server on loopback that can stumble at each step of the conversation.

`stumble(step, effect)` spoils the next such step: GREETING, MAIL, RCPT, DATA (before 354) or END (after the final dot). The effect is a reply
(`550 5.1.1 no such user`), or `drop` or `hang`; at END also `accept-then-drop`, `accept-then-hang` and `accept-slowly`.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult

from tests.fakes.loop import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiosmtpd.smtp import Envelope, Session

    from tests.fakes.certificates import Certificates

USERNAME, PASSWORD = "forthwith", "an-invented-password"
SLOW_SECONDS = 0.5
_DSN = re.compile(r" (RET|ENVID|NOTIFY)=\S+")


@dataclass(frozen=True)
class Mail:
    """One message as it was taken."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]


class FakeSmtp:
    """One mail server. `security` is what it offers: starttls, tls or none."""

    def __init__(self, certificates: Certificates | None, security: str, *, login: bool) -> None:
        self.accepted: list[Mail] = []
        self.connections = 0
        self.port = 0
        self.security = security
        self.login = login
        self.options: list[str] = []
        self._tls = certificates.server_context() if certificates else None
        self._stumbles: defaultdict[str, deque[str]] = defaultdict(deque)
        self._sessions: set[_Conversation] = set()

    def stumble(self, step: str, *effects: str) -> None:
        self._stumbles[step].extend(effects)

    def effect(self, step: str) -> str:
        waiting = self._stumbles[step]
        return waiting.popleft() if waiting else ""

    def hang_up(self) -> None:
        """Close every connection, as a server does that has waited long enough."""
        for session in list(self._sessions):
            session.loop.call_soon_threadsafe(_abort, session)

    async def serve(self, port: int, ready: Callable[[], object], stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        implicit = self._tls if self.security == "tls" else None
        server = await loop.create_server(self._conversation, "127.0.0.1", port, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        ready()
        async with server:
            await stop.wait()
            for session in list(self._sessions):
                _abort(session)
        await asyncio.sleep(0)

    def _conversation(self) -> _Conversation:
        self.connections += 1
        session = _Conversation(self, self._tls if self.security == "starttls" else None)
        self._sessions.add(session)
        return session


class _Conversation(SMTP):
    def __init__(self, fake: FakeSmtp, tls: Any) -> None:
        self._fake = fake
        self._greeted = False
        login: dict[str, Any] = {"authenticator": _known, "auth_required": tls is not None} if fake.login else {}
        super().__init__(
            self,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_require_tls=fake.security == "starttls",
            **login,
        )

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            status = self._fake.effect("GREETING") or status
        await super().push(status)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._stumbled("MAIL"):
            await super().smtp_MAIL(self._without_dsn(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._stumbled("RCPT"):
            await super().smtp_RCPT(self._without_dsn(arg))

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._stumbled("DATA"):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        effect = self._fake.effect("END")
        if not effect or effect.startswith("accept"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            options = self._fake.options
            self._fake.accepted.append(Mail(envelope.mail_from or "", envelope.rcpt_tos, content, options))
            self._fake.options = []
        if effect == "accept-slowly":
            await asyncio.sleep(SLOW_SECONDS)
            effect = ""
        await self._break_off(effect)
        return effect or "250 2.0.0 OK: queued as FAKE1"

    async def _stumbled(self, step: str) -> bool:
        effect = self._fake.effect(step)
        if effect:
            await self._break_off(effect)
            await self.push(effect)
        return bool(effect)

    async def _break_off(self, effect: str) -> None:
        if effect.endswith("drop"):
            _abort(self)
        if effect.endswith(("drop", "hang")):
            await asyncio.sleep(3600)  # cancelled when the connection ends

    def _without_dsn(self, arg: str | None) -> str | None:
        """Note and take off what aiosmtpd does not know (RFC 3461)."""
        self._fake.options += [option.strip() for option in re.findall(r" (?:RET|ENVID|NOTIFY)=\S+", arg or "")]
        return _DSN.sub("", arg) if arg else arg


def _abort(conversation: SMTP) -> None:
    if isinstance(conversation.transport, asyncio.Transport):
        conversation.transport.abort()


def _known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def running(
    certificates: Certificates | None = None, security: str = "none", *, login: bool = False
) -> Iterator[FakeSmtp]:
    """A fake in a thread of this process."""
    fake = FakeSmtp(certificates, security, login=login)
    with in_thread(fake):
        yield fake
