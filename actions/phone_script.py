"""Gives the script by which a report is read out to an authority, with the numbers that the rulebook has."""

from db.models import Obligation, Report
from notices.call import call_script
from notices.filled import read_back
from rulebook.library import book
from settings.model import Settings


def phone_script(settings: Settings, report: Report, obligation: Obligation) -> str:
    """Plain text; it holds nothing about affected people."""
    known = book().authorities.get(obligation.authority)
    numbers = [way.says for way in known.ways if way.kind == "phone"] if known else []
    return call_script(read_back(report.content), {"organisation": settings.organisation, "numbers": numbers})
