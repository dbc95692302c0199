"""An editor for tests: a real client of the protocol, with the doctor as a process of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.commands import ROOT
from tests.forked import programs

_PATIENCE = 60.0
# Most of a server's start goes into them.
_IMPORTED = ("chatkit_doctor.commands.cli", "chatkit_doctor.lsp.server")


def capabilities(**changes: Any) -> types.ClientCapabilities:
    """Return what an editor of today can do, but for some of it."""
    can = {
        "document_changes": True,
        "resolve": True,
        "markdown": True,
        "configuration": True,
        "watches": True,
        "encodings": None,
    } | changes
    edit = types.WorkspaceEditClientCapabilities(document_changes=can["document_changes"])
    resolve = types.ClientCodeActionResolveOptions(["edit"]) if can["resolve"] else None
    kinds = [types.MarkupKind.Markdown] if can["markdown"] else [types.MarkupKind.PlainText]
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=edit,
            configuration=can["configuration"],
            workspace_folders=True,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=can["watches"]),
            did_change_configuration=types.DidChangeConfigurationClientCapabilities(dynamic_registration=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            hover=types.HoverClientCapabilities(content_format=kinds),
            code_action=types.CodeActionClientCapabilities(resolve_support=resolve, data_support=True),
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(version_support=True),
        ),
        general=types.GeneralClientCapabilities(position_encodings=can["encodings"]),
    )


class Editor:
    """One editor. texts: what its open files hold, by path, as it has them. told: the last diagnostics of each."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.texts: dict[Path, str] = {}
        self.versions: dict[Path, int] = {}
        self.told: dict[Path, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.logged: list[str] = []
        self.registered: list[str] = []
        self.settings: object = None
        self.result: types.InitializeResult | None = None
        self._news = asyncio.Condition()

        async def publish(params: types.PublishDiagnosticsParams) -> None:
            path = Path(unquote(params.uri.removeprefix("file://")))
            async with self._news:
                self.told[path] = params
                self._news.notify_all()

        async def show(params: types.ShowMessageParams) -> None:
            async with self._news:
                self.messages.append(params.message)
                self._news.notify_all()

        def log(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        def register(params: types.RegistrationParams) -> None:
            self.registered += [each.method for each in params.registrations]

        def configuration(params: types.ConfigurationParams) -> list[object]:
            if isinstance(self.settings, Exception):
                raise self.settings
            return [self.settings for _ in params.items]

        handlers = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
            types.WINDOW_SHOW_MESSAGE: show,
            types.WINDOW_LOG_MESSAGE: log,
            types.CLIENT_REGISTER_CAPABILITY: register,
            types.WORKSPACE_CONFIGURATION: configuration,
        }
        for method, handler in handlers.items():
            client.feature(method)(handler)

    # What a person does

    def open(self, path: Path, text: str | None = None, language: str = "python") -> None:
        """Open a file, with what is on disk unless a text is given."""
        self.texts[path] = path.read_bytes().decode() if text is None else text
        self.versions[path] = 1
        item = types.TextDocumentItem(path.as_uri(), language, 1, self.texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def write(self, path: Path, text: str) -> None:
        """Have another text in an open file, told whole."""
        self._type(path, text, types.TextDocumentContentChangeWholeDocument(text))

    def replace(self, path: Path, old: str, new: str) -> None:
        """Replace the first of a text in an open file, told as the stretch that changes, in UTF-16."""
        text = self.texts[path]
        start = text.index(old)
        change = types.TextDocumentContentChangePartial(
            types.Range(place(text, start), place(text, start + len(old))), new
        )
        self._type(path, text.replace(old, new, 1), change)

    def _type(self, path: Path, text: str, change: types.TextDocumentContentChangeEvent) -> None:
        self.texts[path] = text
        self.versions[path] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[path], path.as_uri())
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, path: Path) -> None:
        """Write an open file to disk."""
        path.write_text(self.texts[path], encoding="utf-8", newline="")
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(_named(path)))

    def close(self, path: Path) -> None:
        """Close a file, whatever it holds."""
        del self.texts[path], self.versions[path]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(_named(path)))

    def change_on_disk(self, path: Path, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
        """Tell that somebody else has changed a file."""
        event = types.FileEvent(path.as_uri(), kind)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    # What a person sees

    async def until(self, holds: Any, what: str = "what is awaited") -> None:
        """Wait until something holds of what was told."""
        async with self._news, asyncio.timeout(_PATIENCE):
            try:
                await self._news.wait_for(holds)
            except TimeoutError:
                raise AssertionError(
                    f"{what} did not come; told: {self.told}, {self.messages}, {self.logged}"
                ) from None

    async def diagnostics(self, path: Path) -> list[types.Diagnostic]:
        """Return the diagnostics of what an open file holds now."""
        await self.until(
            lambda: path in self.told and self.told[path].version == self.versions[path],
            f"what is found in {path.name}",
        )
        return list(self.told[path].diagnostics)

    async def codes(self, path: Path) -> list[str]:
        """Return the codes of the diagnostics of what an open file holds now."""
        return [str(each.code) for each in await self.diagnostics(path)]

    async def actions(
        self, path: Path, at: types.Range | None = None, only: Sequence[str] | None = None
    ) -> list[types.CodeAction]:
        """Return what may be done in a stretch of a file, by default in all of it."""
        whole = types.Range(types.Position(0, 0), place(self.texts[path], len(self.texts[path])))
        context = types.CodeActionContext([], only=list(only) if only is not None else None)
        params = types.CodeActionParams(_named(path), at or whole, context)
        found = await self.client.text_document_code_action_async(params)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def hover(self, path: Path, at: types.Position) -> types.Hover | None:
        """Return what is said of a place."""
        return await self.client.text_document_hover_async(types.HoverParams(_named(path), at))

    async def choose(self, action: types.CodeAction) -> types.WorkspaceEdit:
        """Choose an action and carry out its edit in the open files; return the edit."""
        resolved = action if action.edit is not None else await self.client.code_action_resolve_async(action)
        assert resolved.edit is not None, self.messages
        for document in resolved.edit.document_changes or ():
            assert isinstance(document, types.TextDocumentEdit)
            path = Path(unquote(document.text_document.uri.removeprefix("file://")))
            if path in self.texts:
                assert document.text_document.version == self.versions[path]
                self.write(path, edited(self.texts[path], document.edits))
        return resolved.edit


def place(text: str, offset: int) -> types.Position:
    """Return where an offset is, in UTF-16, counted apart from how the doctor counts."""
    lines = text[:offset].replace("\r\n", "\n").split("\n")
    return types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)


def offset(text: str, at: types.Position) -> int:
    """Return the offset of a place, in UTF-16."""
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: at.line])
    return before + len(lines[at.line].encode("utf-16-le")[: 2 * at.character].decode("utf-16-le"))


def edited(text: str, edits: Sequence[Any]) -> str:
    """Return a text with edits made, as an editor makes them."""
    for edit in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        text = text[: offset(text, edit.range.start)] + edit.new_text + text[offset(text, edit.range.end) :]
    return text


def marked(text: str, diagnostic: types.Diagnostic) -> str:
    """Return what a diagnostic is about."""
    return text[offset(text, diagnostic.range.start) : offset(text, diagnostic.range.end)]


def _named(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(path.as_uri())


@asynccontextmanager
async def editor(
    *folders: Path, can: types.ClientCapabilities | None = None, options: object = None, settings: object = None
) -> AsyncIterator[Editor]:
    """Give an editor with some folders open; in the end it goes as editors do, and the doctor with 0."""
    client = LanguageClient("tests", "1")
    made = Editor(client)
    made.settings = settings
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = programs.launched(["-m", "chatkit_doctor", "lsp"], _IMPORTED)
    await client.start_io(*command, env=environment)
    params = types.InitializeParams(
        can or capabilities(),
        process_id=os.getpid(),
        initialization_options=options,
        workspace_folders=[types.WorkspaceFolder(each.as_uri(), each.name) for each in folders],
    )
    async with asyncio.timeout(_PATIENCE):
        made.result = await client.initialize_async(params)
    client.initialized(types.InitializedParams())
    try:
        yield made
        async with asyncio.timeout(_PATIENCE):
            await client.shutdown_async(None)
            client.exit(None)
            process = client._server
            assert process is not None
            assert await process.wait() == 0
        assert [each for each in made.logged if "crashed" in each] == []
    finally:
        process = client._server
        if process is not None and process.returncode is None:
            process.kill()
        await client.stop()  # type: ignore[no-untyped-call]
