"""Edits that put the script of ChatKit into a page."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.page.hosts import Host, place_for_script
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.markup import Element, first_element
from chatkit_doctor.web.modules.imports import DEFAULT
from chatkit_doctor.web.writing.inserted_names import imported
from chatkit_doctor.web.writing.markup import insert_child, insert_in_head

_NEXT_SCRIPT = "next/script"


def script_fix(host: Host | None) -> Fix | None:
    """Return the fix that loads the script in a host's one page; None where no page or no place in it is the one."""
    page = host.page if host is not None else None
    if page is None:
        return None
    title = f"load the script in {page.path.name}"
    if page.markup is not None:
        if first_element(page, "head", "html") is None:
            return None
        return Fix(title, Applicability.SAFE, lambda: insert_in_head(page, _tag(f"{_source()} async></script>")))
    place = place_for_script(page)
    if place is None:
        return None
    return Fix(title, Applicability.SAFE, lambda: _in_component(page, place))


def _in_component(page: Document, place: Element) -> Sequence[Edit]:
    if not (page.path.name.startswith("layout.") and page.path.parent.name == "app"):
        return insert_child(place, _tag(f"{_source()} async />"), last=place.name != "body")
    component, edits = imported(page, _NEXT_SCRIPT, DEFAULT, place.node, other="Script")
    markup = f'<{component} {_source()} strategy="beforeInteractive" />'
    return [*edits, *insert_child(place, markup, last=place.name != "body")]


def _tag(rest: str) -> str:
    return f"<script {rest}"


def _source() -> str:
    return f'src="{cdn_script_url()}"'
