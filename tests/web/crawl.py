"""Walks every page that links lead to, and looks for what no page may hold: script, style or handlers of its own."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from tests.web.browser import Browser
from tests.web.page import Page


def crawl(browser: Browser, *starts: str) -> Iterator[tuple[str, httpx.Response]]:
    """Every page that can be reached by links from these, once each, with its answer."""
    waiting, met = list(starts), set(starts)
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        yield path, answer
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in Page(answer.text).links:
            where = httpx.URL(f"http://forthwith.example{path}").join(link)
            inside = where.raw_path.decode()
            if where.host == "forthwith.example" and inside not in met and not inside.startswith("/static/"):
                met.add(inside)
                waiting.append(inside)


def not_ours(page: Page) -> list[str]:
    """What a page must not hold: script or style within it, handlers, addresses that are script, things of other houses."""
    found = []
    for one in page.elements:
        told = one.told
        found += [
            f"{one.name} {name}" for name in told if name.startswith("on") or name in ("style", "srcdoc", "hx-on")
        ]
        if one.name == "style" or (one.name == "script" and not told.get("src", "").startswith("/static/")):
            found.append(one.name)
        for name in ("src", "href", "action", "formaction", "data"):
            address = urlsplit(told.get(name, ""))
            if address.scheme not in ("", "https", "http") or (address.netloc and one.name != "a"):
                found.append(f"{one.name} {name}={told[name]}")
    return found
