"""Pages about kept decisions: a list of them, what changes when they are decided again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import asdict

from tiaowen.compiler.values import format_money
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.render.cells import visible
from tiaowen.review.present.page import Block, Heading, Page, Prose, Table
from tiaowen.review.present.words import Labels, Words
from tiaowen.review.store.records import Break, Entry, Verification
from tiaowen.review.store.replaying import Change, Refused, Replayed

SHORT = 10
"""Characters of an id that a list shows; any beginning of four or more finds it."""

_FAULTS = {
    "content": ("第{0}份：结算的内容被改动", "no. {0}: the decision was altered"),
    "entry": ("第{0}份：登记的事项被改动", "no. {0}: what its row says was altered"),
    "link": ("第{0}份：与前一份接不上，前一份被换过",
             "no. {0}: does not follow the row before it, which was replaced"),
    "missing": ("第{0}份：不见了", "no. {0}: is gone"),
    "tail": ("末尾被删：原有{0}份", "rows at the end are gone: there were {0}"),
    "head": ("第{0}份：与当时记下的链头不同", "no. {0}: is not the head that was recorded then"),
    "anchor": ("第{0}份：与所给的链头不同", "no. {0}: is not the head that was given"),
    "guards": ("阻止改删的触发器不全", "triggers against change and deletion are gone"),
}  # fmt: skip


_HEADS = {
    "list": (
        ("序号", "编号", "人员", "就诊", "事项", "日期", "政策", "基金（元）", "个人（元）",
         "未定"),
        ("no.", "id", "person", "encounter", "matter", "date", "policy", "funds, yuan",
         "own, yuan", "stopped by"),
    ),
    "results": (("序号", "人员", "就诊", "原支付（元）", "今支付（元）", "差额（元）",
                 "先不同的一步"),
                ("no.", "person", "encounter", "before, yuan", "now, yuan",
                 "difference, yuan",
                 "first step that differs")),
    "steps": (("先不同的一步", "份数", "序号"), ("first step that differs", "count", "no.")),
    "refused": (("序号", "人员", "原因"), ("no.", "person", "reason")),
}  # fmt: skip
"""The columns of each table: Chinese, English."""


def _head(name: str, lang: Lang) -> tuple[str, ...]:
    return _HEADS[name][0 if lang == "zh" else 1]


def _say(lang: Lang, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _money(amount: int | None, lang: Lang) -> str:
    return "—" if amount is None else format_money(amount, lang)


# --- the list


def listing_page(entries: Sequence[Entry], where: str, lang: Lang) -> Page:
    """The rows that were found, oldest first. What is the same of all is said once, above."""
    title = _say(lang, "存入的结算", "Kept decisions")
    count = _say(lang, f"共{len(entries)}份", _many(len(entries), "decision"))
    above = [where, count]
    if entries:
        days = list(dict.fromkeys((entries[0].kept_at[:10], entries[-1].kept_at[:10])))
        above.append(_say(lang, "存入 ", "kept ") + "–".join(days))
    head, rows = _head("list", lang), [_listed_row(e, lang) for e in entries]
    kept = []
    for column, name in enumerate(head):
        values = {row[column] for row in rows}
        if column in _SHARED and len(values) == 1 and values != {""}:
            above.append(f"{name}{Words(lang, Labels())('separator')}{values.pop()}")
        elif column < 2 or values - {""}:
            kept.append(column)
    blocks: list[Block] = [Prose(" · ".join(above))]
    if rows:
        cells = tuple(tuple(row[n] for n in kept) for row in rows)
        numeric = frozenset(kept.index(n) for n in (0, 7, 8) if n in kept)
        blocks.append(Table(tuple(head[n] for n in kept), cells, numeric))
    return Page(title, tuple(blocks))


_SHARED = (4, 6)
"""Matter and policy: mostly the same of all."""


def _listed_row(entry: Entry, lang: Lang) -> tuple[str, ...]:
    about = entry.about
    return (
        str(entry.number), entry.id[:SHORT], visible(about.person), visible(about.encounter),
        about.matter, about.day, about.policy, _bare(about.fund, lang), _bare(about.own, lang),
        " ".join(about.problems),
    )  # fmt: skip


def _bare(amount: int | None, lang: Lang) -> str:
    """An amount for a column whose head says yuan."""
    return _money(amount, lang).removesuffix("元").removesuffix(" yuan")


def entry_data(entry: Entry) -> dict[str, Any]:
    """A row as JSON-ready data."""
    data = asdict(entry, recurse=False)
    return {**data, "about": asdict(entry.about)}


# --- verification


def verification_text(found: Verification, lang: Lang) -> str:
    """Whether the chain holds, in lines; the last is the head to note down."""
    lines = [_fault(b, lang) for b in found.breaks]
    count = found.count
    if found.whole:
        lines.append(
            _say(
                lang, f"{count}份结算，链条完整", f"{_many(count, 'decision')}, the chain is whole"
            )
        )
    else:
        lines.append(_say(lang, f"{count}份结算，{len(lines)}处不符",
                          f"{_many(count, 'decision')}, {_many(len(lines), 'break')}"))  # fmt: skip
    lines.append(_say(lang, f"链头 {found.head}", f"head {found.head}"))
    return "\n".join(lines) + "\n"


def _fault(found: Break, lang: Lang) -> str:
    return _FAULTS[found.fault][0 if lang == "zh" else 1].format(found.number)


def verification_data(found: Verification) -> dict[str, Any]:
    """The same as JSON-ready data."""
    breaks = [asdict(b) for b in found.breaks]
    return {"count": found.count, "head": str(found.head), "whole": found.whole, "breaks": breaks}


# --- deciding again


def replayed_page(found: Replayed, under: str, lang: Lang) -> Page:
    """What changes: counts and sums, each change with the first step that differs, and what
    could not be decided again. ``under`` is the policy's title, '' for each one's own."""
    words = Words(lang, Labels())
    return Page(
        _say(lang, "重新结算的结果", "Decided again"),
        (*_sums(found, under, lang), *_results(found.results, words), *_steps(found.steps, words),
         *_refused(found.refused, lang)),
    )  # fmt: skip


def _sums(found: Replayed, under: str, lang: Lang) -> Iterator[Block]:
    if under:
        yield Prose(_say(lang, f"改依《{under}》", f"under 《{under}》"))
    rows = [
        (_say(lang, "重算", "decided again"), str(found.looked_at)),
        (_say(lang, "完全相同", "the same, step by step"), str(found.same)),
        (_say(lang, "结果改变", "other result"), str(len(found.results))),
        (_say(lang, "只是算法改变", "other way, same result"), str(len(found.steps))),
        (_say(lang, "不能重算", "could not be decided again"), str(len(found.refused))),
    ]
    if found.other_text:
        rows.append((_say(lang, "其中政策文字与当时不同", "of these under another text"),
                     str(found.other_text)))  # fmt: skip
    if found.other_engine:
        rows.append((_say(lang, "其中引擎版本与当时不同", "of these by another engine"),
                     str(found.other_engine)))  # fmt: skip
    if found.elsewhere:
        rows.append((_say(lang, "属于别的地区，未重算", "of other regions, left alone"),
                     str(found.elsewhere)))  # fmt: skip
    if found.results:
        more = found.after - found.before
        sign = "+" if more >= 0 else "−"
        rows += [
            (_say(lang, "结果改变者：原基金支付", "of those: funds paid before"),
             _money(found.before, lang)),
            (_say(lang, "结果改变者：今基金支付", "of those: funds pay now"),
             _money(found.after, lang)),
            (_say(lang, "差额", "difference"), sign + _money(abs(more), lang)),
        ]  # fmt: skip
    yield Table(rows[0], tuple(rows[1:]), frozenset({1}))


def _results(changes: Sequence[Change], words: Words) -> Iterator[Block]:
    if not changes:
        return
    lang = words.lang
    yield Heading(_say(lang, "结果改变", "Other result"))
    rows = tuple(
        (
            str(c.entry.number), visible(c.entry.about.person), visible(c.entry.about.encounter),
            _bare(c.entry.about.fund, lang), _bare(c.fund, lang),
            ("+" if c.more >= 0 else "−") + _bare(abs(c.more), lang), _first(c, words),
        )
        for c in changes
    )  # fmt: skip
    yield Table(_head("results", lang), rows, frozenset({0, 3, 4, 5}))


def _first(change: Change, words: Words) -> str:
    """The first step that differs: what it was, what it is, and the article."""
    found = change.difference
    if found is None:
        return " ".join(change.problems)
    name = f"{found.name}（{words.place(found.where)}）" if found.where else found.name
    values = [words.value(v, change.type, found.name) if v is not None else "—"
              for v in (found.recorded, found.replayed)]  # fmt: skip
    article = f" 〔{change.article}〕" if change.article else ""
    return name + words("separator") + " → ".join(values) + article


def _steps(changes: Sequence[Change], words: Words) -> Iterator[Block]:
    if not changes:
        return
    lang = words.lang
    yield Heading(_say(lang, "结果相同而算法改变", "Other way, same result"))
    found: dict[str, list[str]] = {}
    for change in changes:
        name = _way(change.difference.name, lang) if change.difference is not None else ""
        article = f" 〔{change.article}〕" if change.article else ""
        found.setdefault(name + article, []).append(str(change.entry.number))
    rows = tuple((name, str(len(numbers)), _listed(numbers)) for name, numbers in found.items())
    yield Table(_head("steps", lang), rows, frozenset({1}))


def _way(name: str, lang: Lang) -> str:
    """A step and what of it is otherwise, by the fields of the record."""
    quantity, dot, parts = name.partition(" · ")
    said = [_PARTS.get(part, (part, part))[0 if lang == "zh" else 1] for part in parts.split("、")]
    return quantity + dot + _say(lang, "、", ", ").join(said)


_PARTS = {
    "citation": ("条文", "words of the law"), "term": ("算式", "calculation"),
    "condition": ("条件", "condition"), "kind": ("种类", "kind"), "type": ("类型", "type"),
    "english": ("英文名", "English name"), "before": ("原值", "value before"),
}  # fmt: skip


def _listed(numbers: Sequence[str], most: int = 12) -> str:
    return ", ".join(numbers[:most]) + (" …" if len(numbers) > most else "")


def _refused(refused: Sequence[Refused], lang: Lang) -> Iterator[Block]:
    if not refused:
        return
    yield Heading(_say(lang, "不能重算", "Could not be decided again"))
    rows = tuple(
        (str(r.entry.number), visible(r.entry.about.person),
         "；".join(_reason(p, lang) for p in r.problems))
        for r in refused
    )  # fmt: skip
    yield Table(_head("refused", lang), rows, frozenset({0}))


def _reason(problem: Diagnostic, lang: Lang) -> str:
    return f"{problem.code} {message(problem, lang)}"


def replayed_data(found: Replayed) -> dict[str, Any]:
    """The same as JSON-ready data; amounts in 分."""
    words = Words("zh", Labels())
    return {
        "looked_at": found.looked_at, "same": found.same, "elsewhere": found.elsewhere,
        "other_text": found.other_text, "other_engine": found.other_engine,
        "before": found.before, "after": found.after,
        "changes": [
            {"entry": entry_data(c.entry), "kind": c.kind, "fund": c.fund, "own": c.own,
             "problems": list(c.problems), "first": _first(c, words), "article": c.article}
            for c in (*found.results, *found.steps)
        ],
        "refused": [
            {"entry": entry_data(r.entry), "problems": [_reason(p, "zh") for p in r.problems]}
            for r in found.refused
        ],
    }  # fmt: skip
