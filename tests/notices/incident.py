"""One incident as facts by dotted name, modelled on a parcel of discs that was lost between two offices."""

from datetime import UTC, datetime

PERSON = {"name": "Sam Sample", "email": "privacy@example.org", "phone": "020 7946 0123"}

FIRST_HOUR: dict[str, object] = {
    "incident.reference": "FW-2016-0001",
    "incident.exercise": True,
    "incident.law_as_of": "2026-11-21",
    "obligation.citation": "DPA 2018 s.67(1)-(4)",
    "obligation.due_at": datetime(2016, 12, 4, 11, tzinfo=UTC),
    "obligation.time_zone": "Europe/London",
    "filing.late": False,
    "organisation.name": "Example Organisation",
    "organisation.registration_number": "ZA000000",
    "organisation.sector": "Justice",
    "organisation.address": "1 Example Street\nSampletown\nZZ99 9ZZ",
    "organisation.staff_250_or_more": True,
    "organisation.reporter": {"name": "Robin Example", "email": "robin@example.org", "phone": "020 7946 0111"},
    "organisation.dpo": PERSON,
    "events": {"detected": "2016-12-01T10:00+00:00", "aware": "2016-12-01T10:00+00:00"},
    "story.what_happened": "A parcel with discs that was sent from one office to another cannot be found.",
}

THIRD_DAY: dict[str, object] = {
    **FIRST_HOUR,
    "events": {
        "occurred_from": "2016-11-18T16:00+00:00",
        "occurred_to": "2016-11-21T06:49+00:00",
        "detected": "2016-12-01T10:00+00:00",
        "aware": "2016-12-01T10:00+00:00",
    },
    "data": ["criminal_offence", "sexual_life", "video", "voice", "name"],
    "kinds": ["victim", "child", "accused", "officer"],
    "people": {"GB": 15},
    "risk": "high",
    "story.what_happened": "A parcel with 15 discs went by tracked delivery from one office to another.\n\n"
    "It was delivered before the office opened and left in the reception of a shared building. It has not been found.",
    "story.how": "Nobody was there to sign for the parcel. The discs were not encrypted, and the parcel had no seal.",
    "story.discovered_how": "The person who had asked for the discs came back from leave and looked for them.",
    "story.safeguards_before": "Encryption was available in every office. Tracked delivery was the rule.",
    "story.data_in_words": ["recordings of what people told the police", "names of those who were with them"],
    "story.records": 15,
    "story.cyber": False,
    "story.detriment": "None known so far. People could be recognised, and may be distressed.",
    "story.high_risk_because": "The recordings are intimate, and those who are heard in them were children.",
    "story.staff_involved": True,
    "story.staff_trained": True,
    "story.training": "Every year, an hour, with a test at the end.",
    "story.measures": ["Both offices were searched.", "The carrier was asked to trace the parcel."],
    "story.prevention": "From 5 December 2016 no disc leaves an office unless it is encrypted.",
    "story.others_told": ["The police force that supplied the recordings."],
}

FOLLOW_UP: dict[str, object] = {
    **THIRD_DAY,
    "filing.authority_reference": "IC-000000-X0X0",
    "people_told": "told",
    "story.processors": ["The carrier."],
}
