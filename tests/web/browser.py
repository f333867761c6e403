"""Browsers without script, over the application itself: they keep cookies, carry the session's mark, and read pages."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from actions.desk import Desk
from tests.accounts import a_phone, a_token, an_account, seen
from tests.web.page import Page
from web.guard import COOKIE

SITE = "http://forthwith.example"


class Browser:
    """One browser. What it sends carries the mark of its session, as the forms of its pages would."""

    def __init__(self, app: FastAPI, loop: asyncio.Runner, address: str = "192.0.2.7") -> None:
        self._app, self._loop = app, loop
        transport = httpx.ASGITransport(app=app, client=(address, 4711))
        self.client = httpx.AsyncClient(transport=transport, base_url=SITE)
        self.csrf = ""

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request, exactly as told."""
        return self._loop.run(self.client.request(method, path, **how))

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def post(
        self, path: str, typed: Mapping[str, Any] | None = None, files: Any = None, **headers: str
    ) -> httpx.Response:
        return self.ask("POST", path, data={"csrf": self.csrf, **(typed or {})}, files=files, headers=headers)

    def page(self, path: str) -> Page:
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, Page(answer.text).words[:300])
        return Page(answer.text)

    def do(self, reference: str, key: str, files: Any = None, **typed: Any) -> str:
        """An act that must be done; what was said of it."""
        answer = self.post(f"/incidents/{reference}/do/{key}", typed, files)
        assert answer.status_code == 303, (key, answer.status_code, refusals(answer))
        return self.page(answer.headers["location"].split("#")[0]).words

    def refused(self, reference: str, key: str, says: str, files: Any = None, **typed: Any) -> None:
        """An act that is refused with a sentence that says so, on its own form, and what was typed is still there."""
        answer = self.post(f"/incidents/{reference}/do/{key}", typed, files)
        assert answer.status_code in (404, 409, 422), (key, answer.status_code)
        assert says in refusals(answer), refusals(answer)
        kept = Page(answer.text).form(f"/do/{key}").fields
        assert {name: kept.get(name) for name in typed if isinstance(typed[name], str)} == {
            name: value for name, value in typed.items() if isinstance(value, str)
        }

    def seat(self, desk: Desk, token: str) -> "Browser":
        """Take the seat of a session that began elsewhere."""
        self.client.cookies.set(COOKIE, token, domain="forthwith.example")
        self.csrf = seen(desk, token).csrf
        return self


def refusals(answer: httpx.Response) -> str:
    """Every sentence of a page that says what is wrong."""
    page = Page(answer.text)
    return " ".join([page.refusal, *page.wrong.values()])


class Team:
    """Accounts with their browsers, made when they are first needed. Names are roles: manager@example.org."""

    def __init__(self, app: FastAPI, desk: Desk, loop: asyncio.Runner) -> None:
        self.app, self.desk, self.loop = app, desk, loop
        self._known: dict[str, Browser] = {}

    def nobody(self) -> Browser:
        """Someone who did not sign in."""
        return Browser(self.app, self.loop)

    def member(self, name: str, *roles: str) -> Browser:
        """Someone with these roles, in their browser, second factor and all."""
        if name not in self._known:
            an_account(self.desk, name, *roles)
            token = a_token(self.desk, name)
            if {"manager", "approver", "administrator"} & set(roles):
                a_phone(self.desk, seen(self.desk, token))
            self._known[name] = Browser(self.app, self.loop).seat(self.desk, token)
        return self._known[name]

    def __getitem__(self, role: str) -> Browser:
        """The one with this role alone."""
        return self.member(f"{role}@example.org", role)
