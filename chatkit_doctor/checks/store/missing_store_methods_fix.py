"""The methods that the fix of CK201 writes into a class: with the SDK's signatures, and honest about doing nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.abstract import Incomplete
from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts import PythonContract, signature_text
from chatkit_doctor.contracts.sdk.callables import CallableContract
from chatkit_doctor.contracts.sdk.sdk_names import ATTACHMENT_STORE
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass

_LEAST_WIDTH, _MOST_WIDTH = 88, 120


@dataclass(frozen=True, slots=True)
class _TypeNames:
    """How a file names the types of some signatures, and the edits that import those it lacks."""

    texts: Mapping[str, str]
    edits: tuple[Edit, ...]


def stubs_fix(app: App, found: Incomplete) -> Fix | None:
    """Return the fix that defines the missing methods, or None where no edit can be right."""
    # What a class of the project declares abstract is to be defined in its place, or in a class below it.
    if found.hidden or found.left_abstract:
        return None
    unsupported = not app.derive(_supports_attachments)
    only_attachments = all(_is_about_attachments(each) for each in found.missing)
    safety = Applicability.SAFE if only_attachments and unsupported else Applicability.UNSAFE
    count = len(found.missing)
    title = f"define {found.missing[0].name}" if count == 1 else f"define the {count} missing methods"
    return Fix(title, safety, lambda: tuple(_edits(app, found, unsupported=unsupported)))


def _is_about_attachments(method: CallableContract) -> bool:
    return method.name.endswith("_attachment")


def _supports_attachments(app: App) -> bool:
    """Return whether the project has an AttachmentStore, so that attachments do come in."""
    return any(
        contract_for(app, view.own.module.source.path).canonical(each) == ATTACHMENT_STORE
        for view in app.hierarchy.views
        for each in view.externals
    )


def _edits(app: App, found: Incomplete, *, unsupported: bool) -> Iterator[Edit]:
    module, node = found.view.own.module, found.view.own.node
    contract = contract_for(app, module.source.path)
    context, needs_any = _context_type(app, found)
    names = _annotation_names(app, found, needs_any=needs_any)
    parameters = {name: context for base in found.view.externals for name in _parameters(contract, base)}
    substitutions = {**parameters, **names.texts}
    substitutions |= {name: substitutions.get(text, text) for name, text in parameters.items()}
    indents = _indents(module, node)
    stubs = [
        _stub(module, method, substitutions, indents, unsupported=unsupported and _is_about_attachments(method))
        for method in found.missing
    ]
    yield _insertion(module, node, indents[0], "\n\n".join(stubs))
    yield from names.edits


def _parameters(contract: PythonContract, base: str) -> tuple[str, ...]:
    found = contract.class_(base)
    return found.type_parameters if found else ()


def _context_type(app: App, found: Incomplete) -> tuple[str, bool]:
    """Return the text of the request context's type, as the class writes it, and whether it needs `Any` imported."""
    module, node = found.view.own.module, found.view.own.node
    for function in node.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*function.args.args, *function.args.kwonlyargs]
            annotation = next(
                (each.annotation for each in arguments if each.arg == "context" and each.annotation), None
            )
            if annotation is not None:
                return module.location(annotation).text, False
    contract = contract_for(app, module.source.path)
    for base in node.bases:
        if isinstance(base, ast.Subscript) and not isinstance(base.slice, ast.Tuple):
            dotted = app.names(module).qualified(base.value)
            if dotted and _parameters(contract, dotted):
                return module.location(base.slice).text, False
    return "Any", not any(each.dotted == "typing.Any" for each in app.names(module).module_level("Any"))


def _annotation_names(app: App, found: Incomplete, *, needs_any: bool) -> _TypeNames:
    """Return how the file names the types of the missing methods, or is to name them."""
    module = found.view.own.module
    contract = contract_for(app, module.source.path)
    names = app.names(module)
    wanted: dict[str, set[str]] = {"typing": {"Any"}} if needs_any else {}
    for path, name in {each for method in found.missing for each in contract.annotation_imports(method)}:
        bound = names.module_level(name)
        # An alias that the file makes for itself is what its own methods are annotated with.
        if not bound or any(each.kind is not BindingKind.ASSIGNMENT for each in bound):
            wanted.setdefault(path, set()).add(name)
    brought = imported(names, wanted, same=lambda dotted, name: name in {dotted, contract.canonical(dotted)})
    return _TypeNames(brought.local, brought.edits)


def _stub(
    module: Module, method: CallableContract, texts: dict[str, str], indents: tuple[str, str], *, unsupported: bool
) -> str:
    said = "attachments are not supported" if unsupported else f"{method.name} is not implemented"
    indent, step = indents
    # As text, since unparsing would rewrite the quotes of a type that is written as a string.
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, texts))})\b")
    signature = names.sub(lambda match: texts[match.group()], signature_text(method))
    header = _wrapped(signature, len(indent), step, module.derive(_width))
    lines = [*header, f'{step}raise NotImplementedError("{said}")']
    return "\n".join(indent + line for line in lines)


def _wrapped(header: str, indent: int, step: str, width: int) -> list[str]:
    """Break a header that is too long as a formatter would: the parameters on a line, or on a line each."""
    if indent + len(header) <= width:
        return [header]
    opening = header.index("(") + 1
    closing = header.rindex(") ->") if ") ->" in header else header.rindex("):")
    parameters = header[opening:closing]
    if indent + len(step) + len(parameters) <= width:
        return [header[:opening], f"{step}{parameters}", header[closing:]]
    return [header[:opening], *(f"{step}{each}," for each in _split(parameters)), header[closing:]]


def _split(parameters: str) -> list[str]:
    parts, depth = [""], 0
    for character in parameters:
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [each.strip() for each in parts]


def _width(module: Module) -> int:
    """Return how wide the file's lines may be: as its widest one, within what formatters do."""
    widest = max(len(module.source.line(number)) for number in range(1, module.source.line_count + 1))
    return max(_LEAST_WIDTH, min(_MOST_WIDTH, widest))


def _indents(module: Module, node: ast.ClassDef) -> tuple[str, str]:
    """Return the indentation of a class's body, and by how much it is deeper than the class."""
    line = module.source.line(node.lineno)
    outer = line[: len(line) - len(line.lstrip())]
    at = module.location(node.body[0])
    before = module.source.line(at.first.line)[: at.first.column - 1]
    if before.strip() or not before.startswith(outer):
        return f"{outer}    ", "    "
    return before, before[len(outer) :]


def _insertion(module: Module, node: ast.ClassDef, indent: str, text: str) -> Edit:
    """Put methods behind the last statement of a class, or in the place of a body that is only `pass`."""
    source = module.source
    first, last = module.location(node.body[0]), module.location(node.body[-1])
    end = source.line_start(last.last.line) + len(source.line(last.last.line))
    is_one_line = bool(source.line(first.first.line)[: first.first.column - 1].strip())
    start = len(source.text[: first.start].rstrip(" \t")) if is_one_line else source.line_start(first.first.line)
    break_ = "\n" if is_one_line else ""
    if len(node.body) == 1 and _is_placeholder(node.body[0]):
        return Edit(source.location(start, first.end), _lines(module, f"{break_}{text}"))
    if is_one_line:
        body = source.text[first.start : end]
        return Edit(source.location(start, end), _lines(module, f"\n{indent}{body}\n\n{text}"))
    return Edit(source.location(end, end), _lines(module, f"\n\n{text}"))


def _lines(module: Module, text: str) -> str:
    return text.replace("\n", module.source.newline)


def _is_placeholder(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
