"""All that a scan may import, for the process that forks scans to have it already."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import chatkit_doctor

_PARTS = (
    *("backend", "checks", "commands", "contracts", "frontend", "pages", "project", "python", "reports", "scanning"),
    "web",
)

for _part in _PARTS:
    for _found in pkgutil.walk_packages([f"{chatkit_doctor.__path__[0]}/{_part}"], f"chatkit_doctor.{_part}."):
        import_module(_found.name)
