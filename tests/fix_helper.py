"""The one helper through which the fix of every rule is tested."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.records import replace
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.writing import write
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import walk
from tests.projects import write_exactly


def fixed_files(
    root: Path,
    files: Mapping[str, str],
    codes: Sequence[str],
    *,
    targets: Sequence[str] = (),
    removed_comments: Collection[str] = (),
) -> dict[str, str]:
    """Mend a project with some rules, safe and unsafe fixes alike, and return the files that changed.

    files: texts by path, as they go to disk. removed_comments: those, as written, that the fixes may take away.

    Holds what is true of every fix: it is made, it clears its finding and brings none of any rule, the files
    parse no worse, comments survive, what goes to disk is what was computed, and a second run changes nothing.
    """
    write_exactly(root, files)
    only_scan = Options(targets=tuple(targets))
    everything = _run(root, only_scan)
    options = replace(only_scan, select=tuple(codes), fix=True, unsafe_fixes=True)

    result = _run(root, options)

    fix_result = result.fix_result
    assert fix_result is not None
    assert fix_result.errors == []
    assert fix_result.held_back == []
    assert result.fixed, "nothing was fixed"
    assert not [finding.message for finding in result.findings if finding.fix], "something fixable is left"
    changed = {path.relative_to(root).as_posix(): text for path, text in fix_result.texts.items()}
    for name, text in changed.items():
        assert_parses_no_worse(Path(name), files[name], text)
        assert_comments_survive(Path(name), files[name], text, removed_comments)
    assert write(fix_result, result.project) == []
    assert {name: (root / name).read_bytes().decode() for name in files} == {**files, **changed}
    assert not _counted(_run(root, only_scan).findings) - _counted(everything.findings), "the fix brought findings"
    again = _run(root, options)
    assert again.fix_result is not None
    assert again.fix_result.texts == {}, "a second run changes something"
    return changed


def assert_parses_no_worse(path: Path, before: str, after: str) -> None:
    """Assert that a file has no more syntax errors than it had."""
    kind = kind_of(path.name)
    if kind is FileKind.PYTHON and _compiles(path, before):
        compile(after, path, "exec")
    if kind is FileKind.WEB:
        assert _document(path, after).error_count <= _document(path, before).error_count


def assert_comments_survive(path: Path, before: str, after: str, removed: Collection[str] = ()) -> None:
    """Assert that each comment is there as often as it was, those in `removed` apart."""
    lost = Counter(_comments(path, before)) - Counter(_comments(path, after))
    assert not set(lost) - set(removed), f"{path} lost comments"


def _run(root: Path, options: Options) -> ScanResult:
    result = run([root], options)
    assert not result.internal_errors, result.internal_errors[0].traceback
    return result


def _counted(findings: Sequence[Finding]) -> Counter[tuple[str, str, Path]]:
    return Counter((finding.code, finding.message, finding.at.path) for finding in findings)


def _compiles(path: Path, text: str) -> bool:
    try:
        compile(text, path, "exec")
    except SyntaxError:
        return False
    return True


def _document(path: Path, text: str) -> Document:
    return Document(Source(path, text))


def _comments(path: Path, text: str) -> Iterator[str]:
    kind = kind_of(path.name)
    if kind is FileKind.PYTHON:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
    if kind is FileKind.WEB:
        document = _document(path, text)
        nodes = (node for root in document.roots for node in walk(root))
        yield from (document.text(node).strip() for node in nodes if node.type in {"comment", "html_comment"})
