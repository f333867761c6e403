"""Which alarm targets hear a warning: those of its level, and those of the people who are told."""

from collections.abc import Collection, Iterator

from channels.push import name_of
from settings.model import Settings

LABEL = "target:"
"""Before a target's name where otherwise a person's address stands."""


def labels_of(settings: Settings, level: int, people: Collection[str]) -> list[str]:
    """The labels of the targets that hear a warning of this level to these people, each once."""
    told = {person.lower() for person in people}
    found = (url for who, url in _targets(settings) if (int(who) <= level if who.isdecimal() else who.lower() in told))
    return list(dict.fromkeys(f"{LABEL}{name_of(url)}" for url in found))


def url_of(settings: Settings, label: str) -> str | None:
    """The URL behind a label; None when it is in the settings no more."""
    return next((url for url in every_target(settings) if f"{LABEL}{name_of(url)}" == label), None)


def every_target(settings: Settings) -> list[str]:
    """All of them, each once."""
    return list(dict.fromkeys(url for _, url in _targets(settings)))


def _targets(settings: Settings) -> Iterator[tuple[str, str]]:
    for target in settings.alarm_targets:
        who, _, url = target.get_secret_value().partition("=")
        yield who, url
