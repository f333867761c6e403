"""Someone at a browser: what they press, type and see, in the words of the page."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.browser.house import House

LAWFUL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""Chromium says so of every page that refuses; the refusal itself is what tests look at."""


class Seat:
    """One person, one browser context, one page; whatever the browser complains of is kept in *troubles*."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.house, self.context, self.troubles = house, context, list[str]()
        context.set_default_timeout(20_000)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("request", self._asked)
        self.page: Page = context.new_page()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.house.url, "data:", "chrome-error:", "about:")):
            self.troubles.append(f"a request to another house: {request.url}")

    def go(self, path: str = "/") -> "Seat":
        """Load a page; it must be there."""
        answer = self.page.goto(self.house.url + path)
        assert answer is not None
        assert answer.ok, (path, answer.status, self.words()[:300])
        return self

    @property
    def path(self) -> str:
        """Where they are."""
        return urlsplit(self.page.url).path

    def words(self) -> str:
        """Everything that stands on the page."""
        return self.page.locator("body").inner_text()

    def press(self, name: str, within: str = "main") -> None:
        """Click the first button or link of this name."""
        place = self.page.locator(within)
        both = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        both.first.click()

    def type(self, **told: str) -> None:
        """Fill fields in by their names."""
        for name, value in told.items():
            field = self.page.locator(f"main [name='{name}']:not([type=hidden])").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def do(self, name: str, within: str = "main", **told: str) -> None:
        """Open an act's form by its name, fill it in, and send it."""
        self.press(name, within)
        self.type(**told)
        self.send()

    def send(self) -> None:
        """Press the page's own button."""
        self.page.locator("main form button:is(.main, .grave)").last.click()

    def sees(self, *words: str) -> None:
        """That these words stand there, or soon will."""
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one)

    def is_refused(self, *words: str) -> None:
        """That the page refuses with these words, and has led them to the refusal."""
        box = self.page.locator(".refusal").first
        for one in words:
            expect(box).to_contain_text(one)
        expect(box).to_be_focused()

    def part(self, name: str) -> Locator:
        """One part of an incident's page."""
        return self.page.locator(f"section#{name}")

    def choose_file(self, name: str, path: Path) -> None:
        """Choose a file for a field."""
        self.page.locator(f"main [name='{name}']").set_input_files(path)

    def widths(self) -> tuple[int, int]:
        """How wide the page is, and how wide the window."""
        wide, window = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        return int(wide), int(window)

    def faults(self, *rules: str) -> list[str]:
        """What axe finds wrong, by WCAG 2.0 to 2.2, A and AA; of these rules alone where some are named."""
        only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": LAWFUL}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("how => axe.run(how)", {"resultTypes": ["violations"], "runOnly": only})[
            "violations"
        ]
        return [f"{one['id']}: {json.dumps([node['html'][:160] for node in one['nodes'][:3]])}" for one in found]
