"""The distribution holds the whole package and nothing else, however it is built."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import tiaowen

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tiaowen"
CACHES = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "*.pyc")

pytestmark = pytest.mark.slow


def _build(tree: Path, out: Path, *what: str) -> None:
    """Build ``what`` of ``tree`` into ``out`` with the tools at hand; nothing is fetched."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), *what]
    done = subprocess.run(
        [*command, str(tree)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _members(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that nothing of an earlier build is found in it."""
    copy = tmp_path_factory.mktemp("packaging") / "tree"
    copy.mkdir()
    for entry in ROOT.iterdir():
        if entry.is_file() and not entry.name.startswith("."):
            shutil.copy(entry, copy)
    for folder in ("src", *tiaowen.ROOMS):
        shutil.copytree(ROOT / folder, copy / folder, symlinks=True, ignore=CACHES)
    return copy


@pytest.fixture(scope="module")
def distributions(tree: Path) -> Path:
    """A folder with the sdist and, built from that sdist, the wheel."""
    out = tree.parent / "through-sdist"
    _build(tree, out)
    return out


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> dict[str, bytes]:
    return _members(next(distributions.glob("*.whl")))


def test_wheel_through_the_sdist_is_the_wheel_of_the_tree(
    tree: Path, wheel: dict[str, bytes]
) -> None:
    out = tree.parent / "direct"
    _build(tree, out, "--wheel")
    direct = _members(next(out.glob("*.whl")))
    assert sorted(wheel) == sorted(direct)
    assert [name for name in wheel if wheel[name] != direct[name]] == []


def test_only_top_level_name_is_tiaowen(wheel: dict[str, bytes]) -> None:
    info = f"tiaowen-{tiaowen.__version__}.dist-info"
    assert {PurePosixPath(name).parts[0] for name in wheel} == {"tiaowen", info}
    assert wheel[f"{info}/top_level.txt"].split() == [b"tiaowen"]


def test_every_file_of_every_room_is_in_the_wheel(tree: Path, wheel: dict[str, bytes]) -> None:
    package = tree / "src" / "tiaowen"
    expected = {f"tiaowen/{entry.name}": entry for entry in package.iterdir() if entry.is_file()}
    for room in tiaowen.ROOMS:
        for path in (tree / room).rglob("*"):
            if path.is_file():
                expected[f"tiaowen/{path.relative_to(tree).as_posix()}"] = path
    packed = {name: data for name, data in wheel.items() if name.startswith("tiaowen/")}
    assert sorted(packed) == sorted(expected)
    assert [name for name, path in expected.items() if packed[name] != path.read_bytes()] == []


def test_sdist_holds_the_package_once(distributions: Path) -> None:
    archive = next(distributions.glob("*.tar.gz"))
    with tarfile.open(archive) as sdist:
        links = [member.name for member in sdist if member.issym() or member.islnk()]
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]) for name in sdist.getnames()}
    assert links == []
    folders = {name.parts[0] for name in names if len(name.parts) > 1}
    assert folders == {"src"}
    assert {"LICENSE", "README.md", "README.zh-CN.md", "CHANGELOG.md"} <= {str(n) for n in names}


def test_wheel_alone_can_be_imported(wheel: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in wheel.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    program = "import tiaowen.dsl.source as s, sys; print(s.__file__); print(*sys.path, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path.parent,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[0] == str(tmp_path / "tiaowen" / "dsl" / "source.py")


def test_metadata_states_the_version_of_the_package(wheel: dict[str, bytes]) -> None:
    metadata = wheel[f"tiaowen-{tiaowen.__version__}.dist-info/METADATA"].decode()
    assert f"\nVersion: {tiaowen.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
