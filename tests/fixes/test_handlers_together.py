"""Two fixes of one handler: what it is handed is taken apart, and the thread is kept."""

from __future__ import annotations

from pathlib import Path

from tests.fix_helper import fixed_files

_CHAT = """\
import { useChatKit } from '@openai/chatkit-react'
import { useCallback, useState } from 'react'

export function useChat() {
  const [thread, setThread] = useState<string | null>(null)
  const chatkit = useChatKit({
    api: { url: '/chatkit', domainKey: 'local-dev' },
    onThreadChange: useCallback((threadId: string | null) => setThread(threadId), []),
  })
  return { thread, chatkit }
}
"""


def test_a_handler_that_takes_the_id_itself_keeps_the_id(tmp_path: Path) -> None:
    changed = fixed_files(tmp_path, {"Chat.tsx": _CHAT}, ["CK409", "CK421"])

    assert "threadId.threadId" not in changed["Chat.tsx"]
    assert "({ threadId }: { threadId: string | null })" in changed["Chat.tsx"]
    assert "setItem('chatkit-thread-id', threadId)" in changed["Chat.tsx"]
