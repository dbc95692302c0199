"""CK606 in the reference app: the page asks for a secret of a hosted workflow in the place of its own server."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_OWN = """\
      url: CHATKIT_URL,
      domainKey: DOMAIN_KEY,
      fetch: fetchAsUser,
      uploadStrategy: { type: 'two_phase' },
"""
_HOSTED = """\
      async getClientSecret() {
        const made = await fetch('/api/session', { method: 'POST' })
        return (await made.json()).client_secret
      },
"""

MUTATIONS = (mutation("CK606", "page", "getClientSecret", Edit(CHAT, _OWN, _HOSTED), fixable=False),)
