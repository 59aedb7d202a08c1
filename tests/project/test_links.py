"""The links of a checkout: each stands for its room, and a checkout without them says so."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tiaowen

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tiaowen"
CODE_ROOMS = [room for room in tiaowen.ROOMS if room != "policies"]


@pytest.mark.parametrize("room", tiaowen.ROOMS)
def test_link_leads_to_its_room(room: str) -> None:
    link = PACKAGE / room
    assert link.is_symlink()
    assert os.readlink(link) == f"../../{room}"
    assert link.is_dir()
    assert link.resolve() == ROOT / room


def test_every_entry_of_the_package_is_its_own_or_a_link_to_a_room() -> None:
    directories = {entry.name for entry in PACKAGE.iterdir() if entry.is_dir()}
    assert directories - {"__pycache__"} == set(tiaowen.ROOMS)


def test_every_file_of_the_package_has_one_name() -> None:
    """Room folders hold no links of their own, so nothing is reached twice."""
    links = [
        Path(folder) / name
        for room in tiaowen.ROOMS
        for folder, folders, files in os.walk(ROOT / room)
        for name in (*folders, *files)
        if (Path(folder) / name).is_symlink()
    ]
    assert links == []


def test_settings_name_every_room() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = settings["importlinter"]["contracts"][0]["layers"]
    assert layers == list(reversed(CODE_ROOMS))
    excluded = settings["ruff"]["extend-exclude"]
    assert sorted(excluded) == sorted(f"src/tiaowen/{room}" for room in tiaowen.ROOMS)
    banned = settings["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert sorted(banned) == sorted(CODE_ROOMS)
    covered = settings["coverage"]["run"]["source"]
    assert sorted(covered) == sorted([*CODE_ROOMS, "src/tiaowen"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rooms = re.search(r"^ROOMS +:= (.+)$", makefile, re.MULTILINE)
    assert rooms is not None
    assert rooms[1].split() == list(tiaowen.ROOMS)


def _checkout(folder: Path) -> Path:
    """A checkout at ``folder`` with everything but the links."""
    package = folder / "src" / "tiaowen"
    package.mkdir(parents=True)
    for name in ("pyproject.toml", "setup.py", "Makefile"):
        shutil.copy(ROOT / name, folder)
    for module in PACKAGE.glob("*.py"):
        shutil.copy(module, package)
    for room in tiaowen.ROOMS:
        (folder / room).mkdir()
        (folder / room / "__init__.py").touch()
    return folder


def _run(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    return subprocess.run(
        command, cwd=checkout, env=path, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("left_behind", ["a text file", "nothing"])
def test_a_checkout_without_links_says_what_to_do(tmp_path: Path, left_behind: str) -> None:
    checkout = _checkout(tmp_path / "checkout")
    if left_behind == "a text file":
        for room in tiaowen.ROOMS:
            (checkout / "src" / "tiaowen" / room).write_text(f"../../{room}")

    imported = _run(checkout, sys.executable, "-c", "import tiaowen.dsl.source")
    assert imported.returncode == 1
    last = imported.stderr[imported.stderr.index("ImportError:") :]
    assert "lacks the directory links " + ", ".join(tiaowen.ROOMS) in last
    assert "make links" in last
    assert "core.symlinks true" in last

    built = _run(checkout, sys.executable, "setup.py", "--version")
    assert built.returncode == 1
    assert "make links" in built.stderr
    assert "Traceback" not in built.stderr


def test_make_links_mends_the_checkout(tmp_path: Path) -> None:
    checkout = _checkout(tmp_path / "checkout")
    (checkout / "src" / "tiaowen" / "dsl").write_text("../../dsl")
    assert _run(checkout, "make", "links").returncode == 0
    mended = _run(checkout, sys.executable, "-c", "import tiaowen.dsl; print(tiaowen.dsl.__file__)")
    assert mended.stdout.strip() == str(checkout / "src" / "tiaowen" / "dsl" / "__init__.py")


def test_one_missing_link_is_named_alone(tmp_path: Path) -> None:
    checkout = _checkout(tmp_path / "checkout")
    assert _run(checkout, "make", "links").returncode == 0
    (checkout / "src" / "tiaowen" / "review").unlink()
    imported = _run(checkout, sys.executable, "-c", "import tiaowen")
    assert "lacks the directory links review under" in imported.stderr
