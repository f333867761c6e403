"""Tells managers and the data protection officer that an intake waits for them; the message holds no word of what was said."""

from actions.house_act import HouseAct
from db.models import Alert, Intake
from db.queries.accounts import addresses_of
from notices.alert import alert

NEXT = (
    "Read it on the dashboard, or with 'forthwith intake show {0}', and settle it: promote it to an incident, "
    "join it to one that is open, or dismiss it with reasons. The law may count from the moment at which it was noticed."
)


def tell_managers(act: HouseAct, intake: Intake, kind: str, level: int = 1) -> list[str]:
    """Within an act that is under way: queue one alert of this kind for each who must know, once; gives whom.

    Level 1 is the owner, everyone who is a manager, and the data protection officer; 2 the deputy too; 3 the executive too.
    """
    settings = act.desk.settings
    people = [settings.owner, *addresses_of(act.session, "manager"), settings.data_protection_officer]
    people += [settings.deputy, settings.executive][: level - 1]
    recipients = list({person.lower(): person for person in people if person}.values())
    text = alert(
        "waiting_for_you",
        {
            "reference": intake.reference,
            "matter": "an employee says that something happened",
            "next_step": NEXT.format(intake.reference),
            "now_at": act.now,
            "since_at": intake.received_at,
            "zone": settings.time_zone,
            "told": tuple(recipients),
        },
    )
    for recipient in recipients:
        act.session.add(_alert(act, intake, kind, recipient, text.subject, text.text))
    return recipients


def _alert(act: HouseAct, intake: Intake, kind: str, recipient: str, subject: str, text: str) -> Alert:
    return Alert(
        intake_id=intake.id,
        sealed=False,
        kind=f"intake {kind}",
        recipient=recipient,
        subject=subject,
        text=text,
        state="queued",
        queued_at=act.now,
    )
