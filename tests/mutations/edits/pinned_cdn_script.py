"""CK503 in the reference app: a hash of the script that is there today."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import PAGE

_HASH = 'integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6"'

MUTATIONS = (mutation("CK503", "integrity", _HASH, Edit(PAGE, 'chatkit.js" async', f'chatkit.js" {_HASH} async')),)
