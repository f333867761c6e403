"""The shape of a route: its path, who may take it, what answers. The application and the matrix of roles are made from these."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.responses import Response

from web.roles import READERS
from web.visit import Visit

Answer: TypeAlias = Callable[[Visit], Response]
SMALL = 300_000
"""The largest body that a form may send, in bytes, where no file belongs to it."""


@dataclass(frozen=True)
class Route:
    """One way in. *roles* None means that nobody is asked who they are; a house test keeps that list short."""

    method: str
    path: str
    answer: Answer
    roles: frozenset[str] | None
    largest: int = SMALL
    half_way: bool = False
    """Open to someone who is signed in, and still owes a password or a second factor of their own choice."""
    raw: bool = False
    """Posted by a machine: its bytes are kept as they came, no session is looked for, and answers are plain text."""

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return f"{self.method} {self.path}"


def page(path: str, answer: Answer, roles: frozenset[str] | None = READERS, *, half_way: bool = False) -> Route:
    """A page to look at; it changes nothing."""
    return Route("GET", path, answer, roles, half_way=half_way)


def act(
    path: str,
    answer: Answer,
    roles: frozenset[str] | None,
    *,
    largest: int = SMALL,
    half_way: bool = False,
) -> Route:
    """Something done; its form carries the session's mark against forged requests."""
    return Route("POST", path, answer, roles, largest, half_way)


def hook(path: str, answer: Answer, *, largest: int) -> Route:
    """Where a provider posts; whoever answers must prove from the bytes who sent them."""
    return Route("POST", path, answer, None, largest, raw=True)
