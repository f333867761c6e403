"""The last parts of the ICO's form: what was done about the breach, and who reports it."""

from notices.forms import ico_answers as answers
from notices.forms.form import Question, Section
from notices.forms.known import Known


def _is_late(known: Known) -> bool:
    return known.yes_no("filing.late") is True


TAKING_ACTION = Section(
    title="Taking action",
    questions=(
        Question(
            key="reasons_for_delay",
            label="if delayed: explain why (reasons for delay)",
            from_fact="filing.reasons_for_delay",
            required_by="reasons_for_delay",
            asked_if=_is_late,
        ),
        Question(
            key="actions_taken",
            label="actions taken to contain/limit",
            from_fact="story.measures",
            required_by="measures",
        ),
        Question(
            key="prevention",
            label="steps to prevent recurrence and dates",
            from_fact="story.prevention",
            required_by="measures",
        ),
        Question(
            key="people_told",
            label="data subjects told?",
            kind="choice",
            options=answers.TOLD,
            derived=answers.told,
            needs=("people_told",),
        ),
        Question(
            key="others_told",
            label="other organisations told or to be told (police, other regulators, supervisory authorities)",
            from_fact="story.others_told",
        ),
        Question(key="processors", label="suppliers/processors involved", from_fact="story.processors", required=False),
        Question(
            key="codes_of_conduct",
            label="code of conduct or certification membership",
            from_fact="story.codes_of_conduct",
            required=False,
        ),
    ),
)

ABOUT_YOU = Section(
    title="About you",
    questions=(
        Question(
            key="organisation", label="organisation name", from_fact="organisation.name", required_by="organisation"
        ),
        Question(
            key="registration",
            label="ICO registration number or exemption reason",
            from_fact="organisation.registration_number",
        ),
        Question(key="sector", label="business sector", from_fact="organisation.sector"),
        Question(key="address", label="address", derived=answers.address, needs=("organisation.address",)),
        Question(key="reporter_name", label="person making report: name", from_fact="organisation.reporter.name"),
        Question(key="reporter_email", label="person making report: e-mail", from_fact="organisation.reporter.email"),
        Question(key="reporter_phone", label="person making report: phone", from_fact="organisation.reporter.phone"),
        Question(
            key="dpo_same",
            label="DPO or senior responsible person: same as reporter?",
            kind="choice",
            options=("yes", "no"),
            derived=answers.same_person,
            needs=(
                "organisation.reporter.name",
                "organisation.dpo.name",
            ),
        ),
        Question(
            key="dpo_name",
            label="DPO or senior responsible person: name",
            from_fact="organisation.dpo.name",
            required_by="contact_point",
        ),
        Question(
            key="dpo_email",
            label="DPO or senior responsible person: e-mail",
            from_fact="organisation.dpo.email",
            required_by="contact_point",
        ),
        Question(
            key="dpo_phone",
            label="DPO or senior responsible person: phone",
            from_fact="organisation.dpo.phone",
            required_by="contact_point",
        ),
    ),
)
