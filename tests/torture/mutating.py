"""Small projects changed at random, as people and tools change them: most still run, all are read."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

Files = dict[str, str]
Mutation = Callable[[str, "Kit"], str]

_WORD = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_PYTHON = frozenset({".py", ".pyi"})
_SCRIPTS = frozenset({".ts", ".tsx", ".js", ".jsx", ".mjs"})
_BLOCKS = ("if True:", "try:", "def outer():", "class Outer:", "async def outer():", "for each in range(2):")


class Kit:
    """What a mutation draws from. names: what the fixes write; others: texts of other projects in the language."""

    def __init__(self, draw: random.Random, suffix: str, names: Sequence[str], others: Sequence[str]) -> None:
        self.draw = draw
        self.is_python = suffix in _PYTHON
        self.is_script = suffix in _SCRIPTS
        self.names = names
        self.others = others

    def line(self, lines: Sequence[str]) -> int:
        return self.draw.randrange(len(lines))

    def comment(self, text: str) -> str:
        if self.is_python:
            return f"# {text}"
        return f"// {text}" if self.is_script else f"<!-- {text} -->"


def _lines(change: Callable[[list[str], Kit], None]) -> Mutation:
    def changed(text: str, kit: Kit) -> str:
        lines = text.split("\n")
        change(lines, kit)
        return "\n".join(lines)

    return changed


def _drop(lines: list[str], kit: Kit) -> None:
    del lines[kit.line(lines)]


def _double(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    lines.insert(kit.line(lines) if kit.draw.random() < 0.3 else at, lines[at])


def _swap(lines: list[str], kit: Kit) -> None:
    one, other = kit.line(lines), kit.line(lines)
    lines[one], lines[other] = lines[other], lines[one]


def _remark(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    if kit.draw.random() < 0.5:
        lines[at] += "  " + kit.comment(f"remark {at}")
    else:
        blanks = re.match(r"\s*", lines[at])
        lines.insert(at, (blanks[0] if blanks else "") + kit.comment(f"about {at}"))


def _comment_out(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    lines[at] = kit.comment(lines[at].replace("-->", ""))


def _split(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    places = [found.end() for found in re.finditer(r"[,({\[]", lines[at])]
    if places:
        where = kit.draw.choice(places)
        lines[at : at + 1] = [lines[at][:where], "        " + lines[at][where:]]


def _join(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    if at + 1 < len(lines):
        lines[at : at + 2] = [lines[at] + ("; " if kit.draw.random() < 0.3 else " ") + lines[at + 1].lstrip()]


def _shift(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    lines[at] = kit.draw.choice(["    ", "\t", " "]) + lines[at]


def _drop_token(text: str, kit: Kit) -> str:
    tokens = _TOKEN.findall(text)
    if tokens:
        del tokens[kit.draw.randrange(len(tokens))]
    return "".join(tokens)


def _rename(text: str, kit: Kit) -> str:
    """Call something as another thing is called, here or everywhere."""
    words: list[str] = sorted(set(_WORD.findall(text)))
    if len(words) < 2:
        return text
    one = kit.draw.choice(words)
    other = kit.draw.choice([*words, *kit.names])
    if kit.draw.random() < 0.5:
        return re.sub(rf"\b{one}\b", other, text)
    places = list(re.finditer(rf"\b{one}\b", text))
    if not places:
        return text  # a word with a sign at its end has no boundary there
    found = kit.draw.choice(places)
    return text[: found.start()] + other + text[found.end() :]


def _take_name(text: str, kit: Kit) -> str:
    """Give a name that a fix would write to something else."""
    name = kit.draw.choice(kit.names)
    if kit.is_python:
        forms = [f"{name} = None", f"def {name}(*args):\n    return args", f"from elsewhere import {name}"]
        forms += [f"import {name}", f"class {name}:\n    pass", f"from elsewhere import thing as {name}"]
    elif kit.is_script:
        forms = [f"const {name} = null", f"function {name}() {{}}", f"import {{ {name} }} from './elsewhere'"]
        forms += [f"import {name} from './elsewhere'", f"export class {name} {{}}", f"var {name}"]
    else:
        return text
    form = kit.draw.choice(forms) + "\n"
    return form + text if kit.draw.random() < 0.7 else text + form


def _read(text: str, kit: Kit) -> str:
    """Let somebody else read what is there."""
    words = sorted(set(_WORD.findall(text)))
    if not words:
        return text
    name, part = kit.draw.choice(words), kit.draw.choice(words)
    if kit.is_python:
        forms = [
            f"print({name}.{part})",
            f"print({name})",
            f"{name}.{part} = 1",
            f"def use():\n    return {name}.{part}",
        ]
        forms += [f"async def use():\n    await {name}.{part}()\n    {name}.{part}()", f"__all__ = ['{name}']"]
    elif kit.is_script:
        forms = [f"console.log({name}.{part})", f"export {{ {name} }}", f"{name}.{part} = 1", f"fetch({name}.{part})"]
        forms += [f"for (const each of {name}) each.{part}", f"export const use = () => ({{ ...{name} }})"]
    else:
        return text
    return f"{text}\n{kit.draw.choice(forms)}\n"


def _wrap(text: str, kit: Kit) -> str:
    if kit.is_python:
        block = kit.draw.choice(_BLOCKS)
        body = "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))
        return f"{block}\n{body or '    pass'}" + ("except ImportError:\n    pass\n" if block == "try:" else "")
    if kit.is_script:
        return kit.draw.choice(
            ["{{\n{}\n}}", "function outer() {{\n{}\n}}", "export const f = () => {{\n{}\n}}"]
        ).format(text)
    return f"<div>\n{text}\n</div>\n"


def _append(text: str, kit: Kit) -> str:
    other = kit.draw.choice(kit.others)
    return f"{text}\n{other}" if kit.draw.random() < 0.5 else f"{other}\n{text}"


def _other_line_ends(text: str, kit: Kit) -> str:
    if kit.draw.random() < 0.7:
        return text.replace("\n", "\r\n")
    return "".join(each.replace("\n", kit.draw.choice(["\n", "\r\n"])) for each in text.splitlines(keepends=True))


def _no_last_line_end(text: str, kit: Kit) -> str:
    return text.rstrip("\n")


def _mark(text: str, kit: Kit) -> str:
    return "\ufeff" + text


def _foreign(text: str, kit: Kit) -> str:
    """Put characters where they count more than once in another encoding."""
    return kit.comment(kit.draw.choice(["é", "🚀🚀", "日本", "\u2028", "\x0c", "a\u0301"])) + "\n" + text


def _quotes(text: str, kit: Kit) -> str:
    one, other = kit.draw.choice([("'", '"'), ('"', "'"), ("'", "`")])
    return text.replace(one, other)


def _tabs(text: str, kit: Kit) -> str:
    return re.sub(r"(?m)^(    )+", lambda found: "\t" * (len(found[0]) // 4), text)


def _loosen(text: str, kit: Kit) -> str:
    """Take types away, or put some there."""
    if kit.is_script and kit.draw.random() < 0.5:
        return re.sub(r"const (\w+) =", r"const \1: any =", text, count=1)
    return re.sub(r": \w+(?=[,)=])", "", text, count=kit.draw.randrange(1, 3))


def _ignore(lines: list[str], kit: Kit) -> None:
    at = kit.line(lines)
    code = kit.draw.choice(["CK101", "CK302", "CK401", "CK000", "unknown-option", "CK101, CK102"])
    lines[at] += "  " + kit.comment(f"chatkit-doctor: ignore[{code}]")


_MUTATIONS: tuple[Mutation, ...] = (
    *map(_lines, (_drop, _double, _swap, _remark, _comment_out, _split, _join, _shift, _ignore)),
    *(_drop_token, _rename, _rename, _take_name, _take_name, _read, _read, _wrap, _append, _append, _other_line_ends),
    *(_no_last_line_end, _mark, _foreign, _quotes, _tabs, _loosen),
)


def mutated(
    files: Mapping[str, str], names: Sequence[str], others: Mapping[str, Sequence[str]], draw: random.Random
) -> Files:
    """Return files with one to four changes. others: texts of other projects by suffix."""
    changed = dict(files)
    for _ in range(draw.choice([1, 1, 2, 2, 3, 4])):
        name = draw.choice(sorted(changed))
        suffix = PurePosixPath(name).suffix
        kit = Kit(draw, suffix, names, others[suffix])
        changed[name] = draw.choice(_MUTATIONS)(changed[name], kit)
    if draw.random() < 0.05:
        # The same thing twice in one project.
        name = draw.choice(sorted(changed))
        path = PurePosixPath(name)
        changed[str(path.with_name(f"{path.stem}_too{path.suffix}"))] = changed[name]
    return changed
