"""The ENISA severity score (working document 1.0, 2013): SE = DPC x EI + CB, with its working shown. A person decides."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field

from rulebook.shape import Shape

Category = Literal["simple", "behavioural", "financial", "sensitive"]
Ease = Literal["negligible", "limited", "significant", "maximum"]
Confidentiality = Literal["untouched", "exposed", "known_recipients", "unknown_recipients"]
Integrity = Literal["untouched", "altered", "altered_recoverable", "altered_unrecoverable"]
Availability = Literal["untouched", "recoverable", "temporary", "permanent"]
Band = Literal["low", "medium", "high", "very_high"]
Points = Annotated[int, Field(strict=True, ge=1, le=4)]

BASE: Final = MappingProxyType({"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4})
WHY: Final = MappingProxyType(
    {
        ("simple", 2): "amount or source allow a profile, or guesses about standing or money",
        ("simple", 3): "they allow guesses about health, sexual preference, politics or belief",
        ("simple", 4): "they are critical for the safety or health of these people (children, vulnerable, under cover)",
        ("behavioural", 1): "they give no real insight, or anyone could have collected them",
        ("behavioural", 3): "they allow a profile of everyday life",
        ("behavioural", 4): "they allow a profile that rests on sensitive data",
        ("financial", 1): "they give no real insight into money",
        ("financial", 2): "they give some, not significant, insight into money",
        ("financial", 4): "they are full enough for fraud or a detailed profile",
        ("sensitive", 1): "they give no real insight, or are public",
        ("sensitive", 2): "they allow general guesses only",
        ("sensitive", 3): "they allow guesses about sensitive matters",
    }
)
EASE: Final = MappingProxyType({"negligible": 0.25, "limited": 0.5, "significant": 0.75, "maximum": 1.0})
CIRCUMSTANCES: Final = MappingProxyType(
    {
        "untouched": (0.0, "not affected"),
        "exposed": (0.0, "exposed, no sign that anyone used it"),
        "known_recipients": (0.25, "disclosed to a known number of recipients"),
        "unknown_recipients": (0.5, "disclosed to an unknown number of recipients"),
        "altered": (0.0, "altered, no wrong use found"),
        "altered_recoverable": (0.25, "altered and perhaps used; can be put right"),
        "altered_unrecoverable": (0.5, "altered and perhaps used; cannot be put right"),
        "recoverable": (0.0, "recoverable without difficulty"),
        "temporary": (0.25, "out of reach for a time"),
        "permanent": (0.5, "gone for good"),
    }
)
MEANING: Final = MappingProxyType(
    {
        "low": "a few inconveniences, overcome without any problem",
        "medium": "significant inconveniences, overcome with some difficulty",
        "high": "significant consequences, overcome with serious difficulty",
        "very_high": "significant or irreversible consequences, perhaps never overcome",
    }
)
SCALE = 100  # ENISA flags a breach of more than a hundred people


class Breach(Shape):
    """The circumstances of the breach (CB)."""

    confidentiality: Confidentiality = "untouched"
    integrity: Integrity = "untouched"
    availability: Availability = "untouched"
    malicious: bool = False


class Inputs(Shape):
    """What the score is made of: each category of data with its adjusted score, the ease of identification, the circumstances."""

    dpc: dict[Category, Points | None] = Field(min_length=1)  # null: the base score of the category, unadjusted
    ei: Ease
    cb: Breach = Breach()


@dataclass(frozen=True, slots=True)
class Severity:
    """The score, its band, and how it came about line by line."""

    dpc: int
    ei: float
    cb: float
    se: float
    band: Band
    flags: tuple[str, ...]
    working: tuple[str, ...]


def score(inputs: Inputs, people: int | None = None, unintelligible: bool | None = None) -> Severity:
    """Score a breach. The two flags are shown beside the score and change nothing in it, as ENISA has it."""
    dpc, dpc_lines = _data(inputs)
    ei = EASE[inputs.ei]
    cb, cb_lines = _circumstances(inputs.cb)
    se = dpc * ei + cb
    found = band(se)
    return Severity(
        dpc=dpc,
        ei=ei,
        cb=cb,
        se=se,
        band=found,
        flags=_flags(people, unintelligible),
        working=(
            *dpc_lines,
            f"ease of identification: {inputs.ei}, {ei:g}",
            *cb_lines,
            f"SE = DPC {dpc} x EI {ei:g} + CB {cb:g} = {se:g}: {found.replace('_', ' ')}, {MEANING[found]}",
        ),
    )


def band(se: float) -> Band:
    """Low below 2, medium below 3, high below 4, very high from 4."""
    if se < 2:
        return "low"
    if se < 3:
        return "medium"
    return "high" if se < 4 else "very_high"


def _data(inputs: Inputs) -> tuple[int, tuple[str, ...]]:
    lines = []
    for category, adjusted in inputs.dpc.items():
        base = BASE[category]
        if adjusted is None or adjusted == base:
            lines.append(f"{category} data: base score {base}")
        else:
            lines.append(f"{category} data: base score {base}, set to {adjusted}: {WHY[category, adjusted]}")
    highest = max(BASE[category] if adjusted is None else adjusted for category, adjusted in inputs.dpc.items())
    return highest, (*lines, f"DPC {highest}: the highest of these")


def _circumstances(breach: Breach) -> tuple[float, tuple[str, ...]]:
    parts = [(name, *CIRCUMSTANCES[getattr(breach, name)]) for name in ("confidentiality", "integrity", "availability")]
    parts.append(
        ("intent", 0.5, "meant to harm or profit") if breach.malicious else ("intent", 0.0, "error or accident")
    )
    return sum(points for _, points, _ in parts), tuple(f"{name}: {says}, +{points:g}" for name, points, says in parts)


def _flags(people: int | None, unintelligible: bool | None) -> tuple[str, ...]:
    over = ("number_over_100",) if people is not None and people > SCALE else ()
    return (*over, *(("unintelligible",) if unintelligible else ()))
