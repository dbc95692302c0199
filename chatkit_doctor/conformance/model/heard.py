"""What a request tells the model, the same for every API: who said what, in order, and which tools there are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from chatkit_doctor.conformance.model.json_body import Json


@dataclass
class Heard:
    """A request. said: role and text, the instructions first. tools: the functions by name, with their JSON schemas.

    results: what tools gave back. schema: what the answer must fit, None for text. yes: what it says to each yes or no.
    """

    body: Json
    said: list[tuple[str, str]] = field(default_factory=list)
    tools: dict[str, Json] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)
    schema: Json | None = None
    yes: bool = True

    @property
    def last_user_text(self) -> str:
        """Return what a user said last."""
        return next((text for role, text in reversed(self.said) if role == "user"), "")

    def places(self, text: str) -> list[int]:
        """Return the numbers of the entries of `said` that hold a text, once for each time that it is in there."""
        return [number for number, (_, said) in enumerate(self.said) for _ in range(said.count(text))]


def of_completions(body: Json) -> Heard:
    """Return what a request of the Chat Completions API says."""
    heard = Heard(body)
    for message in body.get("messages", ()):
        text = _text(message.get("content"))
        (heard.results if message.get("role") == "tool" else heard.said).append(
            text if message.get("role") == "tool" else (message.get("role", ""), text)  # type: ignore[arg-type]
        )
    for tool in body.get("tools") or ():
        function = tool.get("function", {})
        heard.tools[function.get("name", "")] = function.get("parameters") or {}
    wanted = body.get("response_format") or {}
    heard.schema = (wanted.get("json_schema") or {}).get("schema")
    return heard


def of_responses(body: Json, before: list[tuple[str, str]]) -> Heard:
    """Return what a request of the Responses API says; before: what was said up to its `previous_response_id`."""
    heard = Heard(body)
    if body.get("instructions"):
        heard.said.append(("system", str(body["instructions"])))
    heard.said += before
    given = body.get("input")
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given or ():
        if item.get("type") == "function_call_output":
            heard.results.append(_text(item.get("output")))
        elif "role" in item:
            heard.said.append((item["role"], _text(item.get("content"))))
    for tool in body.get("tools") or ():
        if tool.get("type") == "function":
            heard.tools[tool["name"]] = tool.get("parameters") or {}
    wanted = (body.get("text") or {}).get("format") or {}
    heard.schema = wanted.get("schema") if wanted.get("type") == "json_schema" else None
    return heard


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return "" if content is None else json.dumps(content)


def example(schema: Json, root: Json | None = None, *, yes: bool = True) -> Any:
    """Return a value that fits a JSON schema, as plain as it can be. yes: what it says to a yes or no."""
    root = root if root is not None else schema
    if "$ref" in schema:
        target: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target.get(part, {})
        return example(target, root, yes=yes)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", [None])), None))
    for choice in ("anyOf", "oneOf", "allOf"):
        if schema.get(choice):
            return example(schema[choice][0], root, yes=yes)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        wanted = schema.get("required", list(schema.get("properties", {})))
        return {
            name: example(each, root, yes=yes) for name, each in schema.get("properties", {}).items() if name in wanted
        }
    if kind == "array":
        return [example(schema["items"], root, yes=yes)] if schema.get("minItems") and "items" in schema else []
    plain = {"string": "text", "integer": 1, "number": 1.5, "boolean": yes}
    return plain.get(str(kind))
