"""The words of the skill and of the section of AGENTS.md: what to write, what never to write, how to prove it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import chatkit_doctor
from chatkit_doctor.contracts import (
    PythonContract,
    error_rows,
    newest,
    python_contract,
    resolve_release,
    signature_text,
)
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.records import dataclass
from chatkit_doctor.skill import reference
from chatkit_doctor.skill.lessons import Lesson, lessons

NAME = "chatkit"
_DESCRIPTION = (
    "Write and change code that uses OpenAI ChatKit (openai-chatkit, chatkit.server, @openai/chatkit, "
    "@openai/chatkit-react, <openai-chatkit>): the imports, signatures and options that exist, the mistakes that "
    "break such apps, and the commands that prove the code. Use it before writing any ChatKit code, and when a "
    "ChatKit app shows an error, a blank screen or no answer."
)
# The areas of the rules by the side of the app that they are about.
_WEB = {"options", "page"}


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release that an app of the project has. origin: the file that says so; app: its folder."""

    package: str
    version: str
    origin: str
    app: str


def skill(releases: Sequence[KnownRelease]) -> dict[Path, str]:
    """Return the files of the skill, by their paths in its folder."""
    contract = _contract(releases)
    return {
        Path("SKILL.md"): _joined(_skill(releases, contract)),
        Path("reference", "rules.md"): _joined(_all_rules()),
        **reference.copies(),
    }


def section(releases: Sequence[KnownRelease]) -> str:
    """Return the section for AGENTS.md, without the marks around it."""
    return _joined(_section(releases, _contract(releases)))


def _joined(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _contract(releases: Sequence[KnownRelease]) -> PythonContract:
    """Return what the first app's release accepts, the newest known where no app says which it has."""
    found = next((each.version for each in releases if each.package == CHATKIT), None)
    return python_contract(resolve_release(CHATKIT, found)[0])


def _skill(releases: Sequence[KnownRelease], contract: PythonContract) -> Iterator[str]:
    yield from ("---", f"name: {NAME}", f"description: {json.dumps(_DESCRIPTION)}", "---", "")
    yield f"<!-- written by chatkit-doctor {chatkit_doctor.__version__}; `chatkit-doctor skill` renews it -->"
    yield ""
    yield from ("# OpenAI ChatKit", "")
    yield from _releases(releases)
    yield from _proof()
    yield from ("## Write", "", "Of ChatKit and the Agents SDK these names are enough for a whole app:", "")
    for module, names in _imports(contract):
        yield f"- `from {module} import {', '.join(names)}`"
    yield from ("", "The answer, from a server (`reference/server.md`, with `converter.md` and `unique_ids.md`):", "")
    yield from _code("python", reference.definition("backend/app/server.py", "respond"))
    yield from _code("python", reference.definition("backend/app/server.py", "_history"))
    yield from ("The endpoint (`reference/main.md`, with `streaming.md`):", "")
    yield from _code("python", reference.definition("backend/app/main.py", "chatkit"))
    yield from ("A Store has all of these (`reference/memory_store.md`):", "")
    yield from _code("python", "\n".join(_methods(contract)))
    yield from ("The page (`reference/Chat.md`); the script stands in `index.html` and in no package:", "")
    yield from _code("tsx", reference.between("frontend/src/Chat.tsx", "const [initialThread]", "onError"))
    yield from _code("html", reference.between("frontend/index.html", "<script src", "<script src"))
    yield from ("`chatkit-doctor init DIR` starts a whole app of these files.", "")
    yield from (
        "## Never write",
        "",
        "Each of these fails. `chatkit-doctor explain CODE` shows more.",
        "",
    )
    yield from _never(lessons(Severity.ERROR))
    yield from ("What fails for some users, sizes or deployments is listed in `reference/rules.md`.",)


def _section(releases: Sequence[KnownRelease], contract: PythonContract) -> Iterator[str]:
    yield from ("## OpenAI ChatKit", "")
    yield from _releases(releases)
    yield from _proof()
    yield from ("Of ChatKit and the Agents SDK these names are enough for a whole app:", "")
    for module, names in _imports(contract):
        yield f"- `from {module} import {', '.join(names)}`"
    yield from ("", "A Store has all of these:", "")
    yield from _code("python", "\n".join(_methods(contract)))
    yield from ("What breaks most apps:", "")
    yield from (f"- {row.error}: {row.fix[0].lower()}{row.fix[1:]}." for row in error_rows())
    yield from ("", "Never write:", "")
    answered = {code for code, page in pages().items() if page.rows or page.stops_the_start}
    yield from _never([each for each in lessons(Severity.ERROR) if each.page.code in answered and each.bad])


def _releases(releases: Sequence[KnownRelease]) -> Iterator[str]:
    """Yield which releases the code is for."""
    if not releases:
        yield f"No file of this project says which release it has; this is openai-chatkit {newest(CHATKIT)}."
    for each in releases:
        place = "" if each.app == "." else f" in `{each.app}`"
        yield f"- {each.package} {each.version}{place} ({each.origin})"
    yield from ("", "Names, signatures and options differ from release to release: go by this, not by memory.", "")


def _proof() -> Iterator[str]:
    yield "After every change, until nothing is left:"
    yield ""
    yield from (
        "- `chatkit-doctor scan --format agent` finds what is wrong, with the exact edit",
        "- `chatkit-doctor scan --fix` makes the safe edits; `--diff` shows them first",
        '- `chatkit-doctor explain "ERROR MESSAGE"` says what an error means, before you guess',
        "- `chatkit-doctor check MODULE:STORE` runs a Store in place, without a server",
        "- `chatkit-doctor verify URL` asks a running server what a page would ask",
        "",
    )


def _imports(contract: PythonContract) -> Iterator[tuple[str, list[str]]]:
    """Yield what the reference app imports, as far as the release has it."""
    for module, names in reference.imports():
        is_chatkit = module.partition(".")[0] == "chatkit"
        kept = [name for name in names if not is_chatkit or contract.has_name(module, name)]
        if kept:
            yield module, kept


def _methods(contract: PythonContract) -> Iterator[str]:
    store = contract.class_("chatkit.store.Store")
    if store is not None:
        yield from (f"{signature_text(store.methods[name])} ..." for name in store.abstract_methods)


def _never(found: Sequence[Lesson]) -> Iterator[str]:
    for heading, is_web in (("In Python and manifests:", False), ("In the page:", True)):
        yield from (heading, "")
        yield from (_line(each) for each in found if (each.page.meta["area"] in _WEB) is is_web)
        yield ""


def _line(lesson: Lesson) -> str:
    page = lesson.page
    about = f"{page.code} {page.name}: {page.why}"
    return f"- {_quoted(lesson.bad)} → {_quoted(lesson.good)} ({about.rstrip('.')})" if lesson.bad else f"- {about}"


def _quoted(code: str) -> str:
    mark = "``" if "`" in code else "`"
    return f"{mark}{code}{mark}"


def _all_rules() -> Iterator[str]:
    yield from ("# All rules", "")
    yield from (_line(each) for each in lessons(Severity.ERROR, Severity.WARNING, Severity.INFO))


def _code(language: str, text: str) -> Iterator[str]:
    yield from (f"```{language}", text, "```", "")
