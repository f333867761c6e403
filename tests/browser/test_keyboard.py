"""The main path by keyboard alone: every stop can be seen, the skip link works, a refusal is where one is led."""

from typing import Any

import pytest

from tests.browser.conftest import Comes
from tests.browser.seat import Seat
from tests.conftest import MANAGER

pytestmark = pytest.mark.xdist_group("browser")

HERE = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  return { name: (one.getAttribute("aria-label") || label || one.innerText || "").trim(), tag: one.tagName, field: one.name || "",
           seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
           marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
}"""


def stop(one: Seat) -> dict[str, Any]:
    """Where the keyboard is now."""
    found: dict[str, Any] = one.page.evaluate(HERE)
    return found


def tab_to(one: Seat, name: str, most: int = 150) -> None:
    """Tab until a stop of this name; every one on the way is in sight and marked."""
    for _ in range(most):
        one.page.keyboard.press("Tab")
        here = stop(one)
        assert here["tag"] != "BODY", f"the page ends before {name!r}"
        assert here["seen"], here
        assert here["marked"], here
        if here["name"].startswith(name) or here["field"] == name:
            return
    raise AssertionError(f"{name!r} was never reached")


def test_declare_and_be_refused_by_keyboard_alone(comes: Comes) -> None:
    manager = comes(MANAGER, reduced_motion="reduce").go()
    to_the_content(manager)
    follow(manager, "Declare", "Two fields are enough")
    tab_to(manager, "title")
    manager.page.keyboard.type("By keyboard alone")
    tab_to(manager, "Whose data")
    manager.page.keyboard.press("Enter")
    tab_to(manager, "customer")
    manager.page.keyboard.press("Space")
    follow(manager, "Declare it", "is declared; its clocks run")
    follow(manager, "Decide the risk", "The score suggests")
    tab_to(manager, "risk")
    manager.page.keyboard.type("There")
    answer(manager, "Addresses are among it.", "Decide the risk", "risk, stands.")
    follow(manager, "Close the incident", "it says which")
    answer(manager, "Too early.", "Close the incident", "cannot close yet")
    manager.is_refused("cannot close yet")
    tab_to(manager, "reasons")
    assert manager.page.locator("[name=reasons]").input_value() == "Too early."


def to_the_content(one: Seat) -> None:
    """The first stop skips the head of the page; the next is within the content."""
    one.page.keyboard.press("Tab")
    assert stop(one)["name"] == "Skip to the content"
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    one.page.reload()


def follow(one: Seat, name: str, then: str) -> None:
    """Tab to a link or a button and press it; the next page says *then*."""
    tab_to(one, name)
    one.page.keyboard.press("Enter")
    one.sees(then)


def answer(one: Seat, reasons: str, button: str, then: str) -> None:
    """Give reasons, and press the form's own button."""
    tab_to(one, "reasons")
    one.page.keyboard.type(reasons)
    follow(one, button, then)
