"""What of a Python export no program can move: each with its line and what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that is left to a person. line: in the export, 0 where it is not known."""

    line: int
    what: str
    todo: str


_SAME_PROJECT = "use an API key of the project that they belong to"


def leftovers(tree: ast.Module) -> Iterator[Leftover]:
    """Yield what is left of an export, in the order of its text."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield from _of_call(node, name)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _of_function(node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as value) if name.endswith("_config"):
                yield from _of_guardrails(value)
            case ast.Assign(targets=[ast.Name(id="state")], value=ast.Dict(keys=[_, *_])):
                todo = "keep it with the thread (thread.metadata in server.py) where it has to outlive a message"
                yield Leftover(node.lineno, "state starts anew with each message", todo)


def _of_call(call: ast.Call, name: str) -> Iterator[Leftover]:
    given = {each.arg: each.value for each in call.keywords if each.arg}
    if name == "FileSearchTool":
        ids = ", ".join(_texts(given.get("vector_store_ids")))
        yield Leftover(call.lineno, f"files are searched in the vector store {ids}".rstrip(), _SAME_PROJECT)
    elif name == "CodeInterpreterTool":
        files = ", ".join(
            each
            for each in _texts(given.get("tool_config"))
            if each.startswith(("file-", "file_")) and each != "file_ids"
        )
        if files:
            yield Leftover(call.lineno, f"code runs with the files {files}", _SAME_PROJECT)
    elif name == "HostedMCPTool":
        config = dict(_entries(given.get("tool_config")))
        label = config.get("server_label", "")
        if "connector_id" in config:
            todo = "get an OAuth token for it and hand it over as authorization"
            yield Leftover(call.lineno, f"the connector {config['connector_id']} needs a token of its user", todo)
        elif config.get("authorization"):
            yield Leftover(
                call.lineno, f"the token of the MCP server {label} stands in the code", "read it from the environment"
            )
        if config.get("require_approval", "never") != "never":
            yield Leftover(
                call.lineno,
                f"the MCP server {label} asks for approval, which nobody gives",
                "set require_approval to never, or ask in the chat",
            )


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Leftover]:
    is_tool = any(isinstance(each, ast.Name) and each.id == "function_tool" for each in node.decorator_list)
    if is_tool and all(isinstance(each, ast.Pass | ast.Expr) for each in node.body):
        yield Leftover(
            node.lineno, f"the tool {node.name} has no body: Agent Builder knows only its schema", "write it"
        )
    if node.name.startswith("approval_request"):
        yield Leftover(node.lineno, f"{node.name} approves everything", "ask the user, with a widget or in words")


def _of_guardrails(value: ast.Dict) -> Iterator[Leftover]:
    names = [text for key, text in _entries(value) if key == "name"]
    if "guardrails" in _texts(value) and names:
        listed = ", ".join(names)
        yield Leftover(
            value.lineno, f"guardrails ({listed}) run here now", "look at the models that they ask, with your key"
        )

    if "Contains PII" in names:
        todo = "install it beside the requirements: python -m spacy download en_core_web_sm"
        yield Leftover(value.lineno, "the guardrail Contains PII reads with the spaCy model en_core_web_sm", todo)


def _texts(node: ast.expr | None) -> list[str]:
    if node is None:
        return []
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _entries(node: ast.expr | None) -> Iterator[tuple[str, str]]:
    """Yield the entries of the dictionaries in an expression, whose keys and values are texts."""
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                    yield str(key.value), str(value.value)
