"""Finds where an authority takes reports by e-mail or by machine: in the rulebook, in the settings, or typed with reasons."""

import re
from dataclasses import dataclass

from actions.errors import Conflict
from channels.headers import is_address
from rulebook.library import book
from settings.model import Settings

_IN_WORDS = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")


@dataclass(frozen=True)
class Address:
    """Where to, and who says so; a typed one says why it is right."""

    where: str
    source: str
    reasons: str = ""


def address_of(settings: Settings, authority: str, way: str, typed: str = "", reasons: str = "") -> Address:
    """Raises Conflict where nobody knows an address, and for a typed one that is none, or has no reasons."""
    if way == "machine":
        return _machine(settings, authority, typed)
    if typed.strip():
        return _typed(typed.strip(), reasons.strip())
    known = mail_of(authority)
    if not known:
        raise Conflict(
            f"The rulebook knows no e-mail address of {authority or 'this recipient'}; "
            "pass one that you checked with --to, and say with --because where it is from."
        )
    return Address(known, "rulebook")


def mail_of(authority: str) -> str:
    """The e-mail address that the rulebook has for this authority; empty where it has none."""
    known = book().authorities.get(authority)
    for way in known.ways if known else ():
        found = _IN_WORDS.search(way.says) if way.kind == "email" else None
        if found and is_address(found[0]):
            return found[0]
    return ""


def takes_by_machine(settings: Settings, authority: str) -> bool:
    """Whether the settings say where this authority's machine is."""
    return authority in settings.authority_machines


def _machine(settings: Settings, authority: str, typed: str) -> Address:
    if typed.strip():
        raise Conflict("An authority's machine is named in the settings (authority_machines), never typed.")
    if authority not in settings.authority_machines:
        raise Conflict(
            f"The settings name no machine of {authority or 'this recipient'} (authority_machines); send it another way."
        )
    return Address(settings.authority_machines[authority], "settings")


def _typed(typed: str, reasons: str) -> Address:
    if not is_address(typed):
        raise Conflict("This is not one plain e-mail address (--to).")
    if not reasons:
        raise Conflict("A typed address needs reasons (--because): who says that the authority takes reports there?")
    return Address(typed, "typed", reasons)
