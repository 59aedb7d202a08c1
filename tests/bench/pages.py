"""Pages of the docs whose figures are written from measured results, never by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from tests.bench.tables import Lang

ROOT = Path(__file__).parents[2]


@frozen
class Page:
    """A page in both languages: ``name`` in their folders, its figures between a comment that
    says ``mark`` and the next that says end. ``results`` names the file that keeps them, ``part``
    makes the text of the figures."""

    name: str
    mark: str
    results: str
    part: Callable[[Mapping[str, Any], Lang], str]

    @property
    def measured(self) -> Path:
        """The results that the page shows."""
        return ROOT / "tests" / "bench" / self.results

    def path(self, lang: Lang) -> Path:
        return ROOT / "docs" / lang / self.name

    def shown(self, text: str, found: Mapping[str, Any], lang: Lang) -> str:
        """The page's text with these results in place of those it has."""
        between = re.compile(rf"(<!-- {self.mark} -->\n).*(<!-- end -->)", re.DOTALL)
        return between.sub(lambda at: f"{at[1]}\n{self.part(found, lang)}\n{at[2]}", text)

    def publish(self, found: Mapping[str, Any]) -> None:
        """Keep the results, and write them into the page."""
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        self.measured.write_text(text, "utf-8")
        for lang in LANGUAGES:
            path = self.path(lang)
            path.write_text(self.shown(path.read_text("utf-8"), found, lang), "utf-8")


LANGUAGES: tuple[Lang, ...] = ("zh", "en")
