"""On what grounds the laws let people be told later, read once from grounds.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict

from rulebook.reading import near, parse


class Ground(BaseModel):
    """One ground: what it says, where it stands, and for how many days a request by word of mouth is good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    cite: str
    href: str
    status: Literal["verified", "partly"]
    oral_days: int | None = None


@cache
def grounds() -> Mapping[str, Ground]:
    """Every ground by its code."""
    text = (Path(__file__).parent / "grounds.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, Any]", parse(text).value)
    return MappingProxyType({code: Ground.model_validate(known) for code, known in book.items()})


def ground(code: str) -> Ground:
    """The ground of this code; otherwise a ValueError that names the nearest one."""
    if code not in grounds():
        raise ValueError(f"{code!r} is not a ground; they are {', '.join(grounds())}.{near(code, grounds())}")
    return grounds()[code]
