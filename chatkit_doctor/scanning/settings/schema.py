"""The settings as a JSON schema (draft 2020-12), for editors."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.finding import Severity
from chatkit_doctor.project.targets import PACKAGES
from chatkit_doctor.scanning.settings.values import FILE_PATTERN, PATTERN, VERSION, selectors


def json_schema() -> dict[str, Any]:
    """Return the schema, ready to be written as JSON."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of chatkit-doctor",
        "description": "chatkit-doctor.toml, or the table [tool.chatkit-doctor] of a pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "select": _selectors("The rules that run; without it, all. --select goes before it.") | {"minItems": 1},
            "ignore": _selectors("Rules that do not run; --ignore adds to them."),
            "per-file-ignores": {
                "description": "Rules that do not run on some files, by patterns in the form of .gitignore, relative "
                "to this file's folder.",
                "type": "object",
                "propertyNames": {"pattern": FILE_PATTERN},
                "additionalProperties": _selectors("Rules that do not run on these files."),
                "default": {},
            },
            "exclude": {
                "description": "Files and folders that are not looked at, as patterns in the form of .gitignore, "
                "relative to this file's folder.",
                "type": "array",
                "items": {"type": "string", "pattern": PATTERN},
                "default": [],
            },
            "targets": {
                "description": "Releases to check against in the place of those that the project has.",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    package: {
                        "description": f"A release of {package}, such as 1.4.0.",
                        "type": "string",
                        "pattern": VERSION[ecosystem],
                    }
                    for package, ecosystem in PACKAGES.items()
                },
                "default": {},
            },
            "severity": {
                "description": "The severity that findings of some rules have. The entry of the fewest rules decides.",
                "type": "object",
                "propertyNames": {"$ref": "#/$defs/selector"},
                "additionalProperties": {"enum": [each.value for each in Severity]},
                "default": {},
            },
            "unsafe-fixes": {
                "description": "Whether --fix and --diff use the unsafe fixes as well.",
                "type": "boolean",
                "default": False,
            },
        },
        "$defs": {
            "selector": {
                "description": "A rule's code or name, or what several codes begin with.",
                "enum": list(selectors()),
            }
        },
    }


def _selectors(description: str) -> dict[str, Any]:
    return {"description": description, "type": "array", "items": {"$ref": "#/$defs/selector"}}
