"""What every way of settling answers with, so that answers can be compared cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from typing import TypeAlias

import numpy as np
from tests.bench.workloads import Array, Work

Answers: TypeAlias = Mapping[str, Array]
"""``reject`` (0 or 1) and the columns of ``COLUMNS``, in 分; those of a refused row are 0."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "langfang": ("year", "crt_dedc", "hifp_pay", "psn_part_amt"),
    "ziyang": ("year", "inscp_scp_amt", "crt_dedc", "hifp_pay", "hifob_pay", "psn_part_amt"),
}
"""What is compared, by national codes."""


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
