"""What can go wrong with words: a bad template, data that cannot be used, a page that cannot be printed.

WordsError
├── BadTemplate    the template is wrong; says in which file, on which line, and how
├── BadData        the data given is wrong; names the fields, never what is in them
└── Unprintable    the page cannot be set; names the notice or report, never the person
"""


class WordsError(Exception):
    """The root of this room's errors."""


class BadTemplate(WordsError):
    """A template that cannot be used, with the place to mend."""

    def __init__(self, template: str, file: str, line: int, says: str) -> None:
        super().__init__(f"{file}, line {line}: {says}" if line else f"{file}: {says}")
        self.template = template
        self.file = file
        self.line = line
        self.says = says


class BadData(WordsError):
    """Data that a template cannot be filled with: each field with what is wrong, never its value."""

    def __init__(self, what: str, problems: tuple[tuple[str, str], ...]) -> None:
        said = "; ".join(f"{field}: {says}" for field, says in problems)
        super().__init__(f"{what} cannot be used: {said}")
        self.problems = problems


class Unprintable(WordsError):
    """A page that cannot be set in type, because its letters are in none of our fonts or the page does not fit."""

    def __init__(self, what: str, says: str) -> None:
        super().__init__(f"{what} cannot be printed: {says}")
        self.what = what
        self.says = says
