"""The ways in which the same code may be written, and the names that may be taken in it: each a change of a file.

A change gets the text of a file and the names that a fix would bring, and returns the text as somebody else would
have it; None where that is no other.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document

Change = Callable[[str, list[str]], str | None]

_HEAD = '#!/usr/bin/env python\n# Copyright somebody.\n"""What this is."""\n\nfrom __future__ import annotations\n\n'
_LICENCE = "/*! Copyright somebody. */\n'use client'\n\n"
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLANKS = re.compile(r"(?m)^(?: {4})+")


def _crlf(text: str, _: list[str]) -> str:
    return text.replace("\n", "\r\n")


def _no_end(text: str, _: list[str]) -> str:
    return text.rstrip("\n")


def _tabs(text: str, _: list[str]) -> str | None:
    return _changed(text, _BLANKS.sub(lambda found: "\t" * (len(found[0]) // 4), text))


def _changed(before: str, after: str) -> str | None:
    return after if after != before else None


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _future(text: str, _: list[str]) -> str | None:
    tree = _tree(text)
    has_one = tree is None or ast.get_docstring(tree) is not None or "__future__" in text
    return None if has_one else _HEAD + text


def _star(text: str, _: list[str]) -> str | None:
    return None if "__future__" in text else f"from elsewhere import *\n{text}"


def _in_block(head: str, foot: str = "", *, with_imports: bool = True) -> Change:
    """Return a change that puts a block around a file, or around what is below its imports."""

    def changed(text: str, _: list[str]) -> str | None:
        tree = _tree(text)
        if tree is None or "__future__" in text or " import *" in text or '"""' in text:
            return None
        lines = text.splitlines(keepends=True)
        first = 0 if with_imports else _end_of_imports(tree)
        inside = (f"    {line}" if line.strip() else line for line in lines[first:])
        return "".join([*lines[:first], head, *inside, foot])

    return changed


def _again(text: str, _: list[str]) -> str | None:
    """Have all that a file defines in it once more, under other names."""
    tree = _tree(text)
    if tree is None or "__future__" in text:
        return None
    defined = [
        each.name for each in tree.body if isinstance(each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return f"{text}\n\n{_renamed(text, defined)}" if defined else None


def _renamed(text: str, names: list[str]) -> str:
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b", lambda found: f"{found[0]}Again", text)


def _remarks(text: str, _: list[str]) -> str | None:
    """Put a remark behind each line that ends a statement or an element."""
    lines = text.split("\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    for token in tokens:
        row = token.start[0]
        if token.type in {tokenize.NEWLINE, tokenize.NL} and row not in commented and lines[row - 1].strip():
            lines[row - 1] += f"  # remark {row}"
    return "\n".join(lines)


def _end_of_imports(tree: ast.Module) -> int:
    """Return the last line of the imports at the top of a file, 0 where it has none."""
    imports = (each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom))
    return max((each.end_lineno or 0 for each in imports), default=0)


def _at_top(form: str) -> Change:
    def changed(text: str, names: list[str]) -> str | None:
        tree = _tree(text)
        if tree is None or not names:
            return None
        added = "".join(form.format(name) for name in names)
        last = _end_of_imports(tree)
        lines = text.splitlines(keepends=True)
        return "".join([*lines[:last], added, *lines[last:]])

    return changed


def _at_bottom(form: str) -> Change:
    return lambda text, names: text + "\n" + "".join(form.format(name) for name in names) if names else None


def _within(kinds: type[ast.AST] | tuple[type[ast.AST], ...], form: str) -> Change:
    """Return a change that puts something at the start of each body of some kind."""

    def changed(text: str, names: list[str]) -> str | None:
        tree = _tree(text)
        if tree is None or not names:
            return None
        lines = text.splitlines(keepends=True)
        bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds)]  # type: ignore[attr-defined]
        firsts = sorted({(body[0].lineno, body[0].col_offset) for body in bodies if body}, reverse=True)
        for row, column in firsts:
            if lines[row - 1][:column].strip():
                continue
            lines[row - 1 : row - 1] = [" " * column + form.format(name) for name in names]
        return _changed(text, "".join(lines))

    return changed


def _parameters(text: str, names: list[str]) -> str | None:
    """Give each function parameters of these names."""
    added = "".join(f", {name}=None" for name in names)
    return _changed(text, re.sub(r"(def \w+\([^()*\n]*[^()*\n,\s])\)", rf"\1{added})", text)) if names else None


PYTHON: dict[str, Change] = {
    "carriage returns": _crlf,
    "no last line end": _no_end,
    "tabs": _tabs,
    "a licence and a future": _future,
    "a star": _star,
    "a function around it": _in_block("def outer():\n"),
    "a class around it": _in_block("class Outer:\n", with_imports=False),
    "a condition around it": _in_block("if True:\n"),
    "a try around it": _in_block("try:\n", "\nexcept ImportError:\n    pass\n"),
    "all of it again": _again,
    "remarks": _remarks,
    "variables at the top": _at_top("{0} = None\n"),
    "imports at the top": _at_top("from elsewhere import {0}\n"),
    "aliases at the top": _at_top("from elsewhere import thing as {0}\n"),
    "modules at the top": _at_top("import {0}\n"),
    "variables at the bottom": _at_bottom("{0} = None\n"),
    "classes at the bottom": _at_bottom("class {0}: ...\n"),
    "reads at the bottom": _at_bottom("print({0})\n"),
    "variables of functions": _within(_FUNCTION, "{0} = None\n"),
    "imports of functions": _within(_FUNCTION, "from elsewhere import {0}\n"),
    "globals of functions": _within(_FUNCTION, "global {0}\n"),
    "parameters": _parameters,
    "members": _within(ast.ClassDef, "{0} = None\n"),
    "methods": _within(ast.ClassDef, "def {0}(self): ...\n"),
}


def _with_licence(text: str, _: list[str]) -> str | None:
    return None if "'use client'" in text or '"use client"' in text else _LICENCE + text


def _no_semicolons(text: str, _: list[str]) -> str | None:
    return _changed(text, re.sub(r"(?m);$", "", text))


def _semicolons(text: str, _: list[str]) -> str | None:
    return _changed(text, re.sub(r"(?m)^((?:import|export \{|const \w+ = use).*[^;{(,\s])$", r"\1;", text))


def _other_quotes(text: str, _: list[str]) -> str | None:
    return _changed(text, text.translate(str.maketrans("'\"", "\"'")))


def _imports_of(text: str) -> tuple[str, str]:
    """Return the imports of a script, which stand at its top, and the rest."""
    found = re.match(r"(?:\s*(?:['\"]use \w+['\"];?|import\b[^;'\"]*['\"][^'\"\n]*['\"];?|//[^\n]*)[ \t]*\n)*", text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def _web_in_block(head: str, foot: str) -> Change:
    def changed(text: str, _: list[str]) -> str | None:
        imports, rest = _imports_of(text)
        if not rest.strip() or "import " in rest:
            return None
        return imports + head + re.sub(r"(?m)^export (?:default )?", "", rest).rstrip("\n") + foot

    return changed


def _web_again(text: str, _: list[str]) -> str | None:
    rest = _imports_of(text)[1]
    names = re.findall(r"(?m)^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", rest)
    is_plain = bool(names) and "import " not in rest and "export default" not in rest
    return f"{text}\n{_renamed(rest, names)}" if is_plain else None


def _web_at_top(form: str) -> Change:
    def changed(text: str, names: list[str]) -> str | None:
        imports, rest = _imports_of(text)
        return imports + "".join(form.format(name) for name in names) + rest if names else None

    return changed


def _web_within(form: str) -> Change:
    def changed(text: str, names: list[str]) -> str | None:
        if not names:
            return None
        places = sorted(set(_bodies(text)), reverse=True)
        for place in places:
            text = text[:place] + "".join(form.format(name) for name in names) + text[place:]
        return text if places else None

    return changed


def _bodies(text: str) -> Iterator[int]:
    """Yield where the bodies of functions begin in a script."""
    document = Document(Source(Path("a.tsx"), text))
    for node in document.find("arrow_function", "function_declaration", "function_expression", "method_definition"):
        body = node.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            yield document.location(body).start + 1


SCRIPTS: dict[str, Change] = {
    "carriage returns": _crlf,
    "no last line end": _no_end,
    "tabs": _tabs,
    "a licence and use client": _with_licence,
    "no semicolons": _no_semicolons,
    "semicolons": _semicolons,
    "other quotes": _other_quotes,
    "a function around it": _web_in_block("export function outer() {\n", "\n}\n"),
    "a block around it": _web_in_block("{\n", "\n}\n"),
    "all of it again": _web_again,
    "constants at the top": _web_at_top("const {0} = null\n"),
    "functions at the top": _web_at_top("function {0}() {{}}\n"),
    "imports at the top": _web_at_top("import {{ {0} }} from './elsewhere'\n"),
    "defaults at the top": _web_at_top("import {0} from './elsewhere'\n"),
    "aliases at the top": _web_at_top("import {{ thing as {0} }} from './elsewhere'\n"),
    "variables at the bottom": lambda text, names: (
        text + "\n" + "".join(f"var {each}\n" for each in names) if names else None
    ),
    "constants of functions": _web_within(" const {0} = null;"),
}


def _capitals(text: str, _: list[str]) -> str | None:
    tags = re.compile(r"<(/?)(head|body|html|script)\b")
    return _changed(text, tags.sub(lambda found: f"<{found[1]}{found[2].upper()}", text))


_PAGE_CHANGES = ("carriage returns", "no last line end", "tabs")
PAGES: dict[str, Change] = {name: SCRIPTS[name] for name in _PAGE_CHANGES} | {
    "capitals": lambda text, _: _changed(
        text, re.sub(r"<(/?)(head|body|html|script)\b", lambda m: f"<{m[1]}{m[2].upper()}", text)
    ),
    "no head": lambda text, _: _changed(text, re.sub(r"</?(?:html|head)>\s*", "", text)),
    "a comment before it": lambda text, _: f"<!-- Copyright somebody: <head> -->\n{text}",
}


def changes_of(name: str) -> dict[str, Change]:
    """Return the changes of a file's language, by their names; none for a file of another."""
    suffix = Path(name).suffix
    if suffix in {".py", ".pyi"}:
        return PYTHON
    if suffix in {".ts", ".tsx", ".js", ".jsx", ".mjs"}:
        return SCRIPTS
    return PAGES if suffix in {".html", ".vue", ".svelte", ".astro"} else {}
