"""CK417: what a page cannot hold: many importers, chains of them, and lazy ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_PACKAGE = '{ "dependencies": { "next": "^15.0.0" } }'
_CHAT = (
    "import { useChatKit } from '@openai/chatkit-react'\n"
    "export const Chat = () => useChatKit({ api: { url: '/c', domainKey: 'k' } }).control.options.frameTitle\n"
)


@pytest.mark.parametrize(
    ("importer", "is_found"),
    [
        ("import { Chat } from '../Chat'\nexport default () => <Chat />\n", True),
        ("'use client'\nimport { Chat } from '../Chat'\nexport default () => <Chat />\n", False),
        ("import dynamic from 'next/dynamic'\nconst Chat = dynamic(() => import('../Chat'))\n", False),
        ("import type { Chat } from '../Chat'\nexport default () => null\n", False),
        ("export { Chat as default } from '../Chat'\n", True),
    ],
)
def test_how_a_page_gets_to_the_chat(importer: str, is_found: bool, tmp_path: Path) -> None:
    files = {"package.json": _PACKAGE, "Chat.tsx": _CHAT, "app/page.tsx": importer}
    assert bool(Folder(tmp_path, "CK417").findings(files)) is is_found


def test_one_server_component_among_the_importers_is_enough(tmp_path: Path) -> None:
    files = {
        "package.json": _PACKAGE,
        "Chat.tsx": _CHAT,
        "app/one/page.tsx": "'use client'\nimport { Chat } from '../../Chat'\nexport default () => <Chat />\n",
        "app/two/page.tsx": "import { Chat } from '../../Chat'\nexport default () => <Chat />\n",
    }
    (found,) = Folder(tmp_path, "CK417").findings(files)
    assert "app/two/page.tsx" in found.message


def test_a_ring_of_imports_ends(tmp_path: Path) -> None:
    files = {
        "package.json": _PACKAGE,
        "app/Chat.tsx": _CHAT + "import './Frame'\n",
        "app/Frame.tsx": "import './Chat'\n",
    }
    assert Folder(tmp_path, "CK417").findings(files) == []
