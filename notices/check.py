"""Try a notice on invented people before anyone trusts it with real ones."""

from datetime import date

from notices.compose import compose_from, missing_contents
from notices.errors import BadTemplate
from notices.letter import letter_from
from notices.lint import lint
from notices.shelf import Shelf, shelf

# What UK GDPR and GDPR Article 34 and DPA 2018 section 68 want said to people, and what this house always adds.
TO_PEOPLE = ("nature", "contact_point", "consequences", "measures", "advice", "rights", "genuine", "reference")
_SAMPLE_ADDRESS = ("Ms S Sample", "2 Example Road", "Sampletown", "ZZ99 9ZZ")


def check_template(name: str, *, language: str = "en", books: Shelf | None = None) -> list[str]:
    """What is wrong with a notice's words, found on its samples in every shape; an empty list when nothing is.

    `BadTemplate` says file and line when it cannot be rendered at all.
    """
    books = books or shelf()
    books.content_file(name, language)
    samples = books.samples(name)
    if not samples:
        raise BadTemplate(name, f"notices/{name}/samples.json", 0, "holds no sample to try the notice on")
    return [f"{sample}: {says}" for sample, data in samples.items() for says in _try(books, name, language, data)]


def _try(books: Shelf, name: str, language: str, data: dict[str, object]) -> list[str]:
    notice = compose_from(books, name, data, language=language)
    if "letter" in notice.shapes:
        letter_from(books, notice, _SAMPLE_ADDRESS, date(2026, 1, 2))
    unsaid = [f"does not say: {key}" for key in missing_contents(notice, TO_PEOPLE)]
    return unsaid + lint(notice)
