"""A collation as text, as a page and as JSON.

Every finding is one line that begins with the places it stands at; the words that differ are
marked in the sentence: [民→群], [+不足] for what only copy b has, [−不足] for what only copy a has.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.collation.merging import Merged
from tiaowen.review.collation.model import Collation, Copy, Differing, Repeated, Side, Unit
from tiaowen.review.present.layout import Run, paint, painted, wrap
from tiaowen.review.present.templating import filled

_WORDS = {
    "title": ("两本对校", "Collation of two copies"),
    "sentences": ("{} 句", "sentences: {}"),
    "same": ("文字相同的 {} 句", "The same words: {}"),
    "agrees": ("两本相同", "The copies agree"),
    "alone": ("只见于 {}：{} 句", "Only in {}: {}"),
    "figures": ("数字不同：{} 句", "Other figures: {}"),
    "words": ("文字不同：{} 句", "Other words: {}"),
    "usage": ("只是两岸用词之别（繁简转换所致）：{} 句",
              "Only usage, as conversion between the scripts leaves it: {}"),
    "punctuation": ("只是标点不同：{} 句", "Only punctuation: {}"),
    "renumbered": ("编号不同：{} 句", "Other numbers: {}"),
    "repeated": ("{} 中重出：{} 句", "Repeated in {}: {}"),
    "moved": ("次序不同：{} 句，{} 处", "In another order: {}, places: {}"),
    "left_out": ("不算条文，略去：{} 处", "Left out as no words of the text: {}"),
    "changes": ("反复出现的异文", "Differences that recur"),
    "times": ("{} 次", "{} times"),
    "again": ("（前见 {}；另一本 {} 次）", " (first at {}; {} in the other copy)"),
    "count": ("{} … {}（共 {} 句）", "{} … {} ({} sentences)"),
    "inserted": ("并入", "put in"),
    "beginning": ("篇首", "the beginning"),
    "after": ("后于", "after"),
    "text": ("合校本（以 {} 为底本）", "One text, on the base of {}"),
    "separator": ("：", ": "),
    "none": ("（无）", "(none)"),
}  # fmt: skip
_HEAD = 16


@frozen
class Item:
    """One finding: where it stands, and its words in styled runs."""

    where: str
    runs: tuple[Run, ...]


@frozen
class Section:
    title: str
    items: tuple[Item, ...]


@frozen
class Report:
    """A collation laid out: what it says in short, then every finding under its heading."""

    title: str
    copies: tuple[str, ...]
    sections: tuple[Section, ...]


@frozen
class _Speaker:
    lang: Lang

    def __call__(self, key: str, *values: object) -> str:
        return _WORDS[key][0 if self.lang == "zh" else 1].format(*values)


def build(collation: Collation, lang: Lang, merged: Merged | None = None) -> Report:
    """The report in ``lang``; with ``merged`` it says which sentences were put into the base."""
    say = _Speaker(lang)
    copies = (
        f"a  {collation.a.name}  {say('sentences', len(collation.a.units))}",
        f"b  {collation.b.name}  {say('sentences', len(collation.b.units))}",
        say("agrees") if collation.agrees else say("same", collation.same),
    )
    sections = [*_alone(collation, say, merged), *_differing(collation, say),
                _changes(collation, say), _renumbered(collation, say),
                *_repeated(collation, say), _moved(collation, say),
                _left_out(collation, say)]  # fmt: skip
    return Report(say("title"), copies, tuple(s for s in sections if s.items))


def _place(side: Side, copy: Copy, unit: Unit) -> str:
    """``a:12``, or ``b:name:12`` where the copy is of several files."""
    several = unit.span.source.name != copy.name
    name = f"{unit.span.source.name.rpartition('/')[2]}:" if several else ""
    return f"{side}:{name}{unit.span.line}"


def _copy(collation: Collation, side: Side) -> Copy:
    return collation.a if side == "a" else collation.b


def _alone(collation: Collation, say: _Speaker, merged: Merged | None) -> Iterator[Section]:
    after = {one.unit.index: one.after for one in merged.inserted} if merged else {}
    for side in ("a", "b"):
        copy = _copy(collation, side)
        items: list[Item] = []
        for unit in (u for block in collation.alone if block.side == side for u in block.units):
            runs: list[Run] = [(f"{unit.number} {unit.text}".strip(), "")]
            if merged and side != merged.base:
                anchor = after.get(unit.index)
                base = _copy(collation, merged.base)
                place = _place(merged.base, base, anchor) if anchor else say("beginning")
                runs.append((f"  〔{say('inserted')} {say('after')} {place}〕", "dim"))
            items.append(Item(_place(side, copy, unit), tuple(runs)))
        yield Section(say("alone", side, len(items)), tuple(items))


def _differing(collation: Collation, say: _Speaker) -> Iterator[Section]:
    for kind in ("figures", "words", "usage", "punctuation"):
        items = [
            Item(_both(collation, one.a, one.b), tuple(_marked(one)))
            for one in collation.differing if one.kind == kind
        ]  # fmt: skip
        yield Section(say(kind, len(items)), tuple(items))


def _both(collation: Collation, a: Unit, b: Unit) -> str:
    return f"{_place('a', collation.a, a)} {_place('b', collation.b, b)}"


def _marked(one: Differing) -> Iterator[Run]:
    """The sentence of copy a with what copy b has in its places."""
    at = 0
    for mark in one.marks:
        yield one.a.text[at : mark.a_at], ""
        if mark.a and mark.b:
            yield f"[{mark.a}→{mark.b}]", "bad"
        else:
            yield f"[−{mark.a}]" if mark.a else f"[+{mark.b}]", "bad"
        at = mark.a_at + len(mark.a)
    yield one.a.text[at:], ""


def _changes(collation: Collation, say: _Speaker) -> Section:
    """The same words for the same words, more than once."""
    counted = Counter((mark.a, mark.b) for one in collation.differing for mark in one.marks)
    items = [
        Item(say("times", times), ((f"{a or say('none')} → {b or say('none')}", ""),))
        for (a, b), times in counted.most_common() if times > 1
    ]  # fmt: skip
    return Section(say("changes"), tuple(items))


def _renumbered(collation: Collation, say: _Speaker) -> Section:
    items = [
        Item(_both(collation, one.a, one.b), (
            (f"[{one.a.number or say('none')}→{one.b.number or say('none')}]", "bad"),
            (f" {one.a.text}", "")))
        for one in collation.renumbered
    ]  # fmt: skip
    return Section(say("renumbered", len(items)), tuple(items))


def _repeated(collation: Collation, say: _Speaker) -> Iterator[Section]:
    for side in ("a", "b"):
        copy = _copy(collation, side)
        found = [one for one in collation.repeated if one.side == side]
        items = [Item(" ".join(_place(side, copy, u) for u in one.extra), _again(one, copy, say))
                 for one in found]  # fmt: skip
        yield Section(say("repeated", side, sum(len(one.extra) for one in found)), tuple(items))


def _again(one: Repeated, copy: Copy, say: _Speaker) -> tuple[Run, ...]:
    unit = one.extra[0]
    first = " ".join(_place(one.side, copy, kept) for kept in one.kept)
    return ((f"{unit.number} {unit.text}".strip(), ""),
            (say("again", first, one.elsewhere), "dim"))  # fmt: skip


def _moved(collation: Collation, say: _Speaker) -> Section:
    items = []
    for one in collation.moved:
        first, last = one.a[0], one.a[-1]
        words = first.text if len(one.a) == 1 else say(
            "count", first.text, last.text, len(one.a))  # fmt: skip
        before = " ".join(
            f"{side} {say('after')}“{_short(unit.text)}”" if unit else f"{side} {say('beginning')}"
            for side, unit in (("a", one.a_after), ("b", one.b_after))
        )
        items.append(Item(_both(collation, first, one.b[0]),
                          ((words, ""), (f"  〔{before}〕", "dim"))))  # fmt: skip
    total = sum(len(one.a) for one in collation.moved)
    return Section(say("moved", total, len(items)), tuple(items))


def _short(text: str) -> str:
    return text if len(text) <= _HEAD else f"…{text[1 - _HEAD :]}"


def _left_out(collation: Collation, say: _Speaker) -> Section:
    items = [
        Item(f"{side}:{one.span.line}", ((one.text, ""),))
        for side, copy in (("a", collation.a), ("b", collation.b)) for one in copy.left_out
    ]  # fmt: skip
    return Section(say("left_out", len(items)), tuple(items))


def render_text(report: Report, color: bool, width: int) -> str:
    """The report for a terminal of ``width`` cells."""
    lines = [paint(report.title, "title", color), *report.copies]
    for section in report.sections:
        lines += ["", paint(section.title, "strong", color)]
        for item in section.items:
            runs: Sequence[Run] = [(f"{item.where}  ", "article"), *item.runs]
            wrapped = wrap(runs, width - 2, width - 6)
            lines += [("  " if not nth else "      ") + painted(line, color)
                      for nth, line in enumerate(wrapped)]  # fmt: skip
    return "\n".join(lines) + "\n"


def render_html(report: Report, merged: Merged, base: str, lang: Lang) -> str:
    """The report and the one text as a complete HTML document; nothing is fetched."""
    heading = _Speaker(lang)("text", base)
    return filled("collation", ("decision",), report=report, lang=lang, text=merged.text,
                  heading=heading)  # fmt: skip


def render_json(collation: Collation, merged: Merged) -> str:
    """All findings and the one text; every sentence with its file, line, number and words."""
    made = {
        "copies": {side: {"name": copy.name, "sentences": len(copy.units), "leftOut": [
            {"line": one.span.line, "text": one.text} for one in copy.left_out]}
            for side, copy in (("a", collation.a), ("b", collation.b))},
        "agrees": collation.agrees,
        "same": collation.same,
        "alone": [{"copy": one.side, "sentences": [_unit(u) for u in one.units],
                   "after": _unit(one.after)} for one in collation.alone],
        "differing": [{"kind": one.kind, "a": _unit(one.a), "b": _unit(one.b), "marks": [
            {"a": m.a, "b": m.b, "aAt": m.a_at, "bAt": m.b_at} for m in one.marks]}
            for one in collation.differing],
        "renumbered": [{"a": _unit(one.a), "b": _unit(one.b)} for one in collation.renumbered],
        "repeated": [{"copy": one.side, "kept": [_unit(u) for u in one.kept],
                      "extra": [_unit(u) for u in one.extra], "elsewhere": one.elsewhere}
                     for one in collation.repeated],
        "moved": [{"a": [_unit(u) for u in one.a], "b": [_unit(u) for u in one.b],
                   "aAfter": _unit(one.a_after), "bAfter": _unit(one.b_after)}
                  for one in collation.moved],
        "merged": {"base": merged.base, "text": merged.text, "inserted": [
            {"sentence": _unit(one.unit), "after": _unit(one.after)} for one in merged.inserted]},
    }  # fmt: skip
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _unit(unit: Unit | None) -> dict[str, object] | None:
    if unit is None:
        return None
    return {"file": unit.span.source.name, "line": unit.span.line, "column": unit.span.column,
            "number": unit.number, "text": unit.text}  # fmt: skip
