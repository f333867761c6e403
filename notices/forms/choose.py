"""Which form a duty uses: the authority's own where it is known here, else a letter that says what that law wants."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The first rule whose patterns all fit decides."""

    form: str
    duty: str = "*"
    law: str = "*"
    authority: str = "*"
    recipient: str = "*"

    def fits(self, duty: str, law: str, authority: str, recipient: str) -> bool:
        """Whether this rule speaks of such a duty."""
        told = ((duty, self.duty), (law, self.law), (authority, self.authority), (recipient, self.recipient))
        return all(fnmatchcase(said, pattern) for said, pattern in told)


RULES = (
    Rule(form="processor-to-controller", recipient="controller"),
    Rule(form="us-consumer-reporting", recipient="consumer_reporting_agencies"),
    Rule(form="hipaa-media", law="us-hipaa", recipient="media"),
    Rule(form="hhs", law="us-hipaa", authority="us/hhs"),
    Rule(form="sec-8k", law="us-sec-8k-105"),
    Rule(form="authority-letter", duty="dora-cannot"),
    Rule(form="authority-letter", duty="dora-threat"),
    Rule(form="dora", law="eu-dora", recipient="authority"),
    Rule(form="nis2", law="eu-nis2*", recipient="csirt"),
    Rule(form="ico-part-3", law="uk-dpa2018-part3", authority="uk/ico"),
    Rule(form="ico-pecr", law="uk-pecr-5a", authority="uk/ico"),
    Rule(form="ico", law="uk-gdpr", authority="uk/ico"),
    Rule(form="ico", law="uk-dpa2018-part4", authority="uk/ico"),
    Rule(form="edpb-33", law="eu-gdpr*", recipient="authority"),
    Rule(form="article-33", law="eu-led", recipient="authority"),
    Rule(form="us-attorney-general", law="us-??", recipient="attorney_general"),
    Rule(form="us-attorney-general", law="us-??", recipient="authority"),
    Rule(form="us-attorney-general", law="us-??", recipient="law_enforcement"),
    Rule(form="us-attorney-general", recipient="attorney_general"),
    Rule(form="authority-letter"),
)


def choose(*, duty: str, law: str, authority: str, recipient: str) -> str:
    """The key of the form for this duty."""
    return next(rule.form for rule in RULES if rule.fits(duty, law, authority, recipient))
