"""Checks an exported evidence pack with nothing but the Python standard library: python verify.py [FOLDER].

Every file is compared with the manifest, and every line of the journal with the hash chain. A copy of this file lies in each pack.
"""

import hashlib
import json
import sys
from pathlib import Path

GENESIS = "0" * 64


def link(chain: str, number: int, before: str, body: str) -> str:
    """The hash of a journal entry: SHA-256 over chain name, number, the hash before it, and its body, each on a line."""
    return hashlib.sha256(f"{chain}\n{number}\n{before}\n{body}".encode()).hexdigest()


def check(folder: Path) -> list[str]:
    """Everything that is wrong with the pack in this folder, in words; an empty list means that it is whole."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        return [f"manifest.json cannot be read ({type(error).__name__})"]
    return [*_files(folder, manifest), *_journal(folder, manifest)]


def _files(folder: Path, manifest: dict[str, object]) -> list[str]:
    listed = manifest["files"]
    assert isinstance(listed, dict)  # noqa: S101 - a pack of another shape is not a pack
    faults = []
    for name, digest in listed.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            faults.append(f"{name} was changed")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return faults + [f"{name} is not in the manifest" for name in sorted(present - set(listed) - {"manifest.json"})]


def _journal(folder: Path, manifest: dict[str, object]) -> list[str]:
    path = folder / "journal.jsonl"
    if not path.is_file():
        return []
    faults, before, number = [], GENESIS, 0
    for text in path.read_text("utf-8").splitlines():
        line, number = json.loads(text), number + 1
        if line["number"] != number or link(str(manifest["chain"]), number, before, line["body"]) != line["hash"]:
            faults.append(f"journal entry {number} does not follow from the one before it")
        before = line["hash"]
    if (number, before) != (manifest["entries"], manifest["head"]):
        faults.append(f"the journal ends at entry {number}, the manifest says {manifest['entries']}")
    return faults


def main() -> int:
    """Check the pack beside this file, or the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    faults = check(folder)
    for fault in faults:
        sys.stdout.write(f"WRONG  {fault}\n")
    sys.stdout.write("The pack is whole.\n" if not faults else f"{len(faults)} faults found.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
