"""Methods that make ids of a whole uuid4, put in front of a store's first method."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.stores.concrete import ConcreteStore
from chatkit_doctor.contracts.sdk.sdk_names import STORE
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.insertion import first_line, indent_of, step_of
from chatkit_doctor.python.module import FunctionNode


def ids_fix(app: App, store: ConcreteStore, names: list[str]) -> Fix:
    """Return the fix that defines the methods of these names."""
    return Fix("make ids of a whole uuid4", Applicability.UNSAFE, lambda: _edits(app, store, names))


def _edits(app: App, store: ConcreteStore, names: list[str]) -> Sequence[Edit]:
    own = store.view.own
    first = next((each for each in own.node.body if isinstance(each, FunctionNode)), None)
    declared = contract_for(app, own.module.source.path).class_(STORE)
    if first is None or declared is None:
        return []
    known = imported(app.names(own.module), {"uuid": ["uuid4"]})
    indent, source = indent_of(own.module, first), own.module.source
    step = step_of(own.module, first, own.node)
    lines = []
    for name in names:
        parameters = ", ".join(each.name for each in declared.methods[name].params)
        # Nothing before them: a column that is made for UUIDs has room for 36 characters, or for 32.
        lines += [f"{indent}def {name}({parameters}):", f"{indent}{step}return {known.local['uuid4']}().hex", ""]
    start = source.line_start(first_line(own.module, first))
    return [Edit(source.location(start, start), "".join(f"{each}{source.newline}" for each in lines)), *known.edits]
