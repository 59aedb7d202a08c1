"""What tests share: policies compiled once, from text or from the files under tests/policies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import Compilation, compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source

ROOT = Path(__file__).parent.parent
FRONT = "---\n政策: 测试办法\n地区: 131000\n险种: [390]\n施行: 2024-01-01\n有效期: 5年\n---\n\n"


@cache
def _compiled(*texts: tuple[str, str]) -> Compilation:
    return compile_policy([read_document(Source(name, text)) for name, text in texts])


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], Compilation]:
    """Compile a policy's body (the front matter is added)."""
    return lambda body: _compiled(("test.md", FRONT + body))


@pytest.fixture(scope="session")
def small_policy() -> Callable[[str], Program]:
    """The program of a file under tests/policies."""

    def load(name: str) -> Program:
        text = (ROOT / "tests" / "policies" / name).read_text(encoding="utf-8")
        return _compiled((name, text)).demand()

    return load


@pytest.fixture(scope="session")
def langfang() -> Program:
    """The Langfang draft with the vocabulary."""
    names = ("policies/vocabulary.tiao", "policies/langfang/resident-2024-draft.md")
    return _compiled(*((n, (ROOT / n).read_text(encoding="utf-8")) for n in names)).demand()


# Each run of the tests takes the same samples; `make prove` takes many more, and other ones.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("proving", deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", type=int, default=0, metavar="TIMES",
                     help="run only the generated tests, with so many times their examples")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("proving" if config.getoption("--prove") else "fixed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    times = config.getoption("--prove")
    if not times:
        return
    items[:] = [item for item in items if is_hypothesis_test(getattr(item, "function", None))]
    for function in {getattr(item, "function", None) for item in items}:
        once = function._hypothesis_internal_use_settings  # type: ignore[union-attr]
        many = settings(once, max_examples=once.max_examples * times)
        function._hypothesis_internal_use_settings = many  # type: ignore[union-attr]
