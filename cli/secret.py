"""How a password comes in: typed twice without echo, as a line of the standard input, or made here."""

import secrets
import sys
from typing import Annotated

import typer

from actions.errors import Conflict

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are read as one another."""

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the standard input.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password, and print it once.")]


def generated() -> str:
    """A password of four groups of five, with about 99 bits of chance."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def typed(from_stdin: bool) -> str:
    """The password of the one who types. Raises Conflict where nobody can be asked, or the two did not agree."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Conflict("There is no terminal to ask for the password: use --password-stdin or --generate.")
    first, second = (
        typer.prompt(ask, hide_input=True, default="", show_default=False, err=True) for ask in ("Password", "Again")
    )
    if first != second:
        raise Conflict("The two are not the same; nothing was changed.")
    return str(first)
