"""What Article 33(3) of the GDPR demands of every notification, for an authority whose own form this house does not know yet."""

from notices.forms.form import Question

LAW = "Article 33"


def _codes(name: str) -> Question:
    raise NotImplementedError
