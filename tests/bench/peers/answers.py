"""What every way of settling answers with, so that answers can be compared cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from typing import TypeAlias

import numpy as np
from tests.bench.workloads import Array, Work

Answers: TypeAlias = Mapping[str, Array]
"""``reject`` (0 for a row that was settled) and the columns of ``COLUMNS``, in 分; those of a refused row are 0."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "langfang": ("year", "crt_dedc", "hifp_pay", "psn_part_amt"),
    "ziyang": ("year", "inscp_scp_amt", "crt_dedc", "hifp_pay", "hifob_pay", "psn_part_amt"),
}
"""What is compared in memory, by national codes."""

STATEMENT: Mapping[str, str] = {
    "medfee_sumamt": "total", "fulamt_ownpay_amt": "own", "overlmt_selfpay": "over",
    "preselfpay_amt": "first", "inscp_scp_amt": "eligible", "crt_dedc": "deductible",
    "act_pay_dedc": "charged", "x_pool_due": "due", "x_over_cap": "cut", "hifp_pay": "paid",
    "psn_part_amt": "borne", "x_ttp_pay": "", "x_settled_amt": "eligible", "dedc_std": "standard",
    "x_out_preselfpay": "", "x_pool_amt": "pooled", "fund_pay_sumamt": "funds",
    "x_fixed_over": "", "hosp_part_amt": "",
}  # fmt: skip
"""What a settled file states of a stay in money, and the name that peers give it; '' is nothing
paid. Beside it stand the year, and as ``pool_prop_selfpay`` the ratio."""
FURTHER = {"hifob_pay": "large", "hifes_pay": "", "cvlserv_pay": ""}
"""What 资阳 states more."""
ALONG = ("psn_no", "mdtrt_id", "med_type", "hosp_lv")
"""Columns of the claims that go along."""


def statement(name: str) -> dict[str, str]:
    """The money of a workload's settled file."""
    return {**STATEMENT, **(FURTHER if name == "ziyang" else {})}


class Missing(Exception):
    """Something that a peer needs is not installed; says what."""


def ready(
    work: Work, run: Callable[[int, int], None], written: Sequence[Array], threads: int,
    held: Sequence[Array] = (),
) -> Callable[[], Answers]:  # fmt: skip
    """A loop ``run`` from row to row, which fills ``written`` (first ``reject``), on so many
    threads; what it points to is ``held``."""
    cuts = shares(work.columns["person"], threads)

    def action(held: Sequence[Array] = held) -> Answers:
        each = [Thread(target=run, args=cut) for cut in cuts[1:]]
        for thread in each:
            thread.start()
        run(*cuts[0])
        for thread in each:
            thread.join()
        return dict(zip(("reject", *COLUMNS[work.name]), written, strict=True))

    return action


def shares(person: Array, threads: int) -> list[tuple[int, int]]:
    """As many ranges of rows as threads, about alike; no person is in two."""
    cuts = [0]
    for n in range(1, threads):
        at = len(person) * n // threads
        cuts.append(int(np.searchsorted(person, person[at], "left")))
    return list(zip(cuts, [*cuts[1:], len(person)], strict=True))
