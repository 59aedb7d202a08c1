"""A rule's expression as a formula, before any claim gives it values.

The formula templates are those of explanations, so that a table of benefits and a decision speak
of a rule in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tiaowen.compiler import core as c
from tiaowen.engine.telling.explanation import Term
from tiaowen.review.present.formulas import Formula
from tiaowen.review.present.words import AGGREGATES, Words

_IF = ("若 {0} 则 {1} 否则 {2}", "if {0} then {1} else {2}")
_ROW = ("按 {0} 查表", "by table of {0}")


def written(core: c.Core, words: Words) -> str:
    """``core`` as a formula in the language of ``words``."""
    if isinstance(core, c.Choose):
        return _chosen(core, words)
    return Formula(words).write(term_of(core, words))


def _chosen(core: c.Choose, words: Words) -> str:
    parts = (written(x, words) for x in (core.condition, core.then, core.otherwise))
    return _IF[0 if words.chinese else 1].format(*parts)


def bounds(cell: c.RangeOf, words: Words) -> str:
    """A range with its ends said exactly: ``> 300元，≤ 10000元``."""
    found = []
    if cell.low is not None:
        found.append(f"{'≥' if cell.low_closed else '>'} {written(cell.low, words)}")
    if cell.high is not None:
        found.append(f"{'≤' if cell.high_closed else '<'} {written(cell.high, words)}")
    return words("comma").join(found) or "—"


def term_of(core: c.Core, words: Words) -> Term:
    """``core`` as the calculation an explanation would show, without values."""
    make = _TERMS.get(type(core))
    return make(core, words) if make is not None else _said(str(getattr(core, "text", "")))


def _said(text: str) -> Term:
    """A term that is written as it stands."""
    return Term("said", None, name=text)


def _terms(cores: Iterable[c.Core], words: Words) -> tuple[Term, ...]:
    return tuple(term_of(core, words) for core in cores)


def _pick(core: c.Pick, words: Words) -> Term:
    keys = words("list").join(words.name(name) for name in core.key_names)
    return _said(_ROW[0 if words.chinese else 1].format(keys))


def _aggregate(core: c.Aggregate, words: Words) -> Term:
    kind = words.function(AGGREGATES.get(core.kind, core.kind))
    body = written(core.body, words) if core.body is not None else words.name(core.collection)
    where = f" {words('when', written(core.where, words))}" if core.where is not None else ""
    return _said(f"{kind}({words.function('每项')} {body}{where})")


def _share(core: c.Share, words: Words) -> Term:
    way = words("in_order" if core.kind == "in_order" else "in_proportion")
    return _said(f"{way}({written(core.total, words)}, {written(core.weight, words)})")


def _step(core: c.Step, words: Words) -> Term:
    return Term("step_level", None, name=str(core.sign),
                terms=_terms((core.operand, core.amount), words))  # fmt: skip


def _call(core: c.Apply | c.Bands, words: Words) -> Term:
    operands = (core.argument,) if isinstance(core, c.Apply) else (core.low, core.high)
    shown = [written(operand, words) for operand in operands]
    if isinstance(core, c.Apply):
        return _said(f"{words.name(core.function)}({shown[0]})")
    inside = ", ".join((*shown, words.name(core.function)))
    return _said(f"{words.function('分段')}({inside})")


_TERMS: dict[type, Callable[[Any, Words], Term]] = {
    c.Constant: lambda x, w: Term("constant", x.value, x.type.name),
    c.Ref: lambda x, w: _said(w.name(x.quantity)),
    c.Field: lambda x, w: _said(w.name(x.name)),
    c.Key: lambda x, w: _said(w.name(x.name)),
    c.ReadingRef: lambda x, w: _said(w.name(x.name)),
    c.ParameterRef: lambda x, w: _said(w.name(x.name)),
    c.Settled: lambda x, w: _said(w.name(x.quantity)),
    c.Argument: lambda x, w: _said("x"),
    c.IsGiven: lambda x, w: Term("is_given", None, name=x.name),
    c.Op: lambda x, w: Term("op", None, x.type.name, x.name, terms=_terms(x.operands, w)),
    c.Logic: lambda x, w: Term(x.kind, None, terms=_terms((x.left, x.right), w)),
    c.Among: lambda x, w: Term("among", None, text=x.text, terms=(term_of(x.operand, w),)),
    c.Choose: lambda x, w: _said(f"({_chosen(x, w)})"),
    c.Pick: _pick,
    c.Apply: _call,
    c.Bands: _call,
    c.Aggregate: _aggregate,
    c.Share: _share,
    c.Step: _step,
    c.Rank: lambda x, w: term_of(x.operand, w),
    c.Around: lambda x, w: term_of(x.body, w),
    c.Present: lambda x, w: term_of(x.body, w),
    c.History: lambda x, w: _said(x.text),
    c.Months: lambda x, w: _said(w("run" if x.kind == "run" else "gap")),
}
