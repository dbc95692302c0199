"""CK502 in the reference app: the package of types and a host that is not OpenAI's CDN, in the place of the script."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import PAGE

_RIGHT = 'src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async'
_PACKAGE = "https://cdn.jsdelivr.net/npm/@openai/chatkit@1.9.0/dist/chatkit.js"
_INVENTED = "https://cdn.openai.com/chatkit/v1/chatkit.js"

MUTATIONS = (
    mutation("CK502", "npm-package", _PACKAGE, Edit(PAGE, _RIGHT, f'src="{_PACKAGE}" async')),
    mutation("CK502", "invented-host", _INVENTED, Edit(PAGE, _RIGHT, f'type="module" src="{_INVENTED}"')),
)
