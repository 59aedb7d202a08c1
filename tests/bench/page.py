"""The measured figures on the pages about speed: written from the results, never by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.tables import Lang, markdown, tables

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "tests" / "bench" / "measured.json"
"""The results that the pages show."""
PAGES: Mapping[Lang, Path] = {lang: ROOT / "docs" / lang / "speed.md" for lang in ("zh", "en")}
_PART = re.compile(r"(<!-- measured -->\n).*(<!-- end -->)", re.DOTALL)


def part(found: Mapping[str, Any], lang: Lang) -> str:
    """What a page shows of the results: when and on what, then the tables."""
    about, versions = found["machine"], found["libraries"]
    told = ", ".join(f"{name} {number}" for name, number in versions.items())
    words = {
        "zh": f"{found['date']}，{about['processor']}，{about['cores']} 核，{about['memory_gib']} GiB，"
        f"{about['system']}，Python {about['python']}，{told}。{found['runs']} 次的中位数。",
        "en": f"{found['date']}, {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}, Python {about['python']}, {told}. Medians of "
        f"{found['runs']} runs.",
    }
    return "\n".join([words[lang], "", *(markdown(shown) for shown in tables(found, lang))])


def shown(page: str, found: Mapping[str, Any], lang: Lang) -> str:
    """The page with these results in place of those it has."""
    return _PART.sub(lambda at: f"{at[1]}\n{part(found, lang)}\n{at[2]}", page)


def publish(found: Mapping[str, Any]) -> None:
    """Keep the results, and write them into the pages."""
    MEASURED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for lang, path in PAGES.items():
        path.write_text(shown(path.read_text("utf-8"), found, lang), "utf-8")
