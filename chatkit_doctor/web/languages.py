"""Which grammar reads which file, and the parsers, each made once."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from tree_sitter import Parser


class Grammar(StrEnum):
    """A tree-sitter grammar."""

    JAVASCRIPT = "javascript"
    TYPESCRIPT = "typescript"
    TSX = "tsx"
    HTML = "html"


SCRIPT_GRAMMARS = {
    ".ts": Grammar.TYPESCRIPT,
    ".mts": Grammar.TYPESCRIPT,
    ".cts": Grammar.TYPESCRIPT,
    ".tsx": Grammar.TSX,
    ".js": Grammar.JAVASCRIPT,
    ".jsx": Grammar.JAVASCRIPT,
    ".mjs": Grammar.JAVASCRIPT,
    ".cjs": Grammar.JAVASCRIPT,
}
# Pages that a server may complete with a template language.
TEMPLATE_SUFFIXES = frozenset({".html", ".htm", ".jinja", ".jinja2", ".j2"})
MARKUP_SUFFIXES = TEMPLATE_SUFFIXES | {".php", ".vue", ".svelte", ".astro"}
COMPONENT_SUFFIXES = frozenset({".vue", ".svelte", ".astro"})
WEB_SUFFIXES = MARKUP_SUFFIXES | SCRIPT_GRAMMARS.keys()


@cache
def parser(grammar: Grammar) -> Parser:
    """Return the parser of a grammar. It is shared: whoever sets its included ranges must reset them."""
    from tree_sitter import Language, Parser

    return Parser(Language(_pointer(grammar)))


def _pointer(grammar: Grammar) -> object:
    match grammar:
        case Grammar.HTML:
            return _compiled("tree_sitter_html").language()
        case Grammar.JAVASCRIPT:
            return _compiled("tree_sitter_javascript").language()
        case Grammar.TYPESCRIPT:
            return _compiled("tree_sitter_typescript").language_typescript()
        case Grammar.TSX:
            return _compiled("tree_sitter_typescript").language_tsx()


@cache
def _compiled(package: str) -> Any:
    """Return the compiled module of a grammar's package.

    The package itself reads queries as well, which nobody asks for here, with nineteen modules of the standard library.
    """
    outer = PathFinder.find_spec(package)
    inner = PathFinder.find_spec(f"{package}._binding", outer.submodule_search_locations) if outer is not None else None
    if inner is None or inner.loader is None:
        return import_module(package)
    module = module_from_spec(inner)
    inner.loader.exec_module(module)
    return module
