"""What fixes write into a file looks like what stands there: blanks in braces, lists on lines of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_BODY = "\n\nexport function Chat() {\n  return useChatKit({\n    api: { url: '/chatkit', domainKey: 'k' },\n  })\n}\n"


@pytest.mark.parametrize(
    ("imports", "written"),
    [
        (
            "import {\n  useEffect,\n  useRef,\n} from 'react'",
            "import {\n  useEffect,\n  useRef,\n  useState,\n} from 'react'",
        ),
        ("import {\n  useEffect\n} from 'react'", "import {\n  useEffect,\n  useState\n} from 'react'"),
        ("import { useEffect } from 'react'", "import { useEffect, useState } from 'react'"),
        ("import React from 'react'", "import React from 'react'"),
        ("import './chat.css'", "import { useState } from 'react'\nimport './chat.css'"),
    ],
)
def test_a_name_is_imported_as_the_others_are(imports: str, written: str, tmp_path: Path) -> None:
    text = f"import {{ useChatKit }} from '@openai/chatkit-react'\n{imports}{_BODY}"
    fixed = Folder(tmp_path, "CK409").fixed({"Chat.jsx": text}, "Chat.jsx")
    assert fixed is not None
    assert f"'@openai/chatkit-react'\n{written}\n" in fixed


def test_braces_are_written_without_blanks_where_the_file_has_none(tmp_path: Path) -> None:
    text = f"import {{useChatKit}} from '@openai/chatkit-react'{_BODY}".replace("{ url", "{url").replace(
        "'k' }", "'k'}"
    )
    fixed = Folder(tmp_path, "CK409").fixed({"Chat.jsx": text}, "Chat.jsx")
    assert fixed is not None
    assert "import {useState} from 'react'\n" in fixed
    assert "onThreadChange: ({threadId}) => {\n" in fixed
