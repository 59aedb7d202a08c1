"""The measured figures on the pages about speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.pages import Page
from tests.bench.tables import Lang, markdown, tables


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


PAGE = Page("speed.md", "measured", "measured.json", part)
