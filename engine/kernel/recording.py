"""The form in which numbers of a decision are kept for those after it: whole, in 64 bits."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.engine.interpreter import ROUND_RESULTS, ROUNDING
from tiaowen.engine.kernel.forms import DAY
from tiaowen.engine.kernel.graph import Unsupported
from tiaowen.engine.kernel.prelude import FIRST_DAY, LAST_DAY
from tiaowen.engine.kernel.translating import Translator
from tiaowen.engine.kernel.values import MOST_MONEY, V

_MOST = 1 << 51
"""What is recorded of a decision lies below this either way."""

FINEST = 2**10 * 5**6
"""What amounts that are not rounded are kept over: a percentage of a percentage, and several
twentieths of it, come out even. What is finer still is a stop."""


def like_of(t: Translator, core: c.Core) -> V:
    """The form in which an expression is kept, told by its type alone: its value may itself
    ask for the past."""
    g, type_ = t.graph, core.type

    def ranged(kind: str, lo: int, hi: int, den: int = 1) -> V:
        return V(kind, g.load(f"<{kind}>", g.root, lo, hi), g.zero, den)

    if isinstance(core, c.Field) and not core.level:
        column = t.columns.column("", core.name)
        return ranged(column.kind, column.lo, column.hi, column.scale)
    if type_.kind == "prefix":
        return ranged("code", 0, 2**31 - 1)
    if type_.enumerated:
        return ranged("name", 0, len(t.names.members))
    if type_ == ty.TRUTH:
        return ranged("truth", 0, 1)
    if type_ == ty.DATE:
        return ranged("date", FIRST_DAY, LAST_DAY)
    if type_ == ty.MOMENT:
        return ranged("moment", FIRST_DAY * DAY, (LAST_DAY + 1) * DAY)
    if type_ == ty.TEXT:
        return ranged("text", -(2**62), 2**62)
    if type_ == ty.MONEY and t.readings.get(ROUNDING) == ROUND_RESULTS:
        return ranged("number", -MOST_MONEY * FINEST, MOST_MONEY * FINEST, FINEST)
    den = {"数量": 10_000, "比例": 10**8, "单价": 10**6, "时长": 3600}.get(type_.name, 1)
    return ranged("number", -_MOST, _MOST, den)


def in_form(t: Translator, value: V, like: V) -> V:
    """``value`` over the divisor of ``like``; too large a number becomes a stop."""
    if value.kind == "none":
        return evolve(like, num=t.graph.zero, stop=value.stop)
    if value.kind != like.kind:
        raise Unsupported("既往", f"a {value.kind} that is kept as a {like.kind}")
    if value.over is not None or like.den % value.den:
        value = _over(t, value, like.den)
    num: Any = t.values.times(value.num, like.den // value.den)
    most = max(_MOST, like.num.hi)
    if value.kind == "number" and (num.lo < -most or num.hi > most):
        g = t.graph
        far = g.or_(g.compare(">", num, g.const(most)), g.compare("<", num, g.const(-most)))
        stop = t.values.then(value.stop, g.select(far, t.stops.node("TW1302", ""), g.zero))
        held = g.least(g.most(num, g.const(-most)), g.const(most))
        return V(value.kind, held, stop, like.den)
    return V(value.kind, num, value.stop, like.den)


def _over(t: Translator, value: V, den: int) -> V:
    """``value`` over ``den``, with a stop where that is not exact."""
    g, low = t.graph, t.values.lowest(value)
    assert low.over is not None
    times = g.pure("({0} // {1})", g.const(den), low.over, lo=0, hi=den)
    fits = g.compare("==", g.mul(times, low.over), g.const(den))
    lost = g.select(fits, g.zero, t.stops.node("TW1304", ""))
    return V(value.kind, g.mul(low.num, times), t.values.then(low.stop, lost), den)
