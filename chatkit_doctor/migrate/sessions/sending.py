"""The `fetch` of a page that speaks to the new server through its own: it sends along what said who has signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.web.writing.literals import indent_unit, quoted

if TYPE_CHECKING:
    from chatkit_doctor.migrate.sessions.asking import Asking
    from chatkit_doctor.web.document import Document


def sending(document: Document, asking: Asking | None) -> str:
    """Return a function that fetches as a page asked for its sessions; a cookie goes by itself."""
    is_typed = document.path.suffix in {".ts", ".tsx", ".mts"} or any(
        script.attributes.get("lang") in {"ts", "tsx"} for script in document.scripts
    )
    parameters = "input: RequestInfo | URL, init?: RequestInit" if is_typed else "input, init"
    if asking is None or not (asking.headers or asking.credentials):
        return f"({parameters}) => fetch(input, init)"
    # A name of its own, whatever what is needed before calls its own.
    headers = "sent" if any(re.search(r"\bheaders\b", each) for each in asking.before) else "headers"
    options = ["...init", *(["headers" if headers == "headers" else f"headers: {headers}"] if asking.headers else [])]
    options += [f"credentials: {asking.credentials}"] if asking.credentials else []
    call = f"fetch(input, {{ {', '.join(options)} }})"
    if not asking.headers and not asking.before:
        return f"({parameters}) => {call}"
    unit, end = indent_unit(document.source), ";" if ";" in document.source.text else ""
    lines = [line for each in asking.before for line in _dedented(each)]
    lines += [f"const {headers} = new Headers(init?.headers){end}"]
    for name, value in asking.headers:
        if name:
            lines.append(f"{headers}.set({quoted(document, name)}, {value}){end}")
        else:
            kind = quoted(document, "content-type")
            lines.append(f"new Headers({value}).forEach((value, name) => {{")
            # The chat's own requests say of what kind they are.
            lines.append(f"{unit}if (name !== {kind}) {headers}.set(name, value){end}")
            lines.append(f"}}){end}")
    lines.append(f"return {call}{end}")
    is_async = "async " if any("await " in line for line in lines) else ""
    return "\n".join([f"{is_async}({parameters}) => {{", *(f"{unit}{line}" for line in lines), "}"])


def _dedented(statement: str) -> list[str]:
    """Return the lines of a statement without the indentation that it stood at."""
    first, *rest = statement.splitlines()
    own = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return [first, *(line[own:] for line in rest)]
