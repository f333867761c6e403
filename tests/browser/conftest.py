"""One Chromium and one dashboard for all browser tests, and a seat in a context of its own for whoever comes."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright

from actions import passwords
from tests.browser.chromium import HOW, installed
from tests.browser.house import House, a_small_office
from tests.browser.seat import Seat
from web.guard import COOKIE

Comes: TypeAlias = Callable[..., Seat]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Its loop must not outlive these tests: others run loops of their own."""
    path = installed()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """The dashboard, with accounts whose passwords cost little."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(sqlite_template, folder / "forthwith.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setenv("FORTHWITH_HOME", str(folder / "home"))
        one = House(a_small_office(folder, f"sqlite:///{folder / 'forthwith.db'}"), folder)
        yield one.start()
        one.end()


@pytest.fixture
def comes(browser: Browser, house: House) -> Iterator[Comes]:
    """Seats people: *name* has the session they had, or *token*; other words are the browser's. No seat may have a trouble."""
    seats: list[Seat] = []

    def seat(name: str = "", token: str = "", **how: Any) -> Seat:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **how})
        if held := token or house.tokens.get(name, ""):
            context.add_cookies(
                [{"name": COOKIE, "value": held, "url": house.url, "httpOnly": True, "sameSite": "Lax"}]
            )
        seats.append(Seat(house, context))
        return seats[-1]

    yield seat
    troubles = [trouble for one in seats for trouble in one.troubles]
    for one in seats:
        one.context.close()
    assert troubles == []
