"""What a decision works out, over symbolic facts: outputs, grounds of exclusion, duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tiaowen.compiler.core import EXCLUDED, LINES
from tiaowen.compiler.solver.expressions import translated, value_of
from tiaowen.compiler.solver.places import Place, Stops, Sym, flattened, gather
from tiaowen.compiler.solver.sums import any_of_every

if TYPE_CHECKING:
    from tiaowen.compiler.solver.form import Form


def decide(form: Form) -> None:
    """Everything a decision works out: outputs, grounds of exclusion, duties."""
    place = Place(form.scope)
    stops: Stops = {}
    wanted = {o.name: o.node for o in form.matter.outputs if o.node is not None}
    if not form.matter.outputs:
        wanted = {q: i for (level, q), i in form.matter.final.items() if not level}
        wanted.pop(EXCLUDED, None)
    for name, identity in wanted.items():
        found = value_of(identity, place)
        form.outputs[name], form.output_fails[name] = found.value, found.fails
        stops = gather((True, stops), (True, found.stops))
    stops = gather((True, stops), (True, _refusals(form, place)), (True, _duties(form, place)))
    form.stops = flattened(stops)


def _refusals(form: Form, place: Place) -> Stops:
    final = form.matter.final
    stops: Stops = {}
    if ("", EXCLUDED) in final:
        stops = value_of(final["", EXCLUDED], place).stops
    if (LINES, EXCLUDED) in final:
        for line in form.lines[LINES]:
            found = value_of(final[LINES, EXCLUDED], Place(form.scope, line))
            if form.asking.most is not None:
                stops = gather((True, stops), (line.present, found.stops))
            else:
                some = {reason: any_of_every(form.space, line.owner or line.facts, when)
                        for reason, when in flattened(found.stops).items()}  # fmt: skip
                stops = gather((True, stops), (True, some))
    return stops


def _duties(form: Form, place: Place) -> Stops:
    """A duty whose facts are missing is not told; any other stop in one counts."""
    stops: Stops = {}
    for duty in form.matter.duties:
        when = Sym(True) if duty.when is None else translated(duty.when, place)
        if when.value is None or when.value is False:
            continue
        kept = translated(duty.condition, place)
        found = flattened(gather((True, when.stops), (when.value, kept.stops)))
        other = {r: t for r, t in found.items() if r.code not in ("TW0501", "TW0502")}
        stops = gather((True, stops), (True, other))
    return stops
