"""The templates as they stood at one moment: read once, hashed once, so that what is approved is what is rendered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from notices.errors import BadTemplate
from notices.markup import mark
from notices.sandbox import pages, words

if TYPE_CHECKING:
    from notices.sandbox import Sandbox

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_SHARED = ("shared/", "shapes/")


@dataclass(frozen=True, eq=False, repr=False)
class Shelf:
    """Template files by their path under `templates/`. A shelf never changes; an edited one is another shelf."""

    files: Mapping[str, str]

    def with_file(self, path: str, text: str) -> "Shelf":
        """This shelf with one file replaced or added, for looking at a change before it is kept."""
        return Shelf({**self.files, path: text})

    def names(self) -> tuple[str, ...]:
        """The notices there are."""
        return tuple(sorted({path.split("/")[1] for path in self.files if path.startswith("notices/")}))

    def content_file(self, template: str, language: str) -> str:
        """The path of a notice's content; `BadTemplate` says what there is instead."""
        path = f"notices/{template}/{language}.txt"
        if path in self.files:
            return path
        if template not in self.names():
            raise BadTemplate(template, path, 0, f"there is no such notice; there are {', '.join(self.names())}")
        raise BadTemplate(template, path, 0, f"the notice is not written in language {language!r}")

    def sha256(self, template: str) -> str:
        """One hash over all that decides how a notice reads and looks: its folder, the shared files, the engines."""
        if template not in self.names():
            raise BadTemplate(template, f"notices/{template}", 0, "there is no such notice")
        if template not in self._hashes:
            self._hashes[template] = self._hash(template)
        return self._hashes[template]

    def labels(self, language: str) -> dict[str, str]:
        """The small fixed words of the shapes."""
        labels: dict[str, str] = json.loads(self.files[f"shared/{language}/labels.json"])
        return labels

    def telling(self, language: str) -> dict[str, list[str]]:
        """Beginnings of words that give a discreet notice away: `anywhere`, and in its `subject`."""
        stems: dict[str, list[str]] = json.loads(self.files[f"shared/{language}/telling.json"])
        return stems

    def samples(self, template: str) -> dict[str, dict[str, object]]:
        """Invented people and incidents to try a notice on, by what they show."""
        base = json.loads(self.files["shared/sample.json"])
        own = json.loads(self.files[f"notices/{template}/samples.json"])
        return {
            name: {**base, **sample, "incident": {**base["incident"], **sample["incident"]}}
            for name, sample in own.items()
        }

    @cached_property
    def words(self) -> "Sandbox":
        """The sandbox for content, with each line's mark made unmistakable."""
        return words(lambda path: (mark(path, path, self.files[path]), path, None) if path in self.files else None)

    @cached_property
    def plain(self) -> "Sandbox":
        """The sandbox for text that has no marks: alerts and copy sheets."""
        return words(lambda path: (self.files[path], path, None) if path in self.files else None)

    @cached_property
    def pages(self) -> "Sandbox":
        """The sandbox for shapes."""
        return pages(lambda path: (self.files[path], path, None) if path in self.files else None)

    @cached_property
    def _hashes(self) -> dict[str, str]:
        return {}

    def _hash(self, template: str) -> str:
        used = {
            path: hashlib.sha256(text.encode()).hexdigest()
            for path, text in sorted(self.files.items())
            if path.startswith((f"notices/{template}/", *_SHARED))
        }
        engines = {"jinja2": version("jinja2"), "typst": version("typst")}
        return hashlib.sha256(json.dumps([used, engines], sort_keys=True).encode()).hexdigest()


@cache
def shelf(root: Path = TEMPLATES) -> Shelf:
    """The templates under a folder, read once in this process."""
    folders = ("notices", "shared", "shapes", "reports", "alerts")
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*")) if path.is_file())
    return Shelf({path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths})
