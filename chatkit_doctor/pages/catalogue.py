"""The rules as their pages tell them: codes, names, severities, words, and the rows of the error reference.

Codes and names are read from the pages' file names, which is all that a clean scan needs; a page's text is
read when a finding of it is shown.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Any

from chatkit_doctor.finding import Applicability, Severity
from chatkit_doctor.pages.plain_yaml import NotPlainYamlError, read_plain
from chatkit_doctor.records import dataclass

_PACKAGE = Path(__file__).parent.parent
HOME = "https://github.com/chatkit-doctor/chatkit-doctor"


@dataclass(frozen=True)
class Page:
    """A rule's page: code and name from its file name, the rest from its text when asked."""

    code: str
    name: str
    path: Path

    @cached_property
    def _parts(self) -> tuple[dict[str, Any], str]:
        _, front, body = self.path.read_text(encoding="utf-8").split("---\n", 2)
        return _front_matter(front), body.strip() + "\n"

    @property
    def meta(self) -> dict[str, Any]:
        """Return the front matter; its shape is `chatkit_doctor.pages.front_matter.FrontMatter`."""
        return self._parts[0]

    @property
    def body(self) -> str:
        """Return the Markdown below the front matter."""
        return self._parts[1]

    @property
    def severity(self) -> Severity:
        """Return the severity that findings have unless the check says otherwise."""
        return Severity(self.meta["severity"])

    @property
    def why(self) -> str:
        """Return one sentence: why the thing is bad."""
        return str(self.meta["why"])

    @property
    def stops_the_start(self) -> bool:
        """Return whether an app with it does not start, or is not built: such findings are told first."""
        return bool(self.meta.get("stops_the_start", False))

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the rows of the Complete Error Reference (1 to 13) that the rule answers."""
        return tuple(self.meta["rows"])

    @property
    def seen_as(self) -> dict[str, str]:
        """Return what a finding may show that its user sees, by name; `<word>` is filled by the finding."""
        return dict(self.meta.get("seen_as", {}))

    @property
    def symptoms(self) -> tuple[str, ...]:
        """Return further messages that people meet and paste; `<word>` stands for any word, `…` for any text."""
        return tuple(self.meta.get("symptoms", ()))

    @property
    def complaints(self) -> tuple[str, ...]:
        """Return what people say in words of their own."""
        return tuple(self.meta.get("complaints", ()))

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of the lists of values that the rule judges by; `contracts.value_sets` has them."""
        return tuple(self.meta.get("values", ()))

    @property
    def fixes(self) -> tuple[Applicability, ...]:
        """Return how the rule's fixes may be applied; empty where it has none."""
        return tuple(Applicability(each) for each in self.meta["fix"])

    @property
    def summary(self) -> str:
        """Return the start of what the rule finds, as Markdown: its first sentence, up to a colon."""
        _, _, section = self.body.partition("\n## What it finds\n")
        paragraph = " ".join(section.strip().split("\n\n", 1)[0].split())
        for end, character in enumerate(paragraph):
            in_code = paragraph.count("`", 0, end) % 2
            if character in ".:" and not in_code and paragraph[end + 1 : end + 2] in {" ", ""}:
                return paragraph[:end]
        return paragraph

    @property
    def url(self) -> str:
        """Return where the page can be read on the web."""
        return f"{HOME}/blob/main/rules/{self.path.name}"


def _front_matter(text: str) -> dict[str, Any]:
    try:
        return read_plain(text)
    except NotPlainYamlError:
        import yaml

        loaded: dict[str, Any] = yaml.safe_load(text)
        return loaded


def pages_folder() -> Path:
    """Return the folder of the pages: inside an installed package, or beside the package in a checkout."""
    packed = _PACKAGE / "_pages" / "rules"
    return packed if packed.is_dir() else _PACKAGE.parent / "rules"


@cache
def pages() -> dict[str, Page]:
    """Return the pages by code, in the order of the codes."""
    found = {}
    for path in sorted(pages_folder().glob("CK[0-9][0-9][0-9]-*.md")):
        code, _, name = path.stem.partition("-")
        found[code] = Page(code, name, path)
    return found


def page(code: str) -> Page:
    """Return a rule's page. Raises KeyError for a code without one."""
    return pages()[code]
