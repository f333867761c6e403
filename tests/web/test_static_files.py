"""The files that pages load: small on the way, the same for everyone; pages themselves are never compressed."""

import gzip

import pytest

from tests.web.browser import Browser, Team
from web.static_files import FILES, asset


@pytest.fixture
def browser(team: Team) -> Browser:
    return team.nobody()


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_compressed_to_whoever_takes_it_so(browser: Browser, name: str) -> None:
    plain = browser.get(asset(name), **{"accept-encoding": "identity"})
    small = browser.get(asset(name), **{"accept-encoding": "br, gzip"})
    assert (plain.headers.get("content-encoding"), small.headers["content-encoding"]) == (None, "gzip")
    assert plain.headers["vary"] == small.headers["vary"] == "accept-encoding"
    assert small.content == plain.content
    assert int(small.headers["content-length"]) == len(gzip.compress(plain.content))


@pytest.mark.parametrize("refused", ["", "identity", "gzip;q=0", "gzip; q=0.0", "xgzip"])
def test_whoever_takes_no_gzip_gets_none(browser: Browser, refused: str) -> None:
    assert "content-encoding" not in browser.get(asset("style.css"), **{"accept-encoding": refused}).headers


def test_a_page_with_a_secret_on_it_is_never_compressed(browser: Browser) -> None:
    answer = browser.get("/sign-in", **{"accept-encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, None)


def test_what_every_page_loads_leaves_most_of_the_weight_to_the_page(browser: Browser) -> None:
    """Of 150 kB that a first visit may load."""
    sizes = [int(browser.get(asset(name), **{"accept-encoding": "gzip"}).headers["content-length"]) for name in FILES]
    assert sum(sizes) < 30_000
