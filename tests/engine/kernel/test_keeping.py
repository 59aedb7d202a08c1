"""Kernels kept on disk: made again where what is kept is damaged, and never a reason to stop."""

from __future__ import annotations

import errno
import hashlib
import os
import pickle
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from tiaowen.engine.kernel.keeping import kept


def made() -> list[int]:
    return [1, 2, 3]


def never() -> list[int]:
    raise AssertionError("it was kept")


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:40])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_a_class_that_is_gone(file: Path) -> None:
    body = pickle.dumps(made).replace(b"made", b"gone")
    file.write_bytes(hashlib.sha256(body).digest() + body)


@pytest.mark.parametrize("damage", [flipped, truncated, emptied, of_a_class_that_is_gone])
def test_what_is_damaged_is_made_again(damage: Callable[[Path], None], tmp_path: Path) -> None:
    assert kept("name", made, tmp_path) == kept("name", never, tmp_path) == [1, 2, 3]
    damage(tmp_path / "name.kernel")
    assert kept("name", made, tmp_path) == [1, 2, 3]
    assert kept("name", never, tmp_path) == [1, 2, 3]
    assert [file.name for file in tmp_path.iterdir()] == ["name.kernel"]


def test_a_folder_in_the_place_of_a_kernel_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "name.kernel" / "within").mkdir(parents=True)
    assert kept("name", made, tmp_path) == [1, 2, 3]
    assert [file.name for file in tmp_path.iterdir()] == ["name.kernel"]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    assert kept("name", made, tmp_path / "cache") == [1, 2, 3]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_nothing_can_be_written(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    assert kept("name", made, tmp_path) == [1, 2, 3]
    assert list(tmp_path.iterdir()) == []


def written(folder: str) -> list[int]:
    for _ in range(50):
        (Path(folder) / "name.kernel").unlink(missing_ok=True)
        assert kept("name", made, Path(folder)) == [1, 2, 3]
    return made()


def test_processes_that_make_one_at_once(tmp_path: Path) -> None:
    with get_context("fork").Pool(3) as pool:
        assert pool.map(written, [str(tmp_path)] * 3) == [[1, 2, 3]] * 3
    assert [file.name for file in tmp_path.iterdir()] == ["name.kernel"]
