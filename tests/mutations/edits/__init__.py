"""The mutations of the rules, several of each, a kind or a form apart.

Every module here has a tuple `MUTATIONS`; a new rule brings a module of its own, named as its page.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.mutations.app import Mutation

EDITS: tuple[Mutation, ...] = tuple(
    mutation
    for module in pkgutil.iter_modules(__path__, f"{__name__}.")
    for mutation in importlib.import_module(module.name).MUTATIONS
)
