"""What a policy encodes of its regulation's text, laid out for people: text, one page, or JSON.

Every sentence of the text is shown once, with what became of it and the rules or the reason
beside it, so that a reader can check the rules against the regulation without reading Markdown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tiaowen.compiler.coverage import Count
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import pad
from tiaowen.review.present.coverage_model import CoverageReport, Told
from tiaowen.review.present.layout import Run, painted, wrap
from tiaowen.review.present.templating import filled

_WORDS = {
    "title": ("条文与规则对照", "The text and its rules"),
    "figures": ("数字", "figures"),
    "sentences": ("句子", "sentences"),
    "total": ("共", "total"),
    "encoded": ("已编码", "encoded"),
    "set aside": ("不编码", "set aside"),
    "heading": ("标题", "headings"),
    "unexplained": ("未说明", "unexplained"),
    "aside_figures": ("不编码的数字", "Figures set aside"),
    "derived": ("推导出的数字", "Figures that are derived"),
    "open": ("没有说明的句子和数字", "Sentences and figures that nothing explains"),
    "see": ("见{}", "see {}"),
    "also": ("另依据本段的规则", "Rules that also rest on this"),
    "separator": ("：", ": "),
    "list": ("、", ", "),
}  # fmt: skip

STATUSES = ("encoded", "set aside", "heading", "unexplained")


# --- as text


def render_text(reports: Sequence[CoverageReport], lang: Lang, color: bool, width: int) -> str:
    """A table of counts for each regulation, what is derived or set aside, what is open."""
    lines: list[str] = []
    for report in reports:
        head = [(f"《{report.title}》", "title"), (f"  {report.file}", "dim")]
        lines += ["", painted(head, color)]
        lines += [painted(row, color) for row in _counts(report, lang)]
        for name, told in (("open", report.unexplained), ("aside_figures", report.aside),
                           ("derived", report.derived)):  # fmt: skip
            if told:
                lines += ["", painted([(f"  {_word(name, lang)}", "strong")], color)]
                lines += [line for item in told for line in _item(item, lang, color, width)]
    return "\n".join(lines[1:]) + "\n"


def _counts(report: CoverageReport, lang: Lang) -> Iterator[list[Run]]:
    names = ("total", "encoded", "set aside", "heading", "unexplained")
    heads = [_word(name, lang) for name in names]
    column = max(9, *(len(head) + 2 for head in heads))
    yield [("  " + pad("", 11) + "".join(pad(h, column) for h in heads).rstrip(), "dim")]
    for name, count in (("figures", report.figures), ("sentences", report.sentences)):
        numbers = (count.total, count.encoded, count.set_aside, count.headings)
        row = "  " + pad(_word(name, lang), 11) + "".join(pad(str(n), column) for n in numbers)
        yield [(row, ""), (str(count.unexplained), "bad" if count.unexplained else "good")]


def _item(told: Told, lang: Lang, color: bool, width: int) -> Iterator[str]:
    runs: list[Run] = [(f"〔{told.article}〕", "article"), (f" {told.words}", "strong")]
    if told.because:
        runs.append((_word("separator", lang) + told.because, ""))
    if told.rule:
        runs.append((" ← " + told.rule.split("\n", 1)[0].split(" 推导 ")[0], "dim"))
    for number, line in enumerate(wrap(runs, width - 4, width - 6)):
        yield ("    " if number == 0 else "      ") + painted(line, color)


def _word(name: str, lang: Lang) -> str:
    zh, en = _WORDS[name]
    return en if lang == "en" else zh


# --- as JSON


def render_json(reports: Sequence[CoverageReport]) -> str:
    """Counts, what is derived, set aside or open, and every sentence with its rules."""
    data = {"version": 1, "complete": all(r.complete for r in reports),
            "regulations": [_regulation(report) for report in reports]}  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _regulation(report: CoverageReport) -> dict[str, Any]:
    told = {"unexplained": report.unexplained, "derived": report.derived,
            "figures_set_aside": report.aside}  # fmt: skip
    return {
        "title": report.title,
        "file": report.file,
        "complete": report.complete,
        "figures": _numbers(report.figures),
        "sentences": _numbers(report.sentences),
        **{name: [_filled({"article": t.article, "words": t.words, "because": t.because,
                           "rule": t.rule}) for t in items] for name, items in told.items()},
        "rules": [{"number": r.number, "article": r.article, "text": r.text}
                  for p in report.passages for r in p.rules],
        "text": [
            _filled({"article": p.article, "sentence": s.text, "status": s.status,
                     "rules": list(s.rules), "reason": s.reason, "see": list(s.see)})
            for p in report.passages for s in p.sentences
        ],
    }  # fmt: skip


def _numbers(count: Count) -> Mapping[str, int]:
    return {"total": count.total, "encoded": count.encoded, "set_aside": count.set_aside,
            "headings": count.headings, "unexplained": count.unexplained}  # fmt: skip


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in ("", [])}


# --- as a page


def render_html(reports: Sequence[CoverageReport], lang: Lang) -> str:
    """One complete page: every sentence in the colour of what became of it, its rules beside
    it. Nothing is fetched; it prints as it stands, and what comes from a policy is escaped."""
    words = {name: _word(name, lang) for name in _WORDS}
    return filled("coverage", ("decision", "coverage"), reports=reports, words=words,
                  statuses=STATUSES, lang=lang)  # fmt: skip
