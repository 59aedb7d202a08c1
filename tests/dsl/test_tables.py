"""The parser's tables: the same from the cache as from Lark, and nothing lost without a cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiaowen.dsl import tables as module
from tiaowen.dsl.tables import STARTS, grammar, tables


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TIAOWEN_CACHE", str(tmp_path))
    tables.cache_clear()
    yield tmp_path
    tables.cache_clear()


def test_kept_tables_are_the_computed_ones(cache: Path) -> None:
    computed = tables()
    (kept,) = cache.iterdir()
    before = kept.read_bytes()
    tables.cache_clear()
    assert tables() == computed
    assert kept.read_bytes() == before
    assert set(computed.start) == set(STARTS)


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"rules": []}', b"\xff\x00"])
def test_a_broken_cache_is_made_anew(cache: Path, broken: bytes) -> None:
    computed = tables()
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(broken)
    tables.cache_clear()
    assert tables() == computed
    assert kept.read_bytes() == whole


def test_no_cache_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("TIAOWEN_CACHE", str(blocked))
    assert module._cache_file() is None


def test_the_grammar_is_the_same_in_every_process() -> None:
    """Else no process would find the tables that another kept."""
    program = "from tiaowen.dsl.tables import grammar; print(grammar(), end='')"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        ran = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=True
        )
        assert ran.stdout.decode() == grammar()


def test_parsing_needs_no_lark(cache: Path) -> None:
    """Once the tables are kept, starting is not held up by the library that makes them."""
    tables()
    program = (
        "import sys\n"
        "from tiaowen.dsl.parser import parse_block\n"
        "from tiaowen.dsl.source import Source\n"
        "assert len(parse_block(Source('t', 'x = 1'), 0, 5).lines) == 1\n"
        "print([m for m in ('lark', 'opencc', 'wcwidth', 'markdown_it') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout.decode().strip() == "[]"
