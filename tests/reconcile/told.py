"""The tables of what was planted and found, as the documents show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.reconcile.scoring import COLUMNS

ROOT = Path(__file__).parents[2]
PAGES = {lang: ROOT / "docs" / lang / "appeals.md" for lang in ("en", "zh")}
MARK = re.compile(r"<!-- planted -->\n(?:.*?<!-- /planted -->\n)?", re.DOTALL)

Figures = Mapping[str, Mapping[str, Mapping[str, int]]]
"""How many errors at once -> what was planted -> column -> how often."""

_HEADS = {
    "en": ("planted cause", "planted", *COLUMNS),
    "zh": ("所埋的原因", "件数", "第一", "居首", "前三", "更后", "更简", "没有找到"),
}
_KINDS = {
    "fact": "就诊事实", "line": "明细事实", "reading": "口径", "parameter": "旧参数",
    "version": "旧版政策", "skipped rule": "漏用规则", "skipped ground": "漏用不予支付的理由",
    "wrong row": "看错行", "missed stay": "漏看既往", "added stay": "多计既往",
    "all": "合计",
}  # fmt: skip
_TITLES = {"one error": {"en": "One error", "zh": "一处差错"},
           "two errors": {"en": "Two errors", "zh": "两处差错"}}  # fmt: skip


def tables(figures: Figures, lang: str) -> str:
    """The tables of ``figures``: one error by its kind, two by the kind of either."""
    parts = []
    for name, title in _TITLES.items():
        counted = figures[name] if name == "one error" else _either(figures[name])
        rows = [_HEADS[lang], ("---", *["---:"] * (len(COLUMNS) + 1))]
        for kind, counts in (*counted.items(), ("all", _all(figures[name]))):
            said = _KINDS[kind] if lang == "zh" else kind
            rows.append((said, *(str(counts[c]) for c in ("planted", *COLUMNS))))
        lines = [f"| {' | '.join(row)} |" for row in rows]
        parts.append(
            "\n".join((f"{title[lang]}:" if lang == "en" else f"{title[lang]}：", "", *lines))
        )
    return "\n\n".join(parts)


def _either(figures: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Of two errors, by the kind of one of them: each settlement stands under both."""
    found: dict[str, dict[str, int]] = {}
    for pair, counts in figures.items():
        for kind in sorted(set(pair.split(" + "))):
            entry = found.setdefault(kind, dict.fromkeys(counts, 0))
            for column, number in counts.items():
                entry[column] += number
    return dict(sorted(found.items()))


def _all(figures: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {
        column: sum(counts[column] for counts in figures.values())
        for column in ("planted", *COLUMNS)
    }


def page(figures: Figures, lang: str) -> str:
    """The page with the tables of ``figures`` in it."""
    text = PAGES[lang].read_text(encoding="utf-8")
    block = f"<!-- planted -->\n\n{tables(figures, lang)}\n\n<!-- /planted -->\n"
    return MARK.sub(lambda _: block, text)


def write(figures: Figures) -> None:
    """Put the tables of ``figures`` into the documents."""
    for lang, path in PAGES.items():
        path.write_text(page(figures, lang), encoding="utf-8")
