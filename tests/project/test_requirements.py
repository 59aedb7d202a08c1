"""What the package imports is what an installation brings along."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import tiaowen

ROOT = Path(__file__).resolve().parents[2]


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _declared() -> set[str]:
    """Distributions of the base install and of the extras that serve users."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(r for e, rs in extras.items() if e != "dev" for r in rs)]
    names = [re.match(r"[\w.-]+", requirement) for requirement in wanted]
    return {_normal(name[0]) for name in names if name}


def _imports(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]


def test_every_imported_library_is_declared() -> None:
    declared, providers = _declared(), packages_distributions()
    known = {*sys.stdlib_module_names, "tiaowen"}
    undeclared = {
        f"{source.relative_to(ROOT)}: {module}"
        for room in tiaowen.ROOMS
        for source in (ROOT / room).rglob("*.py")
        for module in _imports(source)
        if module not in known
        and declared.isdisjoint(_normal(name) for name in providers.get(module, ()))
    }
    assert undeclared == set()


def test_every_requirement_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    requirements = [*project["dependencies"], *(r for extra in extras for r in extra)]
    others = [r for r in requirements if not r.startswith(f"{project['name']}[")]
    assert [requirement for requirement in others if ">=" not in requirement] == []
