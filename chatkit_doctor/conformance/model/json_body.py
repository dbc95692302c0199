"""The type of a body, or of a part of one, as JSON gives it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
