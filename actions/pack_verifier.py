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
        listed, chain, end = dict(manifest["files"]), str(manifest["chain"]), (manifest["entries"], manifest["head"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"manifest.json cannot be read ({type(error).__name__})"]
    return [*_files(folder, listed), *_journal(folder / "journal.jsonl", chain, end)]


def _files(folder: Path, listed: dict[str, str]) -> list[str]:
    faults = []
    for name, digest in listed.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            faults.append(f"{name} was changed")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return faults + [f"{name} is not in the manifest" for name in sorted(present - set(listed) - {"manifest.json"})]


def _journal(path: Path, chain: str, end: tuple[int, str]) -> list[str]:
    """What is wrong with the chain; a pack without its journal, or with lines that cannot be read, is not whole."""
    if not path.is_file():
        return ["the journal is missing"]
    faults, before, number = [], GENESIS, 0
    for text in path.read_bytes().decode("utf-8", "replace").split("\n")[:-1]:
        number += 1
        try:
            line = json.loads(text)
            told, body, digest = line["number"], str(line["body"]), str(line["hash"])
        except (ValueError, KeyError, TypeError):
            faults.append(f"journal entry {number} cannot be read")
            continue
        if told != number or link(chain, number, before, body) != digest:
            faults.append(f"journal entry {number} does not follow from the one before it")
        before = digest
    if (number, before) != end:
        faults.append(f"the journal ends at entry {number}, the manifest says {end[0]}")
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
