"""Pages that are served as they are written and take no program of the project, whatever its bundler builds."""

from __future__ import annotations

from chatkit_doctor.frontend.page.hosts import is_whole_page
from chatkit_doctor.frontend.page.scripts import is_own_address
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.tree import field

# What bundlers copy as it is. The index page of such a folder may be the one that they write their programs into.
_COPIED = frozenset({"public", "static"})
_INDEX = "index"


def stands_alone(app: App, page: Document) -> bool:
    """Return whether no program of the project can run on a page: it is copied as it is and asks for none."""
    if not is_whole_page(page) or page.path.stem == _INDEX or _COPIED.isdisjoint(page.path.relative_to(app.base).parts):
        return False
    sources = (each.attributes.get("src") for each in elements(page, "script"))
    if any(each is not None and (each.text is None or is_own_address(each.text)) for each in sources):
        return False
    if any(each.specifier.startswith((".", "/")) for each in imports(page)) or _makes_scripts(page):
        return False
    name = page.path.name.encode()
    return not any("config" in each.name and app.mentions(each, (name,)) for each in app.web_paths())


def _makes_scripts(page: Document) -> bool:
    if any(page.text(each)[1:-1] == "script" for each in page.find("string")):
        return True
    functions = (field(call, "function") for call in page.find("call_expression") if call_arguments(call))
    return any(each is not None and each.type == "import" for each in functions)
