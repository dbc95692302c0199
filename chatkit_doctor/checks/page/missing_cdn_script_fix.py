"""Edits that put the script of ChatKit into a page."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.page.early import CallTime, set_up_early
from chatkit_doctor.frontend.page.hosts import Host, place_for_script
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.formats.configs import exported_object
from chatkit_doctor.web.markup import Element, first_element
from chatkit_doctor.web.modules.imports import DEFAULT
from chatkit_doctor.web.writing.arrays import append_at
from chatkit_doctor.web.writing.inserted_names import imported
from chatkit_doctor.web.writing.literals import quoted
from chatkit_doctor.web.writing.markup import insert_child, insert_in_head

_NEXT_SCRIPT = "next/script"


# Where configurations list scripts.
_LISTS = {"docusaurus.config": ("scripts",), "nuxt.config": ("app", "head", "script")}
# When the script may run at the latest, by when options are handed to the element.
_LOADING = {None: " async", CallTime.IN_EFFECT: " defer", CallTime.WHEN_PARSED: " defer", CallTime.AT_ONCE: ""}


def script_fix(app: App, host: Host | None) -> Fix | None:
    """Return the fix that loads the script in a host's one page; None where no page or no place in it is the one."""
    page = host.page if host is not None else None
    if page is None:
        return None
    title = f"load the script in {page.path.name}"
    if page.markup is not None:
        if first_element(page, "head", "html") is None:
            return None
        # Astro takes a script without a word for one of its own to bundle.
        kind = " is:inline" if page.path.suffix == ".astro" else ""
        tag = _tag(f"{_source()}{_loading(app)}{kind}></script>")
        return Fix(title, Applicability.SAFE, lambda: insert_in_head(page, tag))
    if page.path.name.startswith(tuple(_LISTS)):
        return _listed(app, page, title)
    place = place_for_script(page)
    if place is None:
        return None
    return Fix(title, Applicability.SAFE, lambda: _in_component(app, page, place))


def _listed(app: App, page: Document, title: str) -> Fix | None:
    """Return the fix that adds the script to those that a configuration lists."""
    target = exported_object(page)
    keys = next(keys for name, keys in _LISTS.items() if page.path.name.startswith(name))
    loading = _loading(app).strip()
    item = f"{{ src: {quoted(page, cdn_script_url())}{f', {loading}: true' if loading else ''} }}"
    edits = append_at(page, target, keys, item) if target is not None else []
    return Fix(title, Applicability.SAFE, lambda: edits) if edits else None


def _in_component(app: App, page: Document, place: Element) -> Sequence[Edit]:
    if not (page.path.name.startswith("layout.") and page.path.parent.name == "app"):
        return insert_child(place, _tag(f"{_source()}{_loading(app)} />"), last=place.name != "body")
    component, edits = imported(page, _NEXT_SCRIPT, DEFAULT, place.node, other="Script")
    markup = f'<{component} {_source()} strategy="beforeInteractive" />'
    return [*edits, *insert_child(place, markup, last=place.name != "body")]


def _loading(app: App) -> str:
    """Return the attribute by which the script is there when the element gets its options; the hook waits by itself."""
    return _LOADING[set_up_early(app)]


def _tag(rest: str) -> str:
    return f"<script {rest}"


def _source() -> str:
    return f'src="{cdn_script_url()}"'
