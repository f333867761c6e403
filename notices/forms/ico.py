"""The ICO's form for reporting a personal data breach, in its own sections, order and option wording."""

from notices.forms import ico_answers as answers
from notices.forms.form import Form, Question, Section
from notices.forms.ico_action import ABOUT_YOU, TAKING_ACTION
from notices.forms.known import Known

STATUS = (
    "KNOWN wording (Word form 2018-2024) cross-checked with two partial copies; online form is "
    "'Part one of six: About your report' (VERIFIED), tells not to include names of data subjects, "
    "cannot be saved (VERIFIED)"
)


def _is_cyber(known: Known) -> bool:
    return known.yes_no("story.cyber") is True


def _is_follow_up(known: Known) -> bool:
    return known.text("filing.stage") == "follow_up"


_ABOUT_YOUR_REPORT = Section(
    title="About your report",
    questions=(
        Question(
            key="report_kind",
            label="initial report or follow-up report",
            kind="choice",
            options=answers.STAGES,
            derived=answers.stage,
            needs=("filing.stage",),
        ),
        Question(
            key="case_reference",
            label="ICO case reference",
            help="The reference that the ICO gave to the initial report.",
            from_fact="filing.authority_reference",
            asked_if=_is_follow_up,
        ),
        Question(
            key="reason",
            label="reason",
            kind="choice",
            options=answers.REASONS,
            derived=answers.reason,
            needs=("risk",),
        ),
        Question(
            key="organisation_size",
            label="organisation size",
            kind="choice",
            options=answers.SIZES,
            derived=answers.size,
            needs=("organisation.staff_250_or_more",),
        ),
    ),
)

_ABOUT_THE_BREACH = Section(
    title="About the breach",
    questions=(
        Question(key="what_happened", label="what happened", from_fact="story.what_happened", required_by="nature"),
        Question(key="how_it_occurred", label="how it occurred", from_fact="story.how", required_by="nature"),
        Question(key="how_discovered", label="how did the organisation discover it", from_fact="story.discovered_how"),
        Question(
            key="measures_before", label="preventative measures in place before", from_fact="story.safeguards_before"
        ),
        Question(
            key="cyber",
            label="cyber incident?",
            kind="choice",
            options=answers.YES_NO_DONT_KNOW,
            derived=lambda known: answers.yes_no_dont_know(known, "story.cyber"),
            needs=("story.cyber",),
        ),
        Question(
            key="occurred",
            label="when did it happen (date, time)",
            kind="moment",
            derived=answers.occurred,
            needs=("events.occurred_from",),
            required_by="occurred",
        ),
        Question(
            key="discovered",
            label="when was it discovered (date, time)",
            kind="moment",
            from_fact="events.detected",
            required_by="detected",
        ),
        Question(
            key="data_categories",
            label="categories of personal data",
            kind="choices",
            options=answers.CATEGORIES,
            derived=answers.categories,
            needs=("data",),
            required_by="records_affected",
        ),
        Question(
            key="data_details",
            label="details of the data",
            derived=answers.data_details,
            needs=("story.data_in_words",),
            required_by="data_affected",
        ),
        Question(
            key="records",
            label="number of personal data records",
            kind="number",
            from_fact="story.records",
            required_by="records_affected",
        ),
        Question(
            key="people",
            label="number of data subjects that could be affected",
            help="For a cyber incident: the maximum possible.",
            kind="number",
            derived=answers.number_of_people,
            needs=("people",),
            required_by="people_affected",
        ),
        Question(
            key="people_categories",
            label="categories of data subjects",
            kind="choices",
            options=answers.KINDS,
            derived=answers.kinds,
            needs=("kinds",),
            required_by="people_affected",
        ),
        Question(
            key="detriment",
            label="detriment so far or anticipated",
            from_fact="story.detriment",
            required_by="consequences",
        ),
        Question(
            key="high_risk",
            label="likely high risk to data subjects?",
            kind="choice",
            options=("yes", "no", answers.NOT_YET),
            derived=answers.high_risk,
            needs=("risk",),
            required_by="consequences",
        ),
        Question(
            key="high_risk_details", label="details of the risk", from_fact="story.high_risk_because", required=False
        ),
    ),
)

_CYBER = Section(
    title="Cyber incidents only",
    questions=(
        Question(
            key="cyber_systems",
            label="confidentiality/integrity/availability of information systems affected",
            kind="choices",
            options=("confidentiality", "integrity", "availability", answers.NOT_YET),
            from_fact="story.cyber_systems",
            stand_in=answers.NOT_YET,
            asked_if=_is_cyber,
        ),
        Question(
            key="cyber_impact",
            label="impact on organisation",
            kind="choice",
            options=("high", "medium", "low", answers.NOT_YET),
            from_fact="story.cyber_impact",
            stand_in=answers.NOT_YET,
            asked_if=_is_cyber,
        ),
        Question(
            key="cyber_recovery",
            label="recovery time",
            kind="choice",
            options=answers.RECOVERY,
            from_fact="story.cyber_recovery",
            stand_in=answers.NOT_YET,
            asked_if=_is_cyber,
        ),
        Question(
            key="cyber_likelihood",
            label="likelihood that data subjects experience significant consequences",
            kind="choice",
            options=answers.LIKELIHOOD,
            from_fact="story.likelihood",
            asked_if=_is_cyber,
        ),
    ),
)

_STAFF = Section(
    title="Staff and training",
    questions=(
        Question(
            key="staff_involved",
            label="was a member of staff involved",
            kind="choice",
            options=answers.YES_NO_DONT_KNOW,
            derived=lambda known: answers.yes_no_dont_know(known, "story.staff_involved"),
            needs=("story.staff_involved",),
        ),
        Question(
            key="staff_trained",
            label="data protection training in the last two years?",
            kind="choice",
            options=answers.YES_NO_DONT_KNOW,
            derived=lambda known: answers.yes_no_dont_know(known, "story.staff_trained"),
            needs=("story.staff_trained",),
            asked_if=lambda known: known.yes_no("story.staff_involved") is not False,
        ),
        Question(key="training", label="describe training provided (content, frequency)", from_fact="story.training"),
    ),
)

ICO = Form(
    key="ico",
    guide="ico",
    title="Personal data breach report",
    authority="Information Commissioner (ICO)",
    zone="Europe/London",
    status=STATUS,
    channel="online form; phone 0303 123 1113; e-mail casework@ico.org.uk (KNOWN)",
    sections=(_ABOUT_YOUR_REPORT, _ABOUT_THE_BREACH, _CYBER, _STAFF, TAKING_ACTION, ABOUT_YOU),
)
