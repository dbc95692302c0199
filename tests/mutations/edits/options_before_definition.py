"""CK416 in the reference app: a second chat on the page itself, which is given its options at once."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import PAGE

_ROOT = '<div id="root"></div>'
_CHAT = """<div id="root"></div>
    <openai-chatkit id="chat"></openai-chatkit>
    <script>
      const chat = document.getElementById('chat')
      chat.setOptions({ api: { url: '/chatkit', domainKey: 'local-dev' } })
    </script>"""

MUTATIONS = (mutation("CK416", "async", "chat.setOptions", Edit(PAGE, _ROOT, _CHAT), beside=("CK402", "CK409")),)
