"""Writes the notice to one person: their template filled with the words for their kind, in the shape that their way needs."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from actions.content import Content
from actions.safe_contact import Known, Way, is_child
from actions.words import Words
from db.chain import canonical
from notices.compose import Notice, compose
from notices.letter import letter
from settings.model import Settings

TEMPLATES = {"victim": "victim-notice", "accused": "accused-notice", "third_party": "third-party-notice"}
USUAL_TEMPLATE = "breach-notice"
KINDS_IN_WORDS = {"patient": "other", "student": "other"}
BY_HAND = "By hand"
"""On a letter that a case worker hands over, in the place of an address that nobody else must read."""
OWN = ("salutation", "guardian_name", "code_word")
NEEDS_CARE = frozenset({"child", "victim_of_abuse"})
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, repr=False)
class Written:
    """The words as composed, and what of them leaves or is said.

    Notices of one *variant* read the same but for each person's *own* words.
    """

    notice: Notice
    content: Content
    variant: str
    own: tuple[str, ...]


def template_for(kind: str, person: Known) -> str:
    """The accused and third parties have texts of their own; children and the abused are spoken to as victims are."""
    if kind not in TEMPLATES and person.flags & NEEDS_CARE:
        return TEMPLATES["victim"]
    return TEMPLATES.get(kind, USUAL_TEMPLATE)


def write_notice(
    settings: Settings, template: str, kind: str, person: Known, way: Way, words: Words, nid: UUID, today: date
) -> Written:
    """Compose it. Raises WordsError, which names templates and fields and none of the person's data."""
    data = data_of(kind, person, way, words, nid, today)
    notice = compose(template, data)
    own = {name: data["person"][name] for name in OWN}
    plain = (
        data["person"] | {name: bool(value) for name, value in own.items()} | {"authority": data["authority"]["name"]}
    )
    content = content_from(settings, notice, person, way, today)
    return Written(notice, content, canonical(plain), tuple(value for value in own.values() if value))


def content_from(settings: Settings, notice: Notice, person: Known, way: Way, today: date) -> Content:
    """What leaves of a notice, or is said, by this way."""
    return Content(
        template=notice.template,
        notice_sha256=notice.sha256,
        channel=way.channel or "",
        told_to=way.to,
        reply_reference=notice.reply_reference,
        to_name=name_of(person, way),
        to_address=way.address,
        language=notice.language,
        contents=notice.contents,
        **_shape(settings, notice, person, way, today),
    )


def name_of(person: Known, way: Way) -> str:
    """Whom the way leads to."""
    guardian = person.guardian if way.to == "guardian" else None
    return (guardian.details if guardian else person.details).get("name")


def reply_reference(nid: UUID) -> str:
    """What the person quotes: eight letters made from the notice's random id, without those that are easily confused."""
    number = nid.int >> 88
    letters = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def data_of(kind: str, person: Known, way: Way, words: Words, nid: UUID, today: date) -> dict[str, Any]:
    """What the template is filled with."""
    authorities = words.data["authorities"]
    safe = person.details.safe
    return {
        "organisation": words.data["organisation"],
        "incident": words.data["incident"],
        "authority": authorities.get(person.details.get("country"), authorities[""]),
        "support": words.data["support"],
        "exercise": words.data["exercise"],
        "reply_reference": reply_reference(nid),
        "person": {
            "salutation": person.details.salutation,
            "kind": KINDS_IN_WORDS.get(kind, kind),
            "is_child": is_child(person, today),
            "told_to": "guardian" if way.to == "guardian" else "person",
            "guardian_name": person.guardian.details.salutation if way.to == "guardian" and person.guardian else None,
            "flagged": bool(person.flags),
            "code_word": safe.code_word or None if safe and way.by_safe_contact else None,
        },
    }


def _shape(settings: Settings, notice: Notice, person: Known, way: Way, today: date) -> dict[str, Any]:
    """What the way carries of the notice, and nothing that it does not."""
    if way.channel == "email":
        return {
            "from_address": settings.from_address,
            "from_name": settings.from_name or settings.organisation,
            "reply_to": settings.reply_to or settings.contact_email or settings.from_address,
            "subject": notice.subject,
            "text": notice.text,
            "html": notice.html,
        }
    if way.channel == "letter":
        lines = (person.details.get("name"), *way.lines)
        return {"address_lines": way.lines, "letter_pdf": letter(notice, lines, today)}
    safe = person.details.safe if way.by_safe_contact else None
    spoken: dict[str, Any] = {"script": notice.call_script}
    if way.letter_by_hand:
        spoken["letter_pdf"] = letter(notice, (person.details.get("name"), BY_HAND), today)
    return spoken | {"hours": safe.hours, "voicemail": safe.voicemail} if safe else spoken
