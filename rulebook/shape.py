"""What every record of the rulebook has in common: nothing unknown is accepted, nothing changes, codes are checked."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from rulebook import codes, places
from rulebook.reading import near


class Shape(BaseModel):
    """A record that refuses an unknown key and names the one that was probably meant."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # a shape is built when first asked for

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        known = _keys(cls)
        for key in given:
            if key not in known:
                # The key travels apart from the sentence, so that the reader can be shown its line.
                says = f"there is no such key here.{near(str(key), known)}"
                raise PydanticCustomError("unknown_key", "{says}", {"key": str(key), "says": says})
        return given

    def changed(self, **fields: object) -> Self:
        """A copy with other values in some fields."""
        copy = self.model_copy(update=fields)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]  # what was worked out from the old values
        return copy


@cache
def _keys(shape: type[Shape]) -> dict[str, None]:
    """What may be written in a record, in its order."""
    return {field.alias or name: None for name, field in shape.model_fields.items()}


_PLAINLY = {
    "bool_parsing": "write true, false or null",
    "bool_type": "write true, false or null",
    "int_type": "write a whole number",
    "greater_than_equal": "this number is too small to be true",
    "less_than_equal": "this number is too large to be true",
    "string_type": "write text here",
    "tuple_type": "write a list here, such as [one, two]",
    "dict_type": "write keys with values here",
    "model_type": "write keys with values here",
}


def first_trouble(trouble: ValidationError) -> tuple[tuple[str, ...], str]:
    """The first thing wrong in a record: where (keys and indexes) and a sentence, without any of the values given."""
    error = trouble.errors(include_url=False, include_input=False)[0]
    where = tuple(str(step) for step in error["loc"] if "[" not in str(step))
    context = error.get("ctx", {})
    if "key" in context and "says" in context:
        return (*where, *str(context["key"]).split(".")), str(context["says"])
    if error["type"] == "missing":
        return where, "this key is required"
    if error["type"] == "value_error":
        return where, str(context["error"])
    return where, _PLAINLY.get(error["type"]) or error["msg"][:1].lower() + error["msg"][1:]


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _code(in_list: str) -> Callable[[str], str]:
    return lambda word: codes.known(word, in_list)


def _area(place: str) -> str:
    return place if place in places.groups() else places.checked(place)


Role = Annotated[str, AfterValidator(_code("roles"))]
Sector = Annotated[str, AfterValidator(_code("sectors"))]
Purpose = Annotated[str, AfterValidator(_code("purposes"))]
Data = Annotated[str, AfterValidator(_code("data"))]
Medium = Annotated[str, AfterValidator(_code("medium"))]
Nature = Annotated[str, AfterValidator(_code("nature"))]
Kind = Annotated[str, AfterValidator(_code("kinds"))]
Risk = Annotated[str, AfterValidator(_code("risk"))]
Finding = Annotated[str, AfterValidator(_code("findings"))]
Event = Annotated[str, AfterValidator(_code("events"))]
Recipient = Annotated[str, AfterValidator(_code("recipients"))]
Phase = Annotated[str, AfterValidator(_code("phases"))]
Content = Annotated[str, AfterValidator(_code("contents"))]
Speed = Annotated[str, AfterValidator(_code("speeds"))]
Mark = Annotated[str, AfterValidator(_code("marks"))]
Place = Annotated[str, AfterValidator(places.checked)]
Area = Annotated[str, AfterValidator(_area)]  # a place or a group of countries

_T = TypeVar("_T")
Many = Annotated[tuple[_T, ...], BeforeValidator(_as_list)]  # one word may stand for a list of one
