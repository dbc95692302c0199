"""PHP: what it prints is read at its place, what its code makes is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import StringValue, TemplateValue, UnknownValue, Value
from chatkit_doctor.web.formats.php import read_php
from chatkit_doctor.web.markup import elements
from tests.web.support import MemoryFiles


@pytest.mark.parametrize(
    ("written", "view"),
    [
        (b"<p><?= $a ?></p>", b"<p>_________</p>"),
        (b"<p><?php if ($a): ?>b<?php endif ?></p>", b"<p>" + b" " * 17 + b"b" + b" " * 14 + b"</p>"),
        (b"<?php\n$a = '<b>';\n", b"     \n           \n"),
        (b"<?php echo '<a-b>';", b"            <a-b>  "),
        (b"<?php echo '<a-b c=\"' . $d . '\">';", b'            <a-b c="__________">  '),
        (b"<?php f('<a-b>', '</a-b>');", b"         <a-b>    </a-b>   "),
        (b"<?php echo \"<a-b c='{$d}'>$e</a-b>\";", b"            <a-b c='____'>__</a-b>  "),
        (b"<?php // '<a-b>'\n# \"<a-b>\"\n/* '<a-b>' */ ?>x", b" " * 16 + b"\n" + b" " * 9 + b"\n" + b" " * 16 + b"x"),
        (b"<?php echo <<<A\n<a-b>$c</a-b>\nA;\nd('<a-b>');", b"               \n<a-b>__</a-b>\n  \n   <a-b>   "),
        (b"<?php echo sprintf('<a-b c=\"%s\">', $d);", b'                    <a-b c="__">       '),
        (b"<?php $never = '", b"                "),
        (b"no code at all", b"no code at all"),
    ],
)
def test_code_is_covered(written: bytes, view: bytes) -> None:
    assert read_php(written).data == view


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("'a'", StringValue),
        ("'<?php echo esc_js($a); ?>'", TemplateValue),
        ("<?php echo wp_json_encode( $a ); ?>", UnknownValue),
        ("<?= json_encode(['a' => 1]) ?>", UnknownValue),
    ],
)
def test_what_code_prints_is_not_known(code: str, kind: type[Value]) -> None:
    document = Document(Source(Path("a.php"), f"<?php é(); ?>\n<script>const it = {code};</script>"))
    (declarator,) = document.find("variable_declarator")
    value = declarator.child_by_field_name("value")

    assert document.error_count == 0
    assert value is not None
    assert isinstance(MemoryFiles({}).evaluator().evaluate(document, value), kind)
    assert document.location(declarator).text == f"it = {code}"


def test_elements_in_code_are_at_their_place() -> None:
    document = Document(Source(Path("a.php"), "<?php\nreturn '<p>é</p><a-b id=\"' . $id . '\"></a-b>';\n"))
    (element,) = elements(document, "a-b")
    assert element.location.text == "<a-b id=\"' . $id . '\">"
