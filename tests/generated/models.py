"""Programs that build the SDK's models, with the values where people put them: in the call, under names, in tables."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.contracts import PythonContract, python_contract
from tests.checks.model_samples import Sampler

_JUDGE = Path(__file__).with_name("pydantic_judge.py")
SHAPES = ("plain", "name", "append", "table", "get", "either", "instance", "adapter")


def head(contract: PythonContract) -> str:
    """Return what stands above the programs."""
    imports = "\n".join(f"import {name}" for name in contract.modules)
    return f"{imports}\nfrom datetime import datetime\nfrom pydantic import TypeAdapter\nfrom stubs import STORE\n\n"


def programs(version: str, count: int, seed: int = 11) -> Iterator[str]:
    """Yield functions that build a model each and hand it back."""
    contract = python_contract(version)
    names = [each for each in contract.models if getattr(contract.model(each), "kind", "") == "pydantic"]
    sampler = Sampler(contract, seed)
    random = sampler.random
    made = 0
    while made < count:
        name = random.choice(names)
        for sample in sampler.samples(name, 1):
            shape = random.choice(SHAPES)
            lines = _shaped(sampler, names, sample.source, shape)
            if lines is None:
                continue
            yield f"def program_{made}():\n" + "".join(f"    {line}\n" for line in lines) + "\n"
            made += 1


def _shaped(sampler: Sampler, names: list[str], source: str, shape: str) -> list[str] | None:
    """Return the body of a function that builds a model, one of its values in another shape."""
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    if shape == "plain":
        return [f"return {source}"]
    if shape == "adapter":
        fields = ", ".join(f"{each.arg!r}: {ast.unparse(each.value)}" for each in call.keywords)
        return [f"return TypeAdapter({ast.unparse(call.func)}).validate_python({{{fields}}})"]
    if not call.keywords:
        return None
    random = sampler.random
    keyword = random.choice(call.keywords)
    value = ast.unparse(keyword.value)
    before: list[str] = []
    if shape == "append":
        if not isinstance(keyword.value, ast.List) or not keyword.value.elts:
            return None
        before = ["given = []", *(f"given.append({ast.unparse(each)})" for each in keyword.value.elts)]
        written = "given"
    elif shape == "instance":
        model = sampler.contract.model(random.choice(names))
        assert model is not None
        written = sampler.written(model).call()
    else:
        before, written = _moved(shape, value)
    keyword.value = ast.Name(written)
    return [*before, f"return {ast.unparse(call)}"]


def _moved(shape: str, value: str) -> tuple[list[str], str]:
    if shape == "name":
        return [f"given = {value}"], "given"
    if shape == "table":
        return [f"table = {{'a': {value}, 'b': {value}}}"], "table['a']"
    if shape == "get":
        return [f"table = {{'a': {value}}}"], f"table.get('a', {value})"
    return [], f"({value} if len('x') else {value})"


def truth(folder: Path, version: str, texts: list[str], packages: Path | None) -> list[bool | None]:
    """Return for each program whether it fails with the real package: the installed one, or one in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "programs.json"
    file.write_text(json.dumps({"head": head(python_contract(version)), "programs": texts}), encoding="utf-8")
    path = {"PYTHONPATH": str(packages)} if packages else {}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(_JUDGE), str(file), version],
        env={"PATH": "", **path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[bool | None] = json.loads(done.stdout)
    return answers
