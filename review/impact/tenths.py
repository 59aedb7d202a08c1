"""Claims by tenths of cost."""

from __future__ import annotations

from typing import Any

import numpy as np


def tenths(connection: Any, table: str, weight: str) -> str:
    """SQL that says which tenth, '01' to '10', the cost of a claim under the base is in.

    A tenth ends with the first cost up to which its share of all claims lies, as weighted by
    ``weight``: claims of one cost stand in one tenth. '' for a claim that the base does not settle.
    """
    cost = "CAST(cost_base * 100 AS BIGINT)"
    told = connection.sql(
        f"SELECT {cost} AS cost, CAST(sum({weight}) AS BIGINT) AS w FROM {table} "
        "WHERE cost_base IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchnumpy()
    costs = np.asarray(told["cost"], dtype=np.int64)
    if not len(costs):
        return "''"
    upto = np.cumsum(np.asarray(told["w"], dtype=np.int64))
    shares = [-(-int(upto[-1]) * tenth // 10) for tenth in range(1, 10)]
    ends = [int(costs[at]) for at in np.searchsorted(upto, shares)]
    cases = " ".join(f"WHEN {cost} <= {end} THEN '{n:02d}'" for n, end in enumerate(ends, 1))
    return f"CASE WHEN cost_base IS NULL THEN '' {cases} ELSE '10' END"
