"""One visit: who came, with what in hand, and the desk at which their acts are done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from actions.desk import Desk
from actions.errors import NotFound
from db.models import Incident
from db.queries.viewer import Viewer
from db.queries.visible import visible
from db.session import Database
from settings.model import Settings
from web.kept import Kept
from web.languages import chosen
from web.speech import spoken
from web.under_way import UnderWay

_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
LARGEST_NUMBER = 2**31 - 1
"""The largest that a number in the database can be."""


@dataclass(frozen=True)
class House:
    """What every visit of one process shares."""

    settings: Settings
    database: Database
    kept: Kept = field(default_factory=Kept)
    under_way: UnderWay = field(default_factory=UnderWay)


@dataclass
class Visit:
    """One request with what belongs to it."""

    request: Request
    house: House
    guest: Viewer | None = None
    typed: FormData = field(default_factory=FormData)
    body: bytes = field(default=b"", repr=False)
    """What a machine posted, where the route wants it as it came."""
    desks: list[Desk] = field(default_factory=list)

    @property
    def viewer(self) -> Viewer:
        """Who came. Only for routes that ask who one is."""
        if self.guest is None:
            raise RuntimeError("this route let in someone who was not asked who they are")
        return self.guest

    @property
    def settings(self) -> Settings:
        """The deployment's settings."""
        return self.house.settings

    def desk(self) -> Desk:
        """A desk with the visitor at it; the runs that its acts wish for are asked for after the answer."""
        return self._desk(self.viewer.name)

    def desk_of_nobody(self) -> Desk:
        """A desk for acts before anyone is known: signing in, and saying that something happened."""
        return self._desk("dashboard")

    def _desk(self, actor: str) -> Desk:
        desk = Desk(self.settings, actor, database=self.house.database)
        self.desks.append(desk)
        return desk

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions."""
        with self._desk("reader").reading() as session:
            yield session

    def incident(self, session: Session, reference: str = "") -> Incident:
        """The incident of the path, if this visitor may know of it. Raises NotFound, alike for none and for a hidden one."""
        wanted = (reference or str(self.request.path_params["reference"])).upper()
        sayable = wanted.isascii() and wanted.isprintable()
        mine = (Incident.reference == wanted, visible(self.viewer))
        found = session.scalar(sa.select(Incident).where(*mine)) if sayable else None
        if found is None:
            raise NotFound(f"There is no incident {wanted} that is open to you.")
        return found

    def number(self, name: str = "number") -> int:
        """A number in the path. Raises NotFound for one that nothing can have."""
        found = int(self.request.path_params[name])
        if found > LARGEST_NUMBER:
            raise NotFound("There is nothing of that number.")
        return found

    def said(self, name: str, longest: int = 200) -> str:
        """A word of the query, cut to a length that belongs there, without what no database takes as text."""
        return self.request.query_params.get(name, "")[:longest].replace("\x00", "").strip()

    def text(self, name: str) -> str:
        """What was typed into a field."""
        value = self.typed.get(name, "")
        return value if isinstance(value, str) else ""

    def upload(self, name: str) -> UploadFile | None:
        """The file that was chosen, if one was."""
        value = self.typed.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    @cached_property
    def zone(self) -> str:
        """The visitor's own time zone, as their browser told it; else the team's."""
        told = self.request.cookies.get("zone", "")
        return told if told in zones() else self.settings.time_zone

    @cached_property
    def language(self) -> str:
        """The language of the pages: the one chosen, else the first that the browser asks for and we speak."""
        return chosen(self.request.cookies.get("language", ""), self.request.headers.get("accept-language", ""))

    def say(self, text: str) -> str:
        """What Python says in English, in the language of the pages."""
        return spoken(self.language, text)

    def told(self) -> str:
        """What the last act of this visitor did, to be said once."""
        return unquote(self.request.cookies.get("said", ""))[:600]

    @property
    def may(self) -> frozenset[str]:
        """The visitor's roles."""
        return self.guest.roles if self.guest else frozenset()

    @property
    def address(self) -> str:
        """Where the visit came from, for throttling."""
        return self.request.client.host if self.request.client else ""


@cache
def zones() -> frozenset[str]:
    """Every time zone that there is."""
    return frozenset(available_timezones())


def within(path: str, otherwise: str = "/") -> str:
    """The path if it leads to a page of ours, and no other house."""
    return path if _PATH.fullmatch(path) else otherwise


def as_values(typed: FormData) -> dict[str, Any]:
    """What was typed, by name, without files."""
    return {name: value for name, value in typed.multi_items() if isinstance(value, str)}
