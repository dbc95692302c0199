"""What a TypeScript export defines before it runs: schemas, tools, agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.workflow.leftovers import Leftover
from chatkit_doctor.migrate.workflow.ts_expressions import Expressions, Untranslatable, snake
from chatkit_doctor.migrate.workflow.ts_schemas import Schemas
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_SETTINGS = frozenset({"temperature", "topP", "maxTokens", "store", "parallelToolCalls", "toolChoice", "truncation"})
# Hosted tools: the class, and the type of the configuration that it takes whole.
_HOSTED = {
    "hostedMcpTool": ("HostedMCPTool", "mcp"),
    "codeInterpreterTool": ("CodeInterpreterTool", "code_interpreter"),
    "imageGenerationTool": ("ImageGenerationTool", "image_generation"),
}


class Definitions:
    """Writes the definitions of one export, in its order.

    lines: of the Python module. schema_of: the agents, each with whether its answer has a schema.
    """

    def __init__(self, document: Document, expressions: Expressions) -> None:
        self.lines: list[str] = []
        self.schema_of: dict[str, bool] = {}
        self.left: list[Leftover] = []
        self._document = document
        self._expressions = expressions
        self._schemas = Schemas(document)

    def define(self, name: str, value: Node) -> bool:
        """Write what a top-level constant defines; return whether it is something that an export defines."""
        function = field(value, "function") or field(value, "constructor")
        called = self._document.text(function) if function is not None else ""
        arguments = field(value, "arguments")
        given = without_comments(arguments) if arguments is not None else []
        match value.type, called:
            case "call_expression", "z.object" if given:
                self.lines += ["", "", *self._schemas.models(name, value)]
            case "call_expression", "tool" if given:
                self._function(given[0])
            case "call_expression", "fileSearchTool" if given:
                self.lines.append(f"{snake(name)} = FileSearchTool(vector_store_ids={self._as_list(given[0])})")
            case "call_expression", "webSearchTool":
                self.lines.append(f"{snake(name)} = WebSearchTool({', '.join(self._keywords(given))})")
            case "call_expression", _ if called in _HOSTED and given:
                kind, type_ = _HOSTED[called]
                self.lines.append(
                    f'{snake(name)} = {kind}(tool_config={{"type": "{type_}", {self._configuration(given[0])}}})'
                )
            case ("new_expression", "Agent") | ("call_expression", "Agent.create") if given:
                self._agent(name, given[0])
            case "object", _ if any(key == "guardrails" for key, _ in self._entries(value)):
                self.lines += ["", f"{snake(name)} = {self._expressions.write(value)}"]
            case "arrow_function", _ if "runContext" in self._document.text(value):
                self._instructions(name, value)
            case _:
                return False
        return True

    def _function(self, given: Node) -> None:
        entries = dict(self._entries(given))
        name = self._string(entries.get("name")) or "tool"
        parameters = entries.get("parameters")
        typed = (
            [f"{key}: {kind}" for key, kind in self._schemas.fields(parameters, snake(name).title())]
            if parameters
            else []
        )
        line = given.start_point.row + 1
        what = (
            f"the tool {name} is code in TypeScript"
            if "TODO" not in self._document.text(given)
            else f"the tool {name} has no body"
        )
        self.left.append(Leftover(line, what, f"write {snake(name)} in app/workflow.py"))
        described = self._string(entries.get("description"))
        self.lines += [
            "",
            "",
            *self._schemas.pending(),
            "@function_tool",
            f"def {snake(name)}({', '.join(typed)}) -> str:",
        ]
        if described:
            self.lines.append(f"    {self._expressions.write(entries['description'])}")
        self.lines.append(f'    raise NotImplementedError("{snake(name)} is still to be written")')
        self.lines += ["", ""]

    def _agent(self, name: str, given: Node) -> None:
        entries = dict(self._entries(given))
        self.schema_of[name] = "outputType" in entries and self._document.text(entries["outputType"]) != "text"
        keywords = []
        for key, value in entries.items():
            if key == "modelSettings":
                keywords.append(f"model_settings={self._model_settings(value)}")
            elif key == "outputType":
                if self.schema_of[name]:
                    keywords.append(f"output_type={self._output_type(name, value)}")
            elif key in {"name", "instructions", "model", "tools", "handoffs", "handoffDescription"}:
                keywords.append(f"{snake(key)}={self._expressions.write(value)}")
            else:
                self.left.append(
                    Leftover(value.start_point.row + 1, f"{key} of the agent {name}", "carry it over by hand")
                )
        self.lines += [
            "",
            "",
            *self._schemas.pending(),
            f"{snake(name)} = Agent(",
            *(f"    {each}," for each in keywords),
            ")",
        ]

    def _output_type(self, agent: str, value: Node) -> str:
        if value.type == "identifier":
            return self._document.text(value)
        name = f"{agent[:1].upper()}{agent[1:]}Schema"
        self._schemas.keep(name, value)
        return name

    def _model_settings(self, value: Node) -> str:
        keywords = []
        for key, each in self._entries(value):
            if key == "reasoning":
                keywords.append(f"reasoning=Reasoning({', '.join(self._keywords([each]))})")
            elif key in _SETTINGS:
                keywords.append(f"{snake(key)}={self._expressions.write(each)}")
            else:
                self.left.append(
                    Leftover(each.start_point.row + 1, f"the model setting {key}", "carry it over by hand")
                )
        return f"ModelSettings({', '.join(keywords)})"

    def _instructions(self, name: str, function: Node) -> None:
        """Write a function that makes instructions from the context of a run."""
        names = [
            self._document.text(each)
            for node in walk(function)
            if node.type == "object_pattern"
            for each in node.named_children
            if each.type == "shorthand_property_identifier_pattern"
        ]
        returned = [node for node in walk(function) if node.type == "return_statement"]
        if not returned:
            raise Untranslatable(function)
        self.lines += ["", "", f"def {snake(name)}(run_context: RunContextWrapper, _agent: Agent) -> str:"]
        self.lines += [f"    {snake(each)} = run_context.context.{snake(each)}" for each in names]
        self.lines.append(f"    return {self._expressions.write(returned[0].named_children[0])}")

    def _configuration(self, given: Node) -> str:
        return ", ".join(f'"{snake(key)}": {self._expressions.write(value)}' for key, value in self._entries(given))

    def _keywords(self, given: list[Node]) -> Iterator[str]:
        for each in given[:1]:
            yield from (f"{snake(key)}={self._expressions.write(value)}" for key, value in self._entries(each))

    def _as_list(self, node: Node) -> str:
        text = self._expressions.write(node)
        return text if text.startswith("[") else f"[{text}]"

    def _entries(self, node: Node) -> Iterator[tuple[str, Node]]:
        for each in without_comments(node):
            key, value = field(each, "key"), field(each, "value")
            name = key_text(self._document, key) if key is not None else None
            if name is not None and value is not None:
                yield name, value
            elif each.type == "shorthand_property_identifier":
                yield self._document.text(each), each

    def _string(self, node: Node | None) -> str:
        return (
            self._document.text(node)[1:-1] if node is not None and node.type in {"string", "template_string"} else ""
        )
