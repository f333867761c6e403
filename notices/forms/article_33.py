"""What Article 33(3) of the GDPR demands of each notification, for an authority whose own form this house does not know yet."""

from notices.forms import ico_answers as answers
from notices.forms.form import Answer, Form, Question, Section
from notices.forms.known import Known
from rulebook.codes import words


def _meanings(known: Known, name: str) -> Answer:
    """Codes of the rulebook in its words."""
    meaning = words()[name]
    return Answer("; ".join(meaning[code] for code in known.texts(name)) or None)


def _is_late(known: Known) -> bool:
    return known.yes_no("filing.late") is True


def _is_follow_up(known: Known) -> bool:
    return known.text("filing.stage") == "follow_up"


def _by_place(known: Known) -> Answer:
    counts = {place: count for place, count in known.counts("people").items() if count is not None}
    return Answer(", ".join(f"{place}: {count}" for place, count in sorted(counts.items())) or None)


_ABOUT = Section(
    title="About this notification",
    questions=(
        Question(
            key="report_kind",
            label="first or further notification",
            kind="choice",
            options=answers.STAGES,
            derived=answers.stage,
            needs=("filing.stage",),
        ),
        Question(
            key="case_reference",
            label="the authority's reference",
            help="The reference that the authority gave to the first notification.",
            from_fact="filing.authority_reference",
            asked_if=_is_follow_up,
        ),
        Question(
            key="reasons_for_delay",
            label="reasons for the delay (Article 33(1))",
            from_fact="filing.reasons_for_delay",
            required_by="reasons_for_delay",
            asked_if=_is_late,
        ),
    ),
)

_CONTROLLER = Section(
    title="The controller and the contact point (Article 33(3)(b))",
    questions=(
        Question(key="organisation", label="name of the controller", from_fact="organisation.name"),
        Question(key="address", label="address", derived=answers.address, needs=("organisation.address",)),
        Question(
            key="dpo_name",
            label="data protection officer or contact point: name",
            from_fact="organisation.dpo.name",
            required_by="contact_point",
        ),
        Question(
            key="dpo_email",
            label="data protection officer or contact point: e-mail",
            from_fact="organisation.dpo.email",
            required_by="contact_point",
        ),
        Question(
            key="dpo_phone",
            label="data protection officer or contact point: phone",
            from_fact="organisation.dpo.phone",
            required_by="contact_point",
        ),
    ),
)

_BREACH = Section(
    title="Nature of the breach (Article 33(3)(a))",
    questions=(
        Question(key="what_happened", label="what happened", from_fact="story.what_happened", required_by="nature"),
        Question(key="how_it_occurred", label="how it came about", from_fact="story.how", required_by="nature"),
        Question(
            key="breach_nature",
            label="kind of breach",
            derived=lambda known: _meanings(known, "nature"),
            needs=("nature",),
            required_by="nature",
        ),
        Question(
            key="occurred",
            label="when it happened",
            kind="moment",
            derived=answers.occurred,
            needs=("events.occurred_from",),
        ),
        Question(key="discovered", label="when it was found", kind="moment", from_fact="events.detected"),
        Question(key="aware", label="when the controller became aware", kind="moment", from_fact="events.aware"),
        Question(
            key="people_categories",
            label="categories of people",
            derived=lambda known: _meanings(known, "kinds"),
            needs=("kinds",),
            required_by="people_affected",
        ),
        Question(
            key="people",
            label="approximate number of people",
            kind="number",
            derived=answers.number_of_people,
            needs=("people",),
            required_by="people_affected",
        ),
        Question(
            key="people_by_place",
            label="approximate number by country",
            derived=_by_place,
            needs=("people",),
            required=False,
        ),
        Question(
            key="data_categories",
            label="categories of records",
            derived=lambda known: _meanings(known, "data"),
            needs=("data",),
            required_by="records_affected",
        ),
        Question(
            key="records",
            label="approximate number of records",
            kind="number",
            from_fact="story.records",
            required_by="records_affected",
        ),
    ),
)

_CONSEQUENCES = Section(
    title="Likely consequences (Article 33(3)(c))",
    questions=(
        Question(
            key="consequences",
            label="likely consequences of the breach",
            from_fact="story.consequences",
            required_by="consequences",
        ),
        Question(
            key="high_risk",
            label="is a high risk to people likely?",
            kind="choice",
            options=("yes", "no", "not yet known"),
            derived=answers.high_risk,
            needs=("risk",),
            required_by="consequences",
        ),
        Question(key="high_risk_details", label="why", from_fact="story.high_risk_because", required=False),
    ),
)

_MEASURES = Section(
    title="Measures (Article 33(3)(d))",
    questions=(
        Question(
            key="actions_taken",
            label="measures taken or proposed, also to lessen harm",
            from_fact="story.measures",
            required_by="measures",
        ),
        Question(
            key="prevention",
            label="steps against another one, with dates",
            from_fact="story.prevention",
            required=False,
        ),
        Question(
            key="people_told",
            label="were the people told?",
            kind="choice",
            options=answers.TOLD,
            derived=answers.told,
            needs=("people_told",),
        ),
        Question(
            key="others_told",
            label="other authorities and organisations told",
            from_fact="story.others_told",
            required=False,
        ),
    ),
)

ARTICLE_33 = Form(
    key="article-33",
    guide="article-33",
    title="Notification of a personal data breach",
    authority="the supervisory authority",
    zone="UTC",
    status="what Article 33(3) GDPR demands, in our words (VERIFIED); the authority's own form asks it in its own way",
    channel="the authority's own form",
    sections=(_ABOUT, _CONTROLLER, _BREACH, _CONSEQUENCES, _MEASURES),
)
