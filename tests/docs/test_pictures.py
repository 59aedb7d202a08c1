"""The pictures of a decision are what the command prints now."""

import importlib.util
from types import ModuleType

import pytest
from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def make_picture() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_picture", ROOT / "docs/make_picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_committed_picture_is_up_to_date(
    lang: str, make_picture: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    drawn = (ROOT / "docs" / "assets" / f"decision.{lang}.svg").read_text(encoding="utf-8")
    assert make_picture.picture(lang) == drawn, "run: python docs/make_picture.py"
