"""A notification to an authority whose own form is not known here."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from notices.report import build, pdf, sheet
from rulebook.library import book
from tests.notices.incident import THIRD_DAY
from tests.notices.samples import pdf_text

AS_OF = datetime(2016, 12, 2, 9, tzinfo=UTC)


def test_a_notification_to_another_authority_names_it_and_holds_what_article_33_demands(
    approved: Callable[[str, str], None],
) -> None:
    other = {
        "obligation.authority_name": "Commission Nationale de l'Informatique et des Libertés",
        "obligation.ways_in": "portal",
        "nature": ["loss"],
    }
    report = build("article-33", "initial", THIRD_DAY | other)
    demanded = set(dict(book().laws["eu-gdpr"].duties["eu-gdpr-33-1"].contents))
    assert demanded <= {field.required_by for field in report.fields if field.asked and not field.missing} | set(
        report.missing_by_law
    )
    assert "Information Commissioner" not in sheet(report)
    approved("reports/article-33/third-day.json", json.dumps(report.content, indent=1, ensure_ascii=False) + "\n")
    approved("reports/article-33/third-day.sheet.txt", sheet(report))
    approved("reports/article-33/third-day.pdf.txt", pdf_text(pdf(report, as_of=AS_OF)))
