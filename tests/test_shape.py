"""The shape of the code: short functions, small modules, every command and contract documented."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from output.schema import record_schema

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("govscrape", "cleaners", "pipelines", "output", "benchmarks", "scripts")
MAX_FUNCTION, USUAL_FUNCTION, MAX_MODULE = 50, 30, 400


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def function_lengths() -> dict[str, int]:
    """Lines of each function without its docstring."""
    lengths: dict[str, int] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                lengths[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    return lengths


def test_functions_are_short() -> None:
    lengths = function_lengths()
    assert {name: n for name, n in lengths.items() if n > MAX_FUNCTION} == {}
    long = {name: n for name, n in lengths.items() if n > USUAL_FUNCTION}
    assert len(long) <= 0.05 * len(lengths), long


def test_modules_are_small() -> None:
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in modules() if not p.stem.endswith("_table")}
    assert {p: n for p, n in lines.items() if n > MAX_MODULE} == {}


def test_no_module_is_a_drawer() -> None:
    assert not [p for p in modules() if p.stem in {"utils", "util", "helpers", "common", "misc", "manager"}]


def test_shipped_schema_is_in_sync() -> None:
    shipped = (ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json.loads(record_schema()), "run: govscrape schema > docs/record.schema.json"
