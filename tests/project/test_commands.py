"""The commands a newcomer meets: ``make``, ``.ci/run`` and the two named in the READMEs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {"demo", "test", "bench", "prove", "docs", "fmt"}
OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


def _described() -> dict[str, str]:
    """Targets that bare ``make`` lists, with their descriptions."""
    done = subprocess.run(
        ["make"], cwd=ROOT, env=OUTSIDE_MAKE, capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert all(len(line) == 3 and line[0] == "make" for line in lines)
    return {target: description for _, target, description in lines}


def test_make_lists_every_target_with_its_description() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(_described()) == set(phony[1].split())
    assert set(_described()) >= PROMISED


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_documents_name_only_targets_that_exist(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"^make +([a-z]+)|`make ([a-z]+)`", text, re.MULTILINE))
    targets = {first or second for first, second in named}
    assert {"test"} <= targets <= set(_described())


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


RECIPES = {
    "passes": ("one two:\n\t@echo $@", 0, []),
    "one part fails": ("one two:\n\t@echo $@; test $@ = two", 2, ["failed: make one"]),
}


@pytest.mark.parametrize("parts", RECIPES)
def test_ci_keeps_the_status_and_closes_with_the_line_of_the_tests(
    tmp_path: Path, parts: str
) -> None:
    recipe, status, failed = RECIPES[parts]
    closing = "2 failed, 31 passed, 1 skipped in 4.20s"
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text(
        f"test: one two pytest\n{recipe}\npytest:\n\t@echo '{closing}'; echo more\n"
    )
    done = subprocess.run(
        [tmp_path / ".ci" / "run"],
        cwd="/",
        env=OUTSIDE_MAKE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    lines = done.stdout.splitlines()
    assert lines[-1] == closing
    assert lines[lines.index("") + 1 : -1] == failed
