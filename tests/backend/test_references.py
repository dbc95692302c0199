"""Where a class is named in an app: under its own name, and under those that files give it."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.backend.instances import references
from tests.projects import project_of

FILES = {
    "requirements.txt": "openai-chatkit\n",
    "kept.py": """
        from chatkit.store import Store

        class Kept(Store):
            pass

        again: type = Kept
    """,
    "handed.py": "from kept import Kept as Other\n\nTHIRD = Other\n",
    "use.py": """
        import handed
        import kept as stores
        from handed import THIRD as fourth
        from kept import *

        def Kept_of(row):
            return row.Kept

        plain = Kept()
        typed = Kept[int]()
        dotted = stores.Kept()
        renamed = handed.Other()
        assigned = fourth()
        walrus = (fifth := fourth)
        sixth = fifth()
    """,
}


def test_every_name_of_a_class_is_followed(tmp_path: Path) -> None:
    (app,) = project_of(tmp_path, FILES).apps
    (view,) = app.hierarchy.views

    found = [(module.source.path.name, module.location(node).text) for module, node in references(app, view)]

    assert found == [
        ("handed.py", "Other"),
        ("kept.py", "Kept"),
        *(("use.py", text) for text in ("Kept", "Kept[int]", "fourth", "fourth", "fifth", "stores.Kept")),
        ("use.py", "handed.Other"),
    ]
