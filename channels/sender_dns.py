"""Looks up what receiving servers will look up of our sender: SPF, DKIM and DMARC. What cannot be asked is said to be unasked, never bad."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import dns.exception
import dns.resolver

if TYPE_CHECKING:
    from collections.abc import Sequence

State = Literal["well", "note", "wrong", "unasked"]
SECONDS = 2.0
"""For one question."""
IN_ALL = 8.0
_POLICY = re.compile(r"\bp\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
_KEY = re.compile(r"(?:^|;)\s*p\s*=\s*([A-Za-z0-9+/=\s]*)")
_SERVER = re.compile(r"([0-9A-Fa-f.:]+?)(?:#(\d{1,5}))?")


@dataclass(frozen=True)
class Sender:
    """What is to be looked up."""

    domain: str
    includes: str = ""
    """The domain that the provider wants to see included in the SPF record."""
    selectors: tuple[str, ...] = ()
    bounce_domain: str = ""
    nameserver: str = field(default="")
    """Instead of the machine's own: an address, with #PORT if it is not 53."""


@dataclass(frozen=True)
class Seen:
    """One answer, in words for a person."""

    what: str
    state: State
    says: str
    do: str = ""


class _Unasked(Exception):
    """Nobody answered in time, or the answer was no answer."""


def look_up(sender: Sender) -> list[Seen]:
    """Three answers, in a bounded time."""
    asker = _Asker(sender.nameserver)
    checks = (("SPF", _spf), ("DKIM", _dkim), ("DMARC", _dmarc))
    found = []
    for what, check in checks:
        try:
            found.append(check(asker, sender))
        except _Unasked:
            found.append(Seen(what, "unasked", f"could not be looked up for {sender.domain}; no verdict"))
    return found


class _Asker:
    def __init__(self, nameserver: str) -> None:
        given = _SERVER.fullmatch(nameserver)
        self._resolver: dns.resolver.Resolver | None = None
        try:
            self._resolver = dns.resolver.Resolver(configure=given is None)
            if given is not None:
                self._resolver.nameservers, self._resolver.port = [given[1]], int(given[2] or 53)
        except (dns.exception.DNSException, ValueError, OSError):
            self._resolver = None  # no name server is known: nothing can be asked
        self._until = time.monotonic() + IN_ALL

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, aliases followed; none if there are none."""
        left = min(SECONDS, self._until - time.monotonic())
        if self._resolver is None or left <= 0:
            raise _Unasked
        try:
            answer = self._resolver.resolve(f"{name}.", "TXT", lifetime=left, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError):
            raise _Unasked from None
        return [b"".join(record.strings).decode("ascii", "replace")[:4000] for record in answer]


def _spf(asker: _Asker, sender: Sender) -> Seen:
    records = [text for text in asker.texts(sender.domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Seen("SPF", "wrong", f"{sender.domain} has no SPF record", "publish one that names who may send")
    if len(records) > 1:
        return Seen(
            "SPF", "wrong", f"{sender.domain} has {len(records)} SPF records; receivers then take none", "keep one"
        )
    words = records[0].lower().split()
    if {"+all", "all"} & set(words):
        return Seen("SPF", "wrong", "the SPF record lets anybody send", "end it with -all or ~all")
    if sender.includes and f"include:{sender.includes}" not in words:
        return Seen(
            "SPF",
            "note",
            f"the SPF record does not include {sender.includes}",
            "right where bounces go to a domain of the provider's, else include it",
        )
    apart = sender.bounce_domain and not _related(sender.bounce_domain, sender.domain)
    if apart:
        return Seen("SPF", "note", "bounces go to another domain, so SPF does not speak for the sender", "rely on DKIM")
    return Seen("SPF", "well", f"{sender.domain} says who may send")


def _dkim(asker: _Asker, sender: Sender) -> Seen:
    if not sender.selectors:
        return Seen("DKIM", "note", "no selector is named, so no key was looked up", "set FORTHWITH_DKIM_SELECTORS")
    keys = {name: _keys(asker.texts(f"{name}._domainkey.{sender.domain}")) for name in sender.selectors}
    good = [name for name, found in keys.items() if any(found)]
    if good:
        return Seen(
            "DKIM", "well", f"a key is published under {', '.join(good)} of {sender.domain} itself, so it is aligned"
        )
    says = "is revoked" if any(keys.values()) else "is not there"
    return Seen(
        "DKIM", "wrong", f"the key under {', '.join(keys)} of {sender.domain} {says}", "publish what the provider shows"
    )


def _keys(texts: Sequence[str]) -> list[str]:
    return ["".join(found[1].split()) for text in texts if (found := _KEY.search(text))]


def _dmarc(asker: _Asker, sender: Sender) -> Seen:
    """The domain's own policy, else the nearest one above it."""
    labels = sender.domain.split(".")
    for above in range(max(1, len(labels) - 1)):
        place = ".".join(labels[above:])
        policies = [
            text for text in asker.texts(f"_dmarc.{place}") if text.lower().replace(" ", "").startswith("v=dmarc1")
        ]
        if policies:
            return _policy(place, policies)
    return Seen(
        "DMARC", "wrong", f"{sender.domain} has no DMARC policy; large mailboxes refuse mail to many", "publish one"
    )


def _policy(place: str, policies: Sequence[str]) -> Seen:
    found = _POLICY.search(policies[0])
    if len(policies) > 1 or found is None:
        return Seen("DMARC", "wrong", f"the DMARC policy of {place} cannot be read", "keep one record with p=")
    if found[1].lower() == "none":
        return Seen(
            "DMARC",
            "note",
            f"{place} only watches (p=none): others may send in its name",
            "raise it once all is aligned",
        )
    return Seen("DMARC", "well", f"{place} has what is not aligned put aside (p={found[1].lower()})")


def _related(one: str, other: str) -> bool:
    """Whether one is the other or lies within it: relaxed alignment, without the list of public suffixes."""
    first, second = f".{one.lower()}", f".{other.lower()}"
    return first.endswith(second) or second.endswith(first)
