"""Which grammar reads which file, and the parsers, each made once."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
            import tree_sitter_html

            return tree_sitter_html.language()
        case Grammar.JAVASCRIPT:
            import tree_sitter_javascript

            return tree_sitter_javascript.language()
        case Grammar.TYPESCRIPT:
            import tree_sitter_typescript

            return tree_sitter_typescript.language_typescript()
        case Grammar.TSX:
            import tree_sitter_typescript

            return tree_sitter_typescript.language_tsx()
