"""What the severity score suggests: document only, tell the authority, or tell people too. A person decides, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from rulebook.facts import Facts
from rulebook.severity import Band, Inputs, Severity

Act = Literal["document_only", "tell_authority", "tell_people"]

# Our reading. ENISA itself says that its bands support the test of the law and do not take its place.
BY_BAND: Final[Mapping[Band, Act]] = MappingProxyType(
    {"low": "document_only", "medium": "tell_authority", "high": "tell_people", "very_high": "tell_people"}
)
STEPS: Final[tuple[Act, ...]] = ("document_only", "tell_authority", "tell_people")
RISK: Final[Mapping[Act, str]] = MappingProxyType(
    {"document_only": "unlikely", "tell_authority": "risk", "tell_people": "high"}
)
LOST: Final = frozenset({"temporary", "permanent", "altered_recoverable", "altered_unrecoverable"})
AT_RISK: Final = frozenset({"child", "victim", "witness", "vulnerable"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One of three acts, the risk word that goes with it, and each reason for it in turn."""

    act: Act
    risk: str
    reasons: tuple[str, ...]


def suggest(facts: Facts, severity: Severity) -> Suggestion:
    """Start from the band; protection, recovery and a trusted recipient lower it; the reasons say how."""
    act = BY_BAND[severity.band]
    reasons = [f"severity {severity.se:g} is {severity.band.replace('_', ' ')}"]
    for lower in (_unreadable, _restored, _contained):
        act, why = lower(facts, act)
        reasons += [why] if why else []
    return Suggestion(act, RISK[act], (*reasons, *_cautions(facts, severity)))


def _unreadable(facts: Facts, act: Act) -> tuple[Act, str]:
    """Nobody can read it and nothing is lost: document. Without a copy the loss itself remains."""
    kept = facts.protection
    if not (kept.encrypted and kept.key_compromised is False):
        return act, ""
    if kept.backup:
        return (
            "document_only",
            "the data was encrypted, the key is safe and a backup exists; if the key is lost later, think again",
        )
    if kept.backup is None:
        return (
            act,
            "the data was encrypted and the key is safe; say whether a backup exists, since lost data harms people too",
        )
    return act, "the data was encrypted and the key is safe, but there is no backup: the loss itself may harm people"


def _restored(facts: Facts, act: Act) -> tuple[Act, str]:
    """Nothing was seen or changed for good, and a backup brought all of it back in time: document."""
    breach = facts.severity.cb if facts.severity else None
    if breach is None or breach.confidentiality != "untouched" or breach.availability != "recoverable":
        return act, ""
    if breach.integrity not in ("untouched", "altered_recoverable") or not facts.protection.backup:
        return act, ""
    return "document_only", "nobody saw the data, and all of it came back from a backup without difficulty"


def _contained(facts: Facts, act: Act) -> tuple[Act, str]:
    """Back in hand, or with someone who can be trusted to have kept it to themselves: one step less."""
    if _malicious(facts.severity):
        return act, ""
    if facts.findings.get("recipient_trusted"):
        return _one_less(act), "whoever received it is trusted and confirmed that it went no further"
    spread = facts.severity is not None and facts.severity.cb.confidentiality.endswith("_recipients")
    if facts.protection.recovered and not spread:
        return _one_less(act), "it was recovered, and nobody is known to have seen it"
    return act, ""


def _one_less(act: Act) -> Act:
    return STEPS[max(STEPS.index(act) - 1, 0)]


def _malicious(inputs: Inputs | None) -> bool:
    return inputs is not None and inputs.cb.malicious


def _cautions(facts: Facts, severity: Severity) -> list[str]:
    cautions = []
    if "number_over_100" in severity.flags:
        cautions.append("more than a hundred people are affected, which may matter to the authority")
    breach = facts.severity.cb if facts.severity else None
    if breach and (breach.availability in LOST or breach.integrity in LOST):
        cautions.append("data that is gone, out of reach or wrong can harm people as much as data that leaked")
    if found := AT_RISK & set(facts.kinds or ()):
        cautions.append(f"among them are people who need special care: {', '.join(sorted(found))}")
    return cautions
