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


def typed(from_stdin: bool, what: str = "Password") -> str:
    """The password of the one who types, twice. Raises Conflict where nobody can be asked, or the two did not agree."""
    first = asked(from_stdin, what)
    if not from_stdin and first != asked(from_stdin, "Again"):
        raise Conflict("The two are not the same; nothing was changed.")
    return first


def asked(from_stdin: bool, what: str) -> str:
    """What is typed without echo, or a line of the standard input. Raises Conflict where nobody can be asked."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Conflict("There is no terminal to ask for the password: use --password-stdin or --generate.")
    return str(typer.prompt(what, hide_input=True, default="", show_default=False, err=True))
