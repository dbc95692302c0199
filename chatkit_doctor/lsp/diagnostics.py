"""Findings as an editor's diagnostics."""

from __future__ import annotations

from lsprotocol import types

from chatkit_doctor.finding import Elsewhere, Severity
from chatkit_doctor.lsp.texts.addresses import uri_of
from chatkit_doctor.lsp.texts.buffers import Buffer
from chatkit_doctor.lsp.texts.positions import Positions
from chatkit_doctor.lsp.texts.standing import EditorFinding
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports.drawing.cells import visible

SOURCE = "chatkit-doctor"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
# By the first word of the rule's name: what can go is shown faint, what will go is struck through.
_TAGS = {
    "unused": types.DiagnosticTag.Unnecessary,
    "deprecated": types.DiagnosticTag.Deprecated,
    "retired": types.DiagnosticTag.Deprecated,
}


def diagnostic(told: EditorFinding, buffer: Buffer, positions: Positions) -> types.Diagnostic:
    """Return a finding as the editor shows it; what stands elsewhere is where it was when it was found."""
    finding = told.finding
    rule = page(finding.code)
    tag = _TAGS.get(rule.name.partition("-")[0])
    return types.Diagnostic(
        positions.range(told.at, after_bom=buffer.has_bom),
        visible(finding.message),
        severity=_SEVERITIES[told.severity],
        code=finding.code,
        code_description=types.CodeDescription(rule.url),
        source=SOURCE,
        tags=[tag] if tag is not None else None,
        related_information=[_related(elsewhere, positions)] if (elsewhere := finding.elsewhere) is not None else None,
    )


def _related(elsewhere: Elsewhere, positions: Positions) -> types.DiagnosticRelatedInformation:
    place = types.Location(uri_of(elsewhere.at.path), positions.range(elsewhere.at))
    return types.DiagnosticRelatedInformation(place, visible(elsewhere.label))
