"""How long the servers live that an app makes: as long as the app, or as a request."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.instances import instantiations
from chatkit_doctor.backend.reached import reached_modules
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import Names

_FOR_EACH = (ast.Lambda, ast.DictComp, ast.ListComp, ast.SetComp, ast.GeneratorExp)


def is_shared(app: App, view: ClassView) -> bool:
    """Return whether the app makes a server that outlives a request."""
    made = [each for each in instantiations(app, view) if not app.is_test_file(each[0].source.path)]
    lasting = [(module, call) for module, call in made if _outlives(app, module, call)]
    # Beside one for each request, one that a function makes for itself, once, is that of a script.
    return bool(lasting) and (len(lasting) == len(made) or any(_is_kept(*each) for each in lasting))


def _outlives(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether what a call makes is made once: with a module, for an attribute or a global, or kept."""
    # What stands in a lambda or a comprehension makes one for each that asks, such as each user.
    if any(isinstance(each, _FOR_EACH) for each in module.ancestors(call)):
        return False
    function = module.enclosing_function(call)
    if function is None or _is_kept(module, call):
        return True
    return not _is_of_request(function) and function.name in app.derive(_called_at_the_top)


def _called_at_the_top(app: App) -> frozenset[str]:
    """Return the last names of what the app's files call when they are imported."""
    return frozenset(
        call.func.id if isinstance(call.func, ast.Name) else call.func.attr
        for module in reached_modules(app)
        for call in module.nodes(ast.Call)
        if isinstance(call.func, ast.Name | ast.Attribute) and module.enclosing_function(call) is None
    )


def _is_kept(module: Module, call: ast.Call) -> bool:
    """Return whether what a call makes is kept where it stands: with a module, an attribute or a global, in a cache."""
    function = module.enclosing_function(call)
    if function is None:
        return not any(
            isinstance(each, ast.If) and "__name__" in ast.unparse(each.test) for each in module.ancestors(call)
        )
    if _is_of_request(function):
        return False
    parent = module.parents[call]
    if isinstance(parent, ast.Assign):
        for target in parent.targets:
            if isinstance(target, ast.Attribute) and not _is_request(ast.unparse(target.value)):
                return True
            if isinstance(target, ast.Name) and _is_global(module, target):
                return True
    # By what a cached function is given, it makes one for each user.
    given = function.args.posonlyargs or function.args.args or function.args.kwonlyargs
    return not given and any("cache" in ast.unparse(each) for each in function.decorator_list)


def _is_global(module: Module, name: ast.Name) -> bool:
    """Return whether a function sets a variable of its module."""
    bindings = module.derive(Names).lookup(name.id, name)
    return any(each.scope is module.tree for each in bindings[:1])


def _is_of_request(function: FunctionNode) -> bool:
    """Return whether a function is called for each request."""
    return any(_is_request(each.arg) for each in (*function.args.posonlyargs, *function.args.args))


def _is_request(written: str) -> bool:
    """Return whether something lives as long as a request: the request, or Flask's `g`."""
    return written.partition(".")[0] in {"request", "req", "websocket", "g"}
