"""`forthwith pack`: exports the evidence of one incident."""

from pathlib import Path
from typing import Annotated

import typer

from actions.pack import pack as export
from cli.door import Door, Reference, verb


@verb
def pack(
    door: Door,
    incident: Reference,
    folder: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
) -> None:
    """Export the evidence as a folder that proves itself."""
    with door.desk() as desk:
        packed = export(desk, incident, folder)
    told = {"folder": str(packed.folder), "files": packed.files, "manifest_sha256": packed.manifest_sha256}
    door.answer(
        told,
        f"{packed.files} files lie in {packed.folder}.",
        f"Note this down elsewhere, it stands for all of them: {packed.manifest_sha256}",
        f"Anyone can check them, without Forthwith: python3 {packed.folder / 'verify.py'}",
    )
