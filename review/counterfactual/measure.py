"""By which line of a statement results are compared, and which way it counts."""

from __future__ import annotations

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.counterfactual.model import Measure

_PERSON = "psn_part_amt"

_LESS_IS_BETTER = frozenset((
    _PERSON, "psn_cash_pay", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "dedc_std",
    "crt_dedc", "act_pay_dedc", "x_out_preselfpay", "x_over_cap", "x_ttp_pay", "x_pay_due",
    "x_pay_base", "x_pay_ratio", "x_pay_years", "x_min_months", "x_min_here", "x_missing_months",
    "x_clear_months", "x_clear_base", "x_clear_amt", "x_supp_about", "x_supp_premium",
    "x_top_dedc", "x_top_left", "x_elig_premium", "medfee_sumamt",
))  # fmt: skip
"""What the person bears, pays in or has to wait for, by national code."""

_COMPARED = (ty.MONEY, ty.TRUTH, ty.RATIO, ty.NUMBER, ty.DAYS, ty.MONTHS, ty.YEARS)


def measure_of(program: c.Program, matter: str, line: str | None = None) -> Measure:
    """The measure: ``line`` by name or code, else what the person bears, else the first payment,
    else the first figure or yes-or-no.

    ``Rejected``: TW1021 (no such line), TW1022 (none that can be more or less).
    """
    outputs = program.matters[matter].outputs
    if line is not None:
        found = next((o for o in outputs if line in (o.name, o.code)), None)
        if found is None:
            names = [o.name for o in outputs]
            raise Rejected([diagnose("TW1021", place="--of", matter=matter, name=line,
                                     nearest=nearest(line, names), lines=names)])  # fmt: skip
        return _measure(found)
    ruled = [o for o in outputs if o.node is not None]
    first = next((o for o in ruled if o.code == _PERSON), None)
    first = first or next((o for o in ruled if o.fund), None)
    for kind in _COMPARED:
        first = first or next((o for o in ruled if o.type == kind), None)
    if first is None:
        raise Rejected([diagnose("TW1022", place="--of", matter=matter)])
    return _measure(first)


def _measure(output: c.Output) -> Measure:
    return Measure(output, output.code in _LESS_IS_BETTER)
