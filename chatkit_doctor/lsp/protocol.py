"""The protocol as pygls speaks it, but for the texts of open files, which are kept here.

pygls counts lines as `str.splitlines` does, so that a form feed, which Python code may hold, would shift its edits.
"""

from __future__ import annotations

from typing import Any

from pygls.protocol import LanguageServerProtocol


class DoctorProtocol(LanguageServerProtocol):
    """What pygls does itself with open files is left out; the server's own handlers are called."""

    lsp_text_document__did_open: Any = None
    lsp_text_document__did_change: Any = None
    lsp_text_document__did_close: Any = None
    lsp_notebook_document__did_open: Any = None
    lsp_notebook_document__did_change: Any = None
    lsp_notebook_document__did_close: Any = None
