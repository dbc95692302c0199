"""Whether the SDK's calls of an overridden method reach its parameters, as Python binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.contracts.sdk.server_calls import ServerCall
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import joined


@dataclass(frozen=True)
class Parameters:
    """The parameters of a method that a call fills, without `self`.

    positional: those that take an argument by position, in order. by_name: those that take one by name.
    required: those without a default.
    """

    positional: tuple[ast.arg, ...]
    by_name: frozenset[str]
    required: frozenset[str]
    takes_more: bool
    takes_any_name: bool


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A call that does not reach a method.

    unknown: arguments passed by name that it has no parameter for. twice: those passed by position as well.
    surplus: by how many arguments it is passed too many by position. unfilled: parameters that nothing is passed
    for. swapped: the parameter that is passed another one's argument, and the name of that.
    """

    call: ServerCall
    unknown: tuple[str, ...] = ()
    surplus: int = 0
    twice: tuple[str, ...] = ()
    unfilled: tuple[ast.arg, ...] = ()
    swapped: tuple[ast.arg, str] | None = None

    @property
    def span(self) -> ast.arg | None:
        """Return the parameter that is wrong, if it is one that the method has."""
        if self.swapped is not None:
            return self.swapped[0]
        is_another = self.unknown or self.twice or self.surplus
        return self.unfilled[0] if self.unfilled and not is_another else None


def parameters(override: Override) -> Parameters:
    """Return the parameters of an override that calls fill."""
    arguments = override.function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = len(arguments.defaults)
    required = [each.arg for each in positional[: len(positional) - defaults]]
    required += [
        each.arg for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is None
    ]
    own = [] if override.is_static else [each.arg for each in positional[:1]]
    names = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
    return Parameters(
        positional=tuple(positional[len(own) :]),
        by_name=frozenset(names - set(own)),
        required=frozenset(required) - set(own),
        takes_more=arguments.vararg is not None,
        takes_any_name=arguments.kwarg is not None,
    )


def mismatch(override: Override) -> Mismatch | None:
    """Return the first call of the SDK that does not reach an override, or that reaches it in another order."""
    arguments = override.function.args
    if not override.is_static and not (arguments.posonlyargs or arguments.args or arguments.vararg):
        return None
    taken = parameters(override)
    return next((found for call in override.calls for found in _mismatch(override, taken, call)), None)


def _mismatch(override: Override, taken: Parameters, call: ServerCall) -> Iterator[Mismatch]:
    filled = [each.arg for each in taken.positional[: call.positional]]
    unknown = tuple(each for each in call.keywords if each not in taken.by_name and not taken.takes_any_name)
    twice = tuple(each for each in call.keywords if each in filled and each in taken.by_name)
    surplus = 0 if taken.takes_more else max(0, call.positional - len(taken.positional))
    given = {*filled, *taken.by_name.intersection(call.keywords)}
    unfilled = tuple(each for each in _all(override) if each.arg in taken.required and each.arg not in given)
    if len(strange := _strange(override, taken)) >= len(unfilled) > 0:
        unfilled = strange
    if unknown or twice or surplus or unfilled:
        yield Mismatch(call, unknown, surplus, twice, unfilled)
        return
    declared = [each.name for each in override.declared.params[1:]]
    for own, name in zip(taken.positional[: call.positional], declared, strict=False):
        if own.arg != name and own.arg in declared:
            yield Mismatch(call, swapped=(own, name))
            return


def _strange(override: Override, taken: Parameters) -> tuple[ast.arg, ...]:
    """Return the required parameters that the SDK has none like: these are too many, whichever are left unfilled."""
    return tuple(
        each for each in _all(override) if each.arg in taken.required and override.declared.parameter(each.arg) is None
    )


def _all(override: Override) -> list[ast.arg]:
    arguments = override.function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def call_text(override: Override, call: ServerCall) -> str:
    """Return a call as it stands in the SDK, the values by the names of its own parameters."""
    declared = [each.name for each in override.declared.params[1:]]
    parts = [*declared[: call.positional], *(f"{each}=…" for each in call.keywords)]
    return f"{override.function.name}({', '.join(parts)})"


def mismatch_message(override: Override, found: Mismatch) -> str:
    """Return what a call passes that the method does not take, or what it takes that is not passed."""
    name = f"{override.view.name}.{override.function.name}()"
    if placed := _by_position_only(override, found.call):
        return f"{name} takes {joined(map(repr, placed))} by position only, and ChatKit passes by name"
    if found.unknown:
        return f"{name} has no parameter {joined(map(repr, found.unknown))}, which ChatKit passes by name"
    if found.twice:
        return f"{name} is passed {joined(map(repr, found.twice))} twice, by position and by name"
    if found.surplus:
        count = found.call.positional
        return f"{name} takes {count - found.surplus} of the {count} arguments that ChatKit passes by position"
    if found.unfilled:
        return f"{name} requires {joined(repr(each.arg) for each in found.unfilled)}, which ChatKit does not pass"
    assert found.swapped is not None
    return f"{name} takes {found.swapped[0].arg!r} where ChatKit passes {found.swapped[1]!r}"


def _by_position_only(override: Override, call: ServerCall) -> list[str]:
    """Return the parameters before a `/` that a call names."""
    return [each.arg for each in override.function.args.posonlyargs if each.arg in call.keywords]


def mismatch_help(override: Override) -> str:
    """Return the parameters to take."""
    declared = ", ".join(each.name for each in override.declared.params)
    return f"take ({declared})"
