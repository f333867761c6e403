"""A small shelf of invented law, for tests that break it."""

from pathlib import Path

LAW = """\
law: xx-act
title: Breach Act of Examplia
jurisdiction: US-TX
time_zone: America/Chicago
checked_on: 2026-11-21
href: https://example.org/act
who: Anyone.
trigger: Acquisition.
when: {role: controller, medium: electronic}
duties:
  xx-people:
    title: Tell the people
    tell: individuals
    clock: determined
    limits:
      - {from: 2018-01-01, from_is: start_of_book, within: 60 days, counting: calendar_days_exclude_start, cite: Act s.2, href: "https://example.org/act/2", status: known}
  xx-ag:
    title: Report to the attorney general
    tell: attorney_general
    to: xx/ag
    when: {people: {in: US-TX, at_least: 250}}
    clock: determined
    limits:
      - {from: 2018-01-01, from_is: start_of_book, until: 2023-08-31, within: 60 days, counting: calendar_days_exclude_start, cite: Act s.3, href: "https://example.org/act/3", status: known}
      - {from: 2023-09-01, within: 30 days, counting: calendar_days_exclude_start, with: xx-people, cite: Act s.3, href: "https://example.org/act/3", status: verified}
  xx-proof:
    title: Prove that the people were told
    tell: attorney_general
    to: xx/ag
    phase: update
    clock: {deadline_of: xx-people}
    limits:
      - {from: 2018-01-01, within: 3 days, counting: calendar_days_exclude_start, cite: Act s.4, href: "https://example.org/act/4", status: known}
  xx-bill:
    title: Report within a day
    tell: attorney_general
    to: xx/ag
    clock: aware
    limits:
      - {enabled: false, says: "a bill, not passed", within: 24 hours, counting: elapsed_hours, cite: Bill cl.1, href: "https://example.org/bill", status: known}
"""
AUTHORITIES = """\
ag:
  name: Attorney General of Examplia
  country: US-TX
  time_zone: America/Chicago
  href: https://example.org/ag
  status: known
"""


def shelf(folder: Path, law: str = LAW, authorities: str = AUTHORITIES) -> Path:
    """Write the shelf and give its folder back."""
    for name, text in (("laws/xx/act.yaml", law), ("authorities/xx.yaml", authorities)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
