"""Compiled policies are kept, and never trusted further than the texts they were made of."""

from __future__ import annotations

import io
import os
import pickle
import shutil
from pathlib import Path

import pytest
from attrs import astuple

from tiaowen.apps import programs
from tiaowen.apps.files import load_with_sources
from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected

DATA = Path(__file__).parent / "data"


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy of the test's own with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("clinic.md", "words.tiao"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path / "clinic.md"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every path that the compiler was asked for."""
    asked: list[str] = []

    def counting(path: str | Path) -> object:
        asked.append(str(path))
        return load_with_sources(path)

    monkeypatch.setattr(programs, "load_with_sources", counting)
    return asked


def same(one: Program, other: Program) -> bool:
    """Whether two programs say the same; a program itself is compared by identity."""
    return astuple(one, recurse=False) == astuple(other, recurse=False)


def entries(policy: Path) -> list[Path]:
    return sorted((policy.parent / "cache").rglob("*.program"))


def test_a_kept_program_equals_the_compiled_one(policy: Path, compiled: list[str]) -> None:
    first, second = load_program(policy), load_program(policy)
    assert len(compiled) == 1
    assert same(first, second)
    rules = [n.rule.span for n in second.nodes.values() if n.rule is not None and n.rule.id]
    assert any(span.text.startswith("起付线 减 100元") for span in rules)
    assert entries(policy)[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["clinic.md", "words.tiao"])
def test_a_change_of_any_text_is_seen(policy: Path, compiled: list[str], name: str) -> None:
    before = load_program(policy)
    path = policy.with_name(name)
    path.write_text(path.read_text(encoding="utf-8") + "\n# 又\n", encoding="utf-8")
    assert load_program(policy).identity.digest != before.identity.digest
    assert len(compiled) == 2


class Planted:
    """What must never run."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch planted",)


@pytest.mark.parametrize("kind", ["empty", "cut", "other", "planted", "another program"])
def test_a_damaged_or_foreign_entry_is_made_again(policy: Path, compiled: list[str], kind: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(policy.parent)
    program = load_program(policy)
    (entry,) = entries(policy)
    whole = entry.read_bytes()
    head = whole.split(b"\n", 1)[0] + b"\n"
    entry.write_bytes({
        "empty": b"", "cut": whole[: len(whole) // 2], "other": head + pickle.dumps({"a": 1}),
        "planted": head + pickle.dumps(Planted()), "another program": b"[]\n" + pickle.dumps(3),
    }[kind])  # fmt: skip
    assert same(load_program(policy), program)
    assert same(load_program(policy), program)
    assert len(compiled) == 2
    assert not Path("planted").exists()


def test_an_entry_that_others_may_write_is_not_read(policy: Path, compiled: list[str]) -> None:
    load_program(policy)
    (entry,) = entries(policy)
    entry.chmod(0o666)
    load_program(policy)
    assert len(compiled) == 2


def test_without_a_place_for_it_nothing_is_kept(
    policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (policy.parent / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(policy.parent / "file"))
    assert load_program(policy).matters


def test_only_records_and_plain_values_are_read() -> None:
    for value in (Planted(), io.BytesIO(), Path("a")):
        reader = programs._Reader(io.BytesIO(pickle.dumps(value)), ())
        with pytest.raises(pickle.UnpicklingError):
            reader.load()


def test_a_policy_with_errors_is_refused_and_not_kept(policy: Path) -> None:
    policy.write_text(policy.read_text(encoding="utf-8").replace("起付线 = 200元", "起付线 = 二百"),
                      encoding="utf-8")  # fmt: skip
    with pytest.raises(Rejected):
        load_program(policy)
    assert entries(policy) == []
