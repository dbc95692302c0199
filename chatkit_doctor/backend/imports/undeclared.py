"""Which distributions an app's Python code imports and no manifest of the app, no lock and nothing else asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from chatkit_doctor.backend.imports.distributions import SdkImport, sdk_imports
from chatkit_doctor.contracts.packages import own_requirement
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.agents import AGENTS
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.manifests.folders import Declared
from chatkit_doctor.project.manifests.model import Ecosystem, Purpose, Requirement
from chatkit_doctor.records import dataclass

# Where an entry comes from a folder or an index of the project's own, it may bring anything.
_ELSEWHERE = regex(r"^\s*-e\b|^\s*\.{1,2}/|--editable|\[tool\.uv\.sources\]|\bpath\s*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Undeclared:
    """An import that only installs by chance.

    distribution, extra: what would have to be asked for. beside: the manifest that should.
    """

    found: SdkImport
    distribution: str
    extra: str
    beside: Declared


def undeclared_imports(app: App) -> Iterator[Undeclared]:
    """Yield the first import of each distribution that nothing asks for; none where anything unknown might bring it."""
    manifests = [each for each in app.declared(Ecosystem.PYTHON) if _is_main(each)]
    if not manifests or any(_ELSEWHERE.search(each.requirements[0].location.source.text) for each in manifests):
        return
    around = list(chain.from_iterable(each.requirements for each in app.declared_around(Ecosystem.PYTHON)))
    if any(each.url for each in around):
        return
    found = sdk_imports(app)
    # What needs ChatKit's package gets the Agents SDK with it.
    seen = {AGENTS} if any(each.distribution == CHATKIT and not each.is_guarded for each in found) else set()
    for each in found:
        distribution, extra = own_requirement(each.distribution, each.dotted)
        if each.is_guarded or distribution in seen:
            continue
        seen.add(distribution)
        if not _is_asked_for(app, each, distribution, extra, around):
            yield Undeclared(each, distribution, extra, manifests[0])


def _is_main(manifest: Declared) -> bool:
    return any(each.scope is Purpose.MAIN for each in manifest.requirements)


def _is_asked_for(app: App, found: SdkImport, distribution: str, extra: str, around: list[Requirement]) -> bool:
    """Return whether something asks for a distribution, or for another that brings it along."""
    brings = {distribution} if extra or distribution == CHATKIT else {distribution, CHATKIT}
    path = found.module.source.path
    if any(app.target(path, each) is not None for each in brings):
        return True
    names = {each.package for each in around}
    if not names.isdisjoint(brings) or any(extra and extra in each.extras for each in around):
        return True
    # Integrations of other frameworks depend on what they integrate.
    word = distribution.removeprefix("openai-")
    return any(word in each for each in names) or _is_named_elsewhere(app, distribution)


def _is_named_elsewhere(app: App, distribution: str) -> bool:
    """Return whether a file that installs things (setup.py, a Dockerfile, a workflow) names a distribution."""
    pattern = re.compile(rb"(?<![\w-])" + re.sub("-", "[-_.]", distribution).encode() + rb"(?![\w-])", re.IGNORECASE)
    return any(
        app.mentions_pattern(path, pattern)
        for path in app.files
        if path.name == "setup.py" or (kind_of(path.name) is FileKind.MANIFEST and not path.name.startswith(".env"))
    )
