"""Finds the option that somebody means: by the whole wording of the form, or by its beginning."""

from collections.abc import Sequence

LEAST = 3


def chosen(said: str, options: Sequence[str]) -> str | None:
    """The one option that these words are, or that begins with them; None when none does, or more than one."""
    words = " ".join(said.casefold().split())
    exact = [option for option in options if option.casefold() == words]
    begun = [option for option in options if len(words) >= LEAST and option.casefold().startswith(words)]
    found = exact or begun
    return found[0] if len(found) == 1 else None
