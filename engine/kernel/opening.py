"""Totals that stand for all that came before the rows: what a fold adds of them.

As in ``history/past.py``: a total opening a year adds to sums and counts, whatever the fold's
condition says, and is never the last item. A sum that the totals do not state is a stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.engine.kernel.graph import Node, Unsupported
from tiaowen.engine.kernel.owning import MOST_KEPT, added, owned, set_to
from tiaowen.engine.kernel.values import V

if TYPE_CHECKING:
    from tiaowen.engine.kernel.folding import Folds
    from tiaowen.engine.kernel.scheduling import Writer
    from tiaowen.engine.kernel.translating import Translator

COUNTS = "次数."
"""Before a matter's name: how many of its decisions a total stands for."""


@frozen(eq=False)
class Opened:
    """What one fold takes of a person's opening totals: the first of ``keys`` that is stated,
    or a count, over ``den``. ``stop`` is the number of the stop where none is, its array
    ``stops``."""

    array: str
    stops: str
    yearly: bool
    keys: tuple[str, ...]
    stop: int
    den: int = 1


def opened(t: Translator, folds: Folds, core: c.History, array: str, den: int = 1) -> Opened:
    """What ``core`` takes of opening totals, added into ``array`` over ``den``."""
    found = folds.opened.get(array)
    if found is None:
        keys: tuple[str, ...] = (COUNTS + core.matters[0],)
        stop = 0
        if core.kind in ("sum", "max"):
            keys = _keys(core)
            stopped = t.stops.node("TW0511", keys[0]).value
            assert stopped is not None
            stop = stopped
        if core.kind == "max":
            raise Unsupported(core.text, "a maximum over totals that open a year")
        found = Opened(array, f"{array}s" if stop else "", core.yearly, keys, stop, den)
        folds.opened[array] = found
    return found


def _keys(core: c.History) -> tuple[str, ...]:
    matter = core.matters[0]
    body = core.bodies[matter]
    name = getattr(body, "quantity", getattr(body, "name", ""))
    return (f"{matter}.{name}", name) if len(core.bodies) == 1 else (name,)


def stop_of(t: Translator, one: Opened, place: Node | None) -> Node:
    """The stop where a total that is needed was not stated."""
    if not one.stop:
        return t.graph.zero
    return owned(t.graph, one.stops, place, 0, 1 << 30)


def taken(t: Translator, one: Opened, place: Node | None, den: int) -> V:
    """The sum or count that opening totals bring."""
    num = owned(t.graph, one.array, place, 0, MOST_KEPT if den > 1 else 1 << 60)
    return V("number", num, stop_of(t, one, place), den)


def write(writer: Writer, folds: Folds, arrays: dict[str, str]) -> None:
    """The statements that take a person's opening totals up, before the first of their rows.

    ``arrays`` names the column of each key (behind ? its validity), and is filled.
    """
    if not folds.opened:
        return
    put = writer.put

    def column(key: str) -> str:
        return arrays.setdefault(key, f"e{len(arrays)}")

    put("for e in range(opening_from[i], opening_to[i]):")
    writer.indent += 1
    put("y = min(max(opening_year[e] - 1900, 0), 1099)")
    for one in folds.opened.values():
        place = "y" if one.yearly else "0"
        if one.stop:
            amount, stated = "0", "0"
            for key in reversed(one.keys):
                given, value = column(key + "?"), column(key)
                amount = f"({value}[e] if {given}[e] else {amount})"
                stated = f"({given}[e] or {stated})"
            put(f"if {stated}:")
            scaled = amount if one.den == 1 else f"{amount} * {one.den}"
            writer.each(f"    {line}" for line in added(one.array, place, scaled, one.den))
            put("else:")
            writer.each(f"    {line}" for line in set_to(one.stops, place, str(one.stop)))
        else:
            writer.each(added(one.array, place, f"{column(one.keys[0])}[e]"))
    writer.indent -= 1
