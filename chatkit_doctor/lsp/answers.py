"""What the server answers when it is asked of a place: what is said there, and what may be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException

from chatkit_doctor.lsp.actions import Offered, choices, outcome
from chatkit_doctor.lsp.diagnostics import diagnostic
from chatkit_doctor.lsp.hover import hover_text
from chatkit_doctor.lsp.texts.edits import workspace_edit

if TYPE_CHECKING:
    from chatkit_doctor.lsp.desk import Desk
    from chatkit_doctor.lsp.messages import Messages
    from chatkit_doctor.lsp.texts.buffers import Buffer, Buffers
    from chatkit_doctor.lsp.texts.standing import EditorFinding
    from chatkit_doctor.source import Source

_CONTENT_MODIFIED = types.LSPErrorCodes.ContentModified.value


class Answers:
    """The answers of one server.

    can: returns what the editor can do. settled: waits until what is told is about what is open.
    told: what is told now of each open file, by URI; whoever tells it notes it here.
    """

    def __init__(
        self,
        desk: Desk,
        buffers: Buffers,
        messages: Messages,
        can: Callable[[], types.ClientCapabilities],
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._buffers = buffers
        self._messages = messages
        self._can = can
        self._settled = settled
        self.told: dict[str, list[EditorFinding]] = {}

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what is said of the findings at a place, None where there is none."""
        await self._settled()
        buffer = self._buffers.get(params.text_document.uri)
        if buffer is None:
            return None
        at = self._buffers.offset(buffer, params.position)
        here = [each for each in self.told.get(buffer.uri, ()) if each.at.start <= at <= each.at.end]
        if not here:
            return None
        kinds = get_capability(self._can(), "text_document.hover.content_format", [])
        is_markdown = types.MarkupKind.Markdown in (kinds or ())
        kind = types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText
        text = types.MarkupContent(kind, hover_text(here, is_markdown=is_markdown))
        return types.Hover(text, self._buffers.positions.range(here[0].at, after_bom=buffer.has_bom))

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return what may be done at a place; what it changes is told when it is chosen, where the editor asks then."""
        await self._settled()
        buffer = self._buffers.get(params.text_document.uri)
        if buffer is None:
            return []
        start, end = (self._buffers.offset(buffer, each) for each in (params.range.start, params.range.end))
        told = list(self.told.get(buffer.uri, ()))
        here = [each for each in told if each.at.start <= end and start <= each.at.end]
        if not told:
            return []
        only = [str(getattr(each, "value", each)) for each in params.context.only or ()]
        look = self._desk.look_of(buffer.path)
        offered = await self._desk.do(lambda: list(choices(look, told, here, only)))
        found = [self._action(each, buffer) for each in offered]
        if self._resolves_edits:
            return found
        whole = [await self._with_edit(each) for each in found]
        return [each for each in whole if each.edit is not None]

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """Return an action with its edit. Raises JsonRpcException where the text has moved on since it was offered."""
        resolved = await self._with_edit(action)
        if resolved.edit is None:
            why = f"nothing is changed, for {resolved.data}" if isinstance(resolved.data, str) else "nothing is changed"
            self._messages.say(f"{action.title}: {why}", types.MessageType.Warning)
        return resolved

    @property
    def _resolves_edits(self) -> bool:
        support = get_capability(self._can(), "text_document.code_action.resolve_support")
        return support is not None and "edit" in support.properties

    def _action(self, choice: Offered, buffer: Buffer) -> types.CodeAction:
        positions = self._buffers.positions
        return types.CodeAction(
            choice.title,
            kind=choice.kind,
            diagnostics=[diagnostic(choice.about, buffer, positions)] if choice.about is not None else None,
            is_preferred=choice.is_preferred or None,
            data=choice.data(buffer),
        )

    async def _with_edit(self, action: types.CodeAction) -> types.CodeAction:
        """Return an action with its edit, or with the reason why there is none as its data."""
        await self._settled()
        asked: dict[str, Any] = action.data if isinstance(action.data, dict) else {}
        buffer = self._buffers.get(str(asked.get("uri")))
        if buffer is None or buffer.version != asked.get("version"):
            _refuse()
        look = self._desk.look_of(buffer.path)

        def work() -> tuple[dict[Path, tuple[Source, str]], str]:
            project = look.project
            if project is None:
                return {}, "its folder has not been looked at"
            made = outcome(look, project, buffer, asked)
            before = {path: project.read(path) for path in made.texts}
            return {path: (old, made.texts[path]) for path, old in before.items() if old is not None}, made.reason

        changed, reason = await self._desk.do(work)
        open_files = self._buffers.by_path()
        if any(not _is_as_read(source, open_files.get(path)) for path, (source, _) in changed.items()):
            self._desk.note(changed)
            _refuse()
        action.data = reason or None
        if changed:
            versioned = bool(get_capability(self._can(), "workspace.workspace_edit.document_changes"))
            action.edit = workspace_edit(changed, open_files, self._buffers.positions, versioned=versioned)
        return action


def _is_as_read(source: Source, buffer: Buffer | None) -> bool:
    """Return whether a file still holds, in the editor or on disk, what an edit is made for."""
    if buffer is not None:
        return buffer.source.text == source.text
    try:
        return source.path.read_bytes() == source.encode(source.text)
    except OSError:
        return False


def _refuse() -> NoReturn:
    raise JsonRpcException("the text has changed since the action was offered", code=_CONTENT_MODIFIED)
