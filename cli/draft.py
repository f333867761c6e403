"""`forthwith draft`: assesses, then draws up reports and notices now, without waiting for the next run."""

from typing import Annotated

import typer

from actions.assess import assess
from actions.contain import contain
from actions.draft_wave import Audience, draft_wave
from actions.errors import Conflict
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from cli.door import Door, Reference, verb
from cli.paper import far_on
from cli.words import count


@verb
def draft(
    door: Door,
    incident: Reference,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", help="A wave for these kinds of people; may be given again.", show_default=False),
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Of them, only those who read this.", show_default=False)
    ] = None,
    channels: Annotated[
        list[str] | None, typer.Option("--channel", help="Of them, only those told this way.", show_default=False)
    ] = None,
    template: Annotated[str, typer.Option(help="The wave's notice.", show_default=False)] = "",
    name: Annotated[str, typer.Option(help="The wave's name.", show_default=False)] = "",
) -> None:
    """Draw up now the reports and notices that are owed."""
    if bool(kinds) != bool(template) or ((languages or channels) and not kinds):
        raise Conflict("A wave of your own needs both: --kind (who) and --template (which notice).")
    with door.desk() as desk:
        if kinds:
            audience = Audience(kinds, languages or (), channels or ())
            wave = draft_wave(desk, incident, audience, template, name)
            sentence = (
                f"Wave {wave.number} ({wave.name}) is drafted; someone who wrote none of its words must approve it."
            )
            door.done(desk, incident, sentence, wave=wave.number, content_sha256=wave.content_sha256)
            return
        assess(desk, incident)
        contain(desk, incident)
        reports = prepare_reports(desk, incident)
        with far_on("people looked at") as heard:
            notices = prepare_notices(desk, incident, heard)
        sentence = f"{count(reports.drafts, 'report')} drafted, {reports.changed} of them anew; {count(notices.waves, 'wave')} drafted with {count(notices.notices, 'notice')}."
        missing = (
            [f"{count(notices.missing_words, 'word')} missing: the tasks below say which."]
            if notices.missing_words
            else []
        )
        told = {
            "reports": reports.drafts,
            "changed": reports.changed,
            "waves": notices.waves,
            "notices": notices.notices,
        }
        door.done(desk, incident, sentence, *missing, **told, missing_words=notices.missing_words)
