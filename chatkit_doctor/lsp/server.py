"""The server: takes what the editor says, and tells it what is found after a pause. What is found is the desk's."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder, get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

import chatkit_doctor
from chatkit_doctor.lsp.actions import KINDS
from chatkit_doctor.lsp.answers import Answers
from chatkit_doctor.lsp.desk import Desk, Overtaken
from chatkit_doctor.lsp.diagnostics import diagnostic
from chatkit_doctor.lsp.messages import Messages
from chatkit_doctor.lsp.pause import Pause
from chatkit_doctor.lsp.protocol import DoctorProtocol
from chatkit_doctor.lsp.texts.addresses import path_of
from chatkit_doctor.lsp.texts.buffers import Buffer, Buffers
from chatkit_doctor.lsp.texts.positions import Positions
from chatkit_doctor.lsp.texts.standing import EditorFinding
from chatkit_doctor.lsp.watching import registrations
from chatkit_doctor.lsp.wishes import SECTION, wishes_of

# Seconds without a keystroke before anything is looked at.
_PAUSE = 0.075


class DoctorServer(LanguageServer):
    """One editor's server. was_shut_down: whether the editor has said that it goes."""

    def __init__(self) -> None:
        super().__init__("chatkit-doctor", chatkit_doctor.__version__, protocol_cls=DoctorProtocol)
        self.was_shut_down = False
        self.buffers = Buffers()
        self.desk = Desk()
        self.messages = Messages(self.window_show_message)
        self._pause = Pause(self._look, self.desk.overtake)
        answers = Answers(self.desk, self.buffers, self.messages, lambda: self.client_capabilities, self._pause.settled)
        self._told = answers.told
        self._published: dict[str, tuple[int, list[types.Diagnostic]]] = {}
        handlers: dict[str, tuple[Callable[..., Any], object]] = {
            types.INITIALIZE: (self._initialize, None),
            types.INITIALIZED: (self._initialized, None),
            types.SHUTDOWN: (self._shut_down, None),
            types.TEXT_DOCUMENT_DID_OPEN: (self._opened, None),
            types.TEXT_DOCUMENT_DID_CHANGE: (self._changed, None),
            types.TEXT_DOCUMENT_DID_SAVE: (self._saved, types.SaveOptions(include_text=False)),
            types.TEXT_DOCUMENT_DID_CLOSE: (self._closed, None),
            types.TEXT_DOCUMENT_HOVER: (answers.hover, None),
            types.TEXT_DOCUMENT_CODE_ACTION: (
                answers.actions,
                types.CodeActionOptions([*KINDS], resolve_provider=True),
            ),
            types.CODE_ACTION_RESOLVE: (answers.resolve, None),
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (self._changed_on_disk, None),
            types.WORKSPACE_DID_CHANGE_CONFIGURATION: (self._configured, None),
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (self._moved, None),
        }
        for method, (handler, options) in handlers.items():
            # pygls writes attributes on what it is given, which a bound method does not take.
            self.feature(method, options)(functools.partial(handler))

    # The start, the settings and the end

    def _initialize(self, params: types.InitializeParams) -> None:
        self.buffers.positions = Positions(ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities))
        folders = [each.uri for each in params.workspace_folders or ()] or [params.root_uri or ""]
        self.desk.workspace = [path for uri in folders if (path := path_of(uri)) is not None]
        self._wish(params.initialization_options)

    async def _initialized(self, _: types.InitializedParams) -> None:
        if wanted := registrations(self.client_capabilities):
            try:
                await self.client_register_capability_async(types.RegistrationParams(wanted))
            except JsonRpcException as error:
                # What changes on disk is noticed without being told as well.
                self._log(f"the editor tells of no changes: {error}")
        await self._pull_settings()

    def _shut_down(self, _: None) -> None:
        self.was_shut_down = True

    async def _configured(self, params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, dict) and SECTION in params.settings:
            self._wish(params.settings)
        else:
            await self._pull_settings()

    async def _pull_settings(self) -> None:
        if not get_capability(self.client_capabilities, "workspace.configuration"):
            return
        asked = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
        try:
            told = await self.workspace_configuration_async(asked)
        except JsonRpcException as error:
            self._log(f"the editor tells no settings: {error}")
            return
        # An editor without such settings says null, and what it said at the start holds.
        if told and told[0]:
            self._wish(told[0])

    def _wish(self, told: object) -> None:
        wishes = wishes_of(told)
        self.messages.stand("wishes", wishes.complaints, types.MessageType.Warning)
        self.desk.wish(wishes)
        self._pause.ask(0)

    def _moved(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {path_of(each.uri) for each in params.event.removed}
        added = [path for each in params.event.added if (path := path_of(each.uri)) is not None]
        self.desk.workspace = [path for path in self.desk.workspace if path not in gone] + added
        self._pause.ask(0)

    # The files

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        if self.buffers.open(params.text_document) is not None:
            self._pause.ask(0)

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        if self.buffers.change(params.text_document, params.content_changes) is not None:
            self._pause.ask(_PAUSE)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        buffer = self.buffers.save(params.text_document.uri)
        if buffer is not None:
            self.desk.note([buffer.path])
            self._pause.ask(0)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        if self.buffers.close(uri) is not None:
            self._told.pop(uri, None)
            if self._published.pop(uri, None) is not None:
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
            self._pause.ask(_PAUSE)

    def _changed_on_disk(self, params: types.DidChangeWatchedFilesParams) -> None:
        self.desk.note(path for each in params.changes if (path := path_of(each.uri)) is not None)
        self._pause.ask(_PAUSE)

    # What is found

    async def _look(self) -> bool:
        """Take a look at what is open and tell what is found; return whether nothing has come in between."""
        buffers = self.buffers.by_path()
        try:
            found = await self.desk.look(buffers)
        except Overtaken:
            return False
        except Exception as error:  # noqa: BLE001 - the next look may well succeed, and the editor goes on
            self._tell_of_bug(error)
            return True
        for path, buffer in buffers.items():
            self._publish(buffer, found.get(path, []))
        self.messages.stand("settings", self.desk.errors(), types.MessageType.Error)
        for bug in self.desk.new_bugs():
            self._log(bug)
        return True

    def _publish(self, looked_at: Buffer, told: list[EditorFinding]) -> None:
        """Tell what is found in a file, unless it was closed meanwhile, has moved on, or was told just that."""
        uri = looked_at.uri
        buffer = self.buffers.get(uri)
        if buffer is None or buffer.source is not looked_at.source:
            return
        self._told[uri] = told
        found = [diagnostic(each, buffer, self.buffers.positions) for each in told]
        if self._published.get(uri) != (buffer.version, found):
            self._published[uri] = (buffer.version, found)
            params = types.PublishDiagnosticsParams(uri, found, version=buffer.version)
            self.text_document_publish_diagnostics(params)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Write down what went wrong with a message; pygls would show each to the person at the editor."""
        self._log(f"{getattr(source, '__name__', source)}: {error}")

    def _log(self, line: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, line))

    def _tell_of_bug(self, error: Exception) -> None:
        self._log("".join(traceback.format_exception(error)))
        self.messages.stand("bug", [f"it failed itself: {type(error).__name__}: {error}"], types.MessageType.Error)
