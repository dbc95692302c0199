"""CK603 in the reference app: versions that were never released, and a range that freezes."""

from __future__ import annotations

from chatkit_doctor.finding import Severity
from tests.mutations.app import Edit, mutation
from tests.mutations.edits.wrong_package import REQUIREMENTS

PACKAGE = "frontend/package.json"

MUTATIONS = (
    mutation("CK603", "pin", "==0.3.0", Edit(REQUIREMENTS, "openai-chatkit>=1.4,<2", "openai-chatkit==0.3.0")),
    mutation(
        "CK603",
        "npm-range",
        "^0.1.1",
        Edit(PACKAGE, '"@openai/chatkit-react": "^1.6.1"', '"@openai/chatkit-react": "^0.1.1"'),
    ),
    mutation(
        "CK603",
        "frozen",
        "^0",
        Edit(PACKAGE, '"@openai/chatkit-react": "^1.6.1"', '"@openai/chatkit-react": "^0"'),
        severity=Severity.WARNING,
    ),
)
