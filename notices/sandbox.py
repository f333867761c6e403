"""Where templates run: a sandbox that hands them their data, a few filters, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, NoReturn

from jinja2 import BaseLoader, FunctionLoader, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateNotFound
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from notices.content import Block
from notices.errors import BadTemplate
from notices.wording import clean, day_in_words, listed, moment_in_words, moment_twice, numbered, span_in_words

Source = Callable[[str], tuple[str, str, None] | None]

_FILTERS: dict[str, Callable[..., object]] = {
    "day": day_in_words,
    "joined": ", ".join,
    "length": len,
    "listed": listed,
    "moment": moment_in_words,
    "moment_twice": moment_twice,
    "numbered": numbered,
    "span": span_in_words,
    "upper": str.upper,
}


class Sandbox(ImmutableSandboxedEnvironment):
    """No globals, no arithmetic, no calls but a template's own macros, no attributes but those of our data.

    What is left can still run long (loops within loops, a macro that calls itself): a template that nobody has approved
    is rendered in a process of its own with limits, see `preview`.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def __init__(self, loader: BaseLoader, *, autoescape: bool | Callable[[str | None], bool], **options: Any) -> None:
        super().__init__(
            loader=loader,
            autoescape=autoescape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            auto_reload=False,
            **options,
        )
        self.globals.clear()
        self.filters = dict(_FILTERS)
        self.tests = {"none": lambda value: value is None}

    def getattr(self, obj: object, attribute: str) -> Any:
        """The named fields of our own data and blocks at once; for anything else the sandbox's own rules, and ours."""
        if attribute in _fields(type(obj)):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Beside our own fields, only the state of a loop."""
        return isinstance(obj, LoopContext) and not attr.startswith("_") and not callable(value)

    def getitem(self, obj: object, argument: object) -> NoReturn:
        """No lookups by value: what is not there would be named in the error, and could be someone's data."""
        raise SecurityError("values are reached by name, with a dot")

    def call(self, context: Context, called: object, *args: Any, **kwargs: Any) -> Any:
        """Only a template's own macros."""
        if not isinstance(called, Macro):
            raise SecurityError("only a macro of the template can be called")
        return context.call(called, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> NoReturn:
        """Words are not computed: a template that wants arithmetic wants a fact instead."""
        raise SecurityError(f"the operator {operator} is not for templates")


_known_fields: dict[type, frozenset[str]] = {}


def _fields(kind: type) -> frozenset[str]:
    """The names that a template may ask an object of this type for; worked out once for each type."""
    if kind not in _known_fields:
        names = kind.model_fields if issubclass(kind, BaseModel) else ()
        _known_fields[kind] = frozenset({"kind", *kind.__dataclass_fields__} if issubclass(kind, Block) else names)
    return _known_fields[kind]


def words(source: Source) -> Sandbox:
    """The sandbox in which a notice's own template runs: every value that it prints is text on one line."""
    return Sandbox(FunctionLoader(source), autoescape=False, finalize=printed)


def pages(source: Source) -> Sandbox:
    """The sandbox in which blocks become a shape: HTML is escaped."""
    return Sandbox(FunctionLoader(source), autoescape=lambda name: name is not None and name.endswith(".html"))


def printed(value: object) -> str:
    """What `{{ value }}` puts on the page. Nothing, a yes or no, a list or a bare time is never a word."""
    if isinstance(value, StrictUndefined):
        return str(value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, date | datetime):
        raise SecurityError("a date or time is printed through a filter: day, moment or moment_twice")
    if isinstance(value, Sequence):
        raise SecurityError("a list is printed one by one, or through the filter listed")
    raise SecurityError(
        "prints nothing, or something that is neither words nor a number; ask first whether it is there"
    )


def explained(template: str, wrong: Exception) -> BadTemplate:
    """The error as a place in a template and a sentence. Values never get into it, whatever the template did."""
    if isinstance(wrong, TemplateSyntaxError):
        return BadTemplate(template, wrong.filename or template, wrong.lineno, _sentence(wrong))
    file, line = _place(wrong.__traceback__)
    return BadTemplate(template, file or template, line, _sentence(wrong))


def _sentence(wrong: Exception) -> str:
    if isinstance(wrong, TemplateNotFound):
        return "includes a file that is not there"
    if isinstance(wrong, TemplateSyntaxError | UndefinedError | SecurityError):
        return str(wrong.message or "is not allowed in a template").rstrip(".")
    return f"failed with {type(wrong).__name__}"


def _place(trace: TracebackType | None) -> tuple[str, int]:
    """The last line of a template that the error came through."""
    file, line = "", 0
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return file, line
