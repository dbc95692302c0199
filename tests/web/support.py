"""Projects in memory for the tests of the web layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.budget import Budget
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    Choice,
    EnvironmentValue,
    FalsyValue,
    FunctionValue,
    JsxValue,
    NamespaceValue,
    NullValue,
    NumberValue,
    ObjectValue,
    RefValue,
    StringValue,
    TemplateValue,
    UndefinedValue,
    Value,
)
from chatkit_doctor.web.modules.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatkit_doctor.finding import Edit

ROOT = Path("/project")


class MemoryFiles:
    """Files by path relative to ROOT."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._sources = {ROOT / name: Source(ROOT / name, text) for name, text in texts.items()}
        self._documents: dict[Path, Document] = {}

    def exists(self, path: Path | str) -> bool:
        return Path(path) in self._sources

    def read(self, path: Path) -> Source | None:
        return self._sources.get(path)

    def document(self, path: Path) -> Document | None:
        source = self.read(path)
        if source is not None and path not in self._documents:
            self._documents[path] = Document(source)
        return self._documents.get(path)

    def evaluator(self) -> Evaluator:
        return Evaluator(Resolver(self), Budget())

    def __getitem__(self, name: str) -> Document:
        document = self.document(ROOT / name)
        assert document is not None
        return document


def document(text: str, name: str = "a.tsx") -> Document:
    return Document(Source(ROOT / name, text))


def evaluate(text: str, expression: str = "it", *, name: str = "a.ts", **others: str) -> object:
    """Return what a variable of a file is, in short; `others` are more files, `b_ts` being b.ts."""
    texts = {key.replace("_", "."): value for key, value in others.items()}
    files = MemoryFiles({name: text, **texts})
    target = files[name]
    node = next(
        each
        for each in target.find("variable_declarator")
        if (declared := each.child_by_field_name("name")) is not None and target.text(declared) == expression
    )
    value = node.child_by_field_name("value")
    assert value is not None
    return short(files.evaluator().evaluate(target, value))


def short(value: Value) -> object:
    """Return a value as plain data: `...` marks what is not complete, a set is a choice, `key?` is optional."""
    match value:
        case ObjectValue():
            entries = {
                f"{name}?" if entry.optional else name: short(entry.value) for name, entry in value.entries.items()
            }
            return entries if value.complete else {**entries, "...": "..."}
        case ArrayValue():
            items = [short(item) for item in value.items]
            return items if value.complete else [*items, "..."]
        case Choice():
            return ("choice", *(short(each) for each in value.options))
        case StringValue(text=content) | NumberValue(number=content) | BooleanValue(truth=content):
            return content
        case TemplateValue():
            return f"{value.prefix}${{}}{value.suffix}"
        case EnvironmentValue():
            return f"env:{value.name}"
        case RefValue():
            return ("ref", short(value.inner))
    return _WORDS.get(type(value), "unknown")


_WORDS: dict[type[Value], str] = {
    NullValue: "null",
    UndefinedValue: "undefined",
    FalsyValue: "falsy",
    FunctionValue: "function",
    JsxValue: "jsx",
    NamespaceValue: "namespace",
}


def applied(edits: Sequence[Edit]) -> str:
    """Return the text that edits of one file make."""
    assert edits
    text = edits[0].at.source.text
    for edit in sorted(edits, key=lambda each: each.at.start, reverse=True):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    return text
