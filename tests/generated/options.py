"""Programs that make ChatKit's options in many shapes: which value stands where, how it gets there, what guards it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_API = "api: { url: '/chatkit', domainKey: 'k' }"


@dataclass(frozen=True)
class Slot:
    """A place in the options, written with `%s` for the value, with values that are right and wrong there."""

    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    is_list: bool = False


SLOTS = (
    Slot(f"{_API}, theme: %s", ("'dark'", "{ colorScheme: 'light' }"), ("'lite'", "5", "{ colour: 'red' }")),
    Slot(f"{_API}, theme: {{ radius: %s }}", ("'round'",), ("'lg'", "12")),
    Slot("api: %s", ("{ url: '/c', domainKey: 'k' }",), ("{ url: '/c' }", "{ url: '/c', key: 'k' }", "'/chatkit'")),
    Slot("api: { url: '/c', domainKey: %s }", ("'k'",), ("null", "42")),
    Slot(f"{_API}, header: %s", ("{ enabled: false }", "{ title: { text: 'a' } }"), ("{ titel: 'a' }", "'Desk'")),
    Slot(f"{_API}, history: %s", ("{ enabled: true }",), ("true", "{ shown: true }")),
    Slot(f"{_API}, composer: {{ placeholder: %s }}", ("'Ask'",), ("7", "{ text: 'a' }")),
    Slot(f"{_API}, locale: %s", ("'de'",), ("5",)),
    Slot(
        f"{_API}, startScreen: {{ prompts: [{{ label: 'a', prompt: 'b', icon: %s }}] }}",
        ("'bolt'",),
        ("'👋'", "'rocket'"),
    ),
    Slot(
        f"{_API}, startScreen: {{ prompts: %s }}",
        ("[{ label: 'a', prompt: 'b' }]", "[{ label: 'a', prompt: 'b', icon: 'bolt' }]"),
        ("[{ name: 'a', prompt: 'b' }]", "[{ label: 'a' }]", "[{ label: 'a', prompt: 'b', id: 1 }]"),
        is_list=True,
    ),
    Slot(
        f"{_API}, composer: {{ tools: %s }}",
        ("[{ id: 'a', label: 'b', icon: 'bolt' }]",),
        ("[{ id: 'a', label: 'b' }]", "[{ id: 1, label: 'b', icon: 'bolt' }]"),
        is_list=True,
    ),
)


@dataclass
class Program:
    """A program in the making: files by name, `main` with what stands at its top and in `run` before the call."""

    number: int
    rng: random.Random
    top: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    names: int = 0

    def name(self) -> str:
        """Return a name that the program has not used."""
        self.names += 1
        return f"x{self.names}"

    def files(self, call: str) -> dict[str, str]:
        """Return the files; `call` hands the options over."""
        lines = [
            "import { useChatKit } from '@openai/chatkit-react';",
            "import { useMemo, useRef, useState } from 'react';",
            *([f"import * as data from './data{self.number}';"] if self.data else []),
            *self.top,
            "export function run(env) {",
            *(f"  {line}" for line in self.before),
            f"  {call}",
            "  return null;",
            "}",
        ]
        found = {f"main{self.number}.jsx": "\n".join(lines) + "\n"}
        if self.data:
            found[f"data{self.number}.js"] = "\n".join(self.data) + "\n"
        return found


Shape = Callable[[Program, str], str]


def _is_bound(value: str) -> bool:
    """Return whether a value has names in it that are known where it stands alone."""
    return re.search(r"\b(?:env|data|[a-zA-Z]?[xX][0-9]+)\b", value) is not None


def _constant(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {name} = {value};")
    return name


def _at_the_top(program: Program, value: str) -> str:
    if _is_bound(value):
        return _constant(program, value)
    name = program.name()
    program.top.append(f"const {name} = {value};")
    return name


def _imported(program: Program, value: str) -> str:
    if _is_bound(value):
        return _constant(program, value)
    name = program.name()
    program.data.append(f"export const {name} = {value};")
    return f"data.{name}"


def _assigned(program: Program, value: str) -> str:
    name = program.name()
    program.before.extend((f"let {name};", f"{name} = {value};"))
    return name


def _assigned_again(program: Program, value: str) -> str:
    name = program.name()
    program.before.extend((f"let {name} = 99;", f"{name} = {value};"))
    return name


def _member(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {name} = {{ a: {{ b: {value} }}, c: 1 }};")
    return f"{name}.a.b"


def _taken_apart(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {{ a: {name}, ...rest{name} }} = {{ a: {value}, b: 99 }};")
    return name


def _rest(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {{ a: a{name}, ...{name} }} = {{ a: 99, b: {value} }};")
    return f"{name}.b"


def _default(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {{ a: {name} = {value} }} = {{ b: 99 }};")
    return name


def _set_member(program: Program, value: str) -> str:
    name = program.name()
    program.before.extend((f"const {name} = {{}};", f"{name}.a = {value};"))
    return f"{name}.a"


def _merged(program: Program, value: str) -> str:
    name = program.name()
    program.before.extend((f"const {name} = {{ a: 99 }};", f"Object.assign({name}, {{ a: {value} }});"))
    return f"{name}.a"


def _spread(program: Program, value: str) -> str:
    name = program.name()
    program.before.append(f"const {name} = {{ ...{{ a: 99, b: 1 }}, ...{{ a: {value} }} }};")
    return f"{name}.a"


def _function(program: Program, value: str) -> str:
    name = program.name()
    program.top.append(f"function {name}(a, b = 99) {{ return a; }}")
    return f"{name}({value})"


def _parameter_default(program: Program, value: str) -> str:
    if _is_bound(value):
        return _function(program, value)
    name = program.name()
    program.top.append(f"const {name} = ({{ a = {value} }} = {{}}) => a;")
    return f"{name}({program.rng.choice(('', '{}', '{ b: 1 }'))})"


def _closure(program: Program, value: str) -> str:
    name = program.name()
    program.top.append(f"const {name} = (a) => () => ({{ b: a }});")
    return f"{name}({value})().b"


def _state(program: Program, value: str) -> str:
    name = program.name()
    given = program.rng.choice((value, f"() => ({value})"))
    setter = program.rng.choice(("", f", set{name}"))
    program.before.append(f"const [{name}{setter}] = useState({given});")
    return name


def _memo(program: Program, value: str) -> str:
    return _constant(program, f"useMemo(() => ({value}), [])")


def _ref(program: Program, value: str) -> str:
    return _constant(program, f"useRef({value})") + ".current"


def _clone(program: Program, value: str) -> str:
    return program.rng.choice((f"structuredClone({value})", f"JSON.parse(JSON.stringify({value}))"))


def _static(program: Program, value: str) -> str:
    if _is_bound(value):
        return _member(program, value)
    name = program.name().upper()
    program.top.append(f"class {name} {{ static A = {value}; }}")
    return f"{name}.A"


def _deleted(program: Program, value: str) -> str:
    name = program.name()
    program.before.extend((f"const {name} = {{ a: {value}, b: 99 }};", f"delete {name}.b;"))
    return f"({name}.b ?? {name}.a)"


SHAPES: tuple[Shape, ...] = (
    lambda _, value: value,
    lambda _, value: f"({value})",
    *(_constant, _at_the_top, _imported, _assigned, _assigned_again, _member, _taken_apart, _rest, _default),
    *(_set_member, _merged, _spread, _function, _parameter_default, _closure, _state, _memo, _ref, _clone),
    *(_static, _deleted),
)
LIST_SHAPES: tuple[Shape, ...] = (
    lambda _, value: f"{value}.map((p) => ({{ ...p }}))",
    lambda _, value: f"[].concat({value})",
    lambda _, value: f"[...{value}]",
    lambda _, value: f"{value}.filter((p) => p.label || p.name)",
    lambda _, value: f"{value}.slice(0, 1)",
    lambda _, value: f"Array.from({value})",
    lambda _, value: f"[{value}].flat()",
)


def _choice(program: Program, right: str, wrong: str) -> str:
    """Return an expression that is right or wrong, whichever the environment says, maybe behind a guard."""
    rng = program.rng
    test = rng.choice(("env.a", "env.a === 'yes'", "!env.a"))
    either = f"{test} ? {right} : {wrong}" if rng.random() < 0.5 else f"{test} ? {wrong} : {right}"
    kind = rng.randrange(6)
    if kind == 0:
        return f"({either})"
    name = program.name()
    if kind == 1:
        program.before.append(f"const {name} = {either};")
        return name
    if kind == 2:
        program.before.extend((f"let {name} = {right};", f"if ({test}) {name} = {wrong};"))
    else:
        program.before.append(f"const {name} = {either};")
    guard = rng.choice(
        (
            f"if ({name} === {wrong}) return null;",
            f"if (!({test})) return null;",
            f"if ({test}) throw new Error('no');",
            f"if (!{name}) return null;",
            f"if (!{name}) {{ console.log('nothing'); return null; }}",
        )
    )
    program.before.append(guard)
    return name


def _value(program: Program, slot: Slot) -> str:
    rng = program.rng
    right, wrong = rng.choice(slot.right), rng.choice(slot.wrong)
    drawn = rng.random()
    value = right if drawn < 0.3 else wrong if drawn < 0.65 else _choice(program, right, wrong)
    for _ in range(rng.randrange(1, 3)):
        if slot.is_list and rng.random() < 0.4:
            value = rng.choice(LIST_SHAPES)(program, value)
        value = rng.choice(SHAPES)(program, value)
    return value


def _call(program: Program, options: str) -> str:
    """Return what hands options over: the hook, one of the app's own, a component, the element."""
    rng = program.rng
    name = program.name()
    way = rng.randrange(9)
    if way < 3:
        return f"useChatKit({options});"
    if way == 3:
        program.before.append(f"const {name} = {options};")
        return f"useChatKit({name});"
    if way == 4:
        program.top.append(f"function use{name}(given) {{ return useChatKit(given); }}")
        return f"use{name}({options});"
    if way == 5:
        program.top.append(f"const use{name} = ({{ mode, ...rest }}) => useChatKit({{ ...rest }});")
        return f"use{name}({options});"
    if way == 6:
        program.top.append(f"function C{name}({{ given }}) {{ useChatKit(given); return null; }}")
        return f"return <C{name} given={{{options}}} />;"
    program.before.append(f"const {name} = document.querySelector('openai-chatkit');")
    if way == 7:
        return f"if ({name}) {name}.setOptions({options});"
    if _is_bound(options):
        return f"{name}.setOptions({options});"
    program.top.append(f"function mount{name}(el) {{ el.setOptions({options}); }}")
    return f"mount{name}({name});"


def programs(count: int) -> Iterator[dict[str, str]]:
    """Yield the files of each program."""
    rng = random.Random("shapes of options")
    for number in range(count):
        program = Program(number, rng)
        slot = rng.choice(SLOTS)
        yield program.files(_call(program, f"{{ {slot.text % _value(program, slot)} }}"))
