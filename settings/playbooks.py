"""The containment playbooks: which measures an incident of a kind calls for."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SHIPPED = Path(__file__).with_name("playbooks.yaml")


class Condition(BaseModel):
    """When a measure is called for: for each list, any of its words must be known; all conditions must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nature: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    encrypted: bool | None = None


class Measure(BaseModel):
    """One containment measure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z-]*$")
    when: Condition
    title: str
    why: str = ""
    hours: float = Field(gt=0)


def playbook(home: Path) -> tuple[Measure, ...]:
    """The measures of the home folder's playbooks.yaml, or those shipped. Raises ValueError that names the file and the place."""
    own = home / "playbooks.yaml"
    path = own if own.exists() else SHIPPED
    try:
        return tuple(TypeAdapter(list[Measure]).validate_python(yaml.safe_load(path.read_text("utf-8"))))
    except (yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"{path} cannot be used: {_first(error)}") from None


def called_for(measure: Measure, known: dict[str, Any]) -> bool:
    """Whether the facts call for this measure."""
    when = measure.when
    lists = (
        (when.nature, known.get("nature")),
        (when.medium, known.get("medium")),
        (when.data, known.get("data")),
        (when.kinds, known.get("kinds")),
        (when.role, known.get("organisation.roles")),
    )
    if any(wanted and not set(wanted) & set(_list(have)) for wanted, have in lists):
        return False
    return when.encrypted is None or known.get("protection.encrypted") == when.encrypted


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _first(error: yaml.YAMLError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return " ".join(str(error).split())
