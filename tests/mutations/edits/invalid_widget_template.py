"""CK116: a widget of the reference app whose file is of a version that there is not."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation
from tests.mutations.rows import SERVER

FILE = "backend/app/consent.widget"
TEXT = '{"version": "2.0", "name": "Consent", "template": "{\\"type\\":\\"Card\\",\\"children\\":[]}"}\n'

MUTATIONS = (
    Mutation(
        "CK116",
        "version",
        (
            Edit(
                SERVER,
                "TITLE_LENGTH = 40\n",
                'TITLE_LENGTH = 40\nCONSENT = WidgetTemplate.from_file("consent.widget")\n',
            ),
            Edit(
                SERVER,
                "    UserMessageTextContent,\n)\n",
                "    UserMessageTextContent,\n)\nfrom chatkit.widgets import WidgetTemplate\n",
            ),
            Edit(FILE, None, TEXT),
        ),
        FILE,
        '"2.0"',
        fixable=False,
    ),
)
