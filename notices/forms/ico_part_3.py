"""The ICO's form for a breach in law enforcement processing: its usual questions, and what Part 3 of the Act adds."""

from dataclasses import replace

from notices.forms.form import Question, Section
from notices.forms.ico import ICO

_ADDED = Section(
    title="Law enforcement processing",
    questions=(
        Question(
            key="consequences",
            label="likely consequences of the breach",
            cite="DPA 2018 s.67(4)(c)",
            from_fact="story.consequences",
            required_by="consequences",
        ),
    ),
)

ICO_PART_3 = replace(
    ICO,
    key="ico-part-3",
    title="Personal data breach report (law enforcement processing)",
    status=f"{ICO.status}; what section 67(4) of the Act wants beside it in our words (VERIFIED)",
    before=(
        "The data was processed under Part 3 of the Data Protection Act 2018 (law enforcement). Say so where the form asks under which law, or else with what happened.",
    ),
    sections=(*ICO.sections[:2], _ADDED, *ICO.sections[2:]),
)
