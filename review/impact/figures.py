"""Every number of an impact, asked of the table of effects: DuckDB counts, in whole 分."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tiaowen.review.impact import records as r

EDGES = (-1_000_000, -300_000, -100_000, -10_000, 0, 10_000, 100_000, 300_000, 1_000_000)
"""Where the bins of people's changes meet, in 分."""
MOST = 20
_PEOPLE = "count(DISTINCT person)"
_FEN = "CAST(sum(w * CAST({0} * 100 AS BIGINT)) AS BIGINT)"
_OWN_FEN = "CAST(sum(CAST({0} * 100 AS BIGINT)) AS BIGINT)"
"""What people pay is theirs, however many others they stand for."""
DIMENSIONS: Mapping[str, str] = {
    "matter": "coalesce(matter_{0}, matter_base)",
    "level": "coalesce(level, '')",
    "age": "CASE WHEN age IS NULL THEN '' WHEN age < 18 THEN '0–17' WHEN age < 45 THEN '18–44' "
    "WHEN age < 60 THEN '45–59' WHEN age < 75 THEN '60–74' ELSE '75–' END",
    "kind": "coalesce(left(kind, 2), '')",
    "place": "CASE WHEN place IS NULL OR insured IS NULL THEN '' "
    "WHEN left(place, 4) = left(insured, 4) THEN 'area' "
    "WHEN left(place, 2) = left(insured, 2) THEN 'province' ELSE 'elsewhere' END",
    "decile": "lpad(CAST(decile AS VARCHAR), 2, '0')",
}
"""A dimension -> the label of a claim's group; {0} is the draft's key."""


def figures(connection: Any, table: str, base: r.Policy, drafts: Sequence[r.Policy], *,
            weighted: bool = False, sample: int = 0) -> r.Impact:  # fmt: skip
    """All that is asked of the effects in ``table`` (what stands behind FROM).

    ``weighted`` where a column ``weight`` says how many claims each stands for; ``sample`` how
    often people are drawn again to tell what a sample leaves open, 0 for a whole population.
    """
    weight = "CAST(weight AS BIGINT)" if weighted else "1"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE impact_rows AS SELECT *, {weight} AS w, "
        "date_sub('year', TRY_CAST(born AS DATE), TRY_CAST(begun AS TIMESTAMP)::DATE) AS age, "
        "ntile(10) OVER (PARTITION BY cost_base IS NULL ORDER BY cost_base, encounter) AS decile "
        f"FROM {table}"
    )
    claims, people = _one(connection, "count(*), count(DISTINCT person)", "true")
    compared = tuple(_compared(connection, draft, sample) for draft in drafts)
    return r.Impact(base, claims, people, compared)


def _one(connection: Any, what: str, where: str) -> tuple[Any, ...]:
    (row,) = connection.sql(f"SELECT {what} FROM impact_rows WHERE {where}").fetchall()
    found: tuple[Any, ...] = row
    return found


def _compared(connection: Any, draft: r.Policy, sample: int) -> r.Comparison:
    key = draft.key
    both = f"fund_base IS NOT NULL AND fund_{key} IS NOT NULL"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE impact_people AS SELECT person, "
        f"{_OWN_FEN.format('own_base')} AS before, {_OWN_FEN.format(f'own_{key}')} AS after, "
        f"{_FEN.format('fund_base')} AS fund_before, {_FEN.format(f'fund_{key}')} AS fund_after, "
        "count(*) AS claims, "
        f"coalesce(arg_max(encounter, abs(own_{key} - own_base)), '') AS encounter "
        f"FROM impact_rows WHERE {both} GROUP BY person"
    )
    (total,) = _rows(connection, key, "''", both) or (r.Row("", 0, 0, 0, 0, 0, 0),)
    breakdowns = tuple(
        r.Breakdown(name, tuple(_rows(connection, key, sql.format(key), both)))
        for name, sql in DIMENSIONS.items()
    )
    unchanged = connection.sql("SELECT count(*) FROM impact_people WHERE after = before").fetchall()
    newly, no_longer = (
        _one(connection, _PEOPLE, f"{both} AND cut_{a} > 0 AND cut_{b} = 0")[0]
        for a, b in ((key, "base"), ("base", key))
    )
    deducted = f"{both} AND deductible_{key} > 0 AND deductible_base = 0"
    return r.Comparison(
        draft, total, breakdowns,
        _side(connection, "before - after"), _side(connection, "after - before"),
        unchanged[0][0], tuple(_bins(connection)), _refusals(connection, key),
        newly, no_longer, _one(connection, _PEOPLE, deducted)[0],
        tuple(_most_changed(connection)), _interval(connection, sample) if sample else None,
    )  # fmt: skip


def _rows(connection: Any, key: str, label: str, where: str) -> list[r.Row]:
    sums = ", ".join(
        _FEN.format(column) for column in ("fund_base", f"fund_{key}", "own_base", f"own_{key}")
    )
    found = connection.sql(
        f"SELECT {label} AS label, count(*), CAST(sum(w) AS BIGINT), {sums} FROM impact_rows "
        f"WHERE {where} GROUP BY label ORDER BY label"
    ).fetchall()
    return [r.Row(*row) for row in found]


def _side(connection: Any, gain: str) -> r.Side:
    """People for whom ``gain`` is above nothing."""
    (row,) = connection.sql(
        f"SELECT count(*), coalesce(sum({gain}), 0), coalesce(max({gain}), 0) "
        f"FROM impact_people WHERE {gain} > 0"
    ).fetchall()
    people, total, most = (int(value) for value in row)
    mean = (2 * total + people) // (2 * people) if people else 0
    return r.Side(people, total, mean, most)


def _bins(connection: Any) -> Iterator[r.Bin]:
    """People by how much more they pay, those whose payment stays left out."""
    bounds: list[tuple[int | None, int | None]] = [
        (None, EDGES[0]), *pairwise(EDGES), (EDGES[-1], None)
    ]  # fmt: skip
    for low, high in bounds:
        where = [f"after - before >= {low}"] if low is not None else []
        where += [f"after - before < {high}"] if high is not None else []
        (row,) = connection.sql(
            f"SELECT count(*) FROM impact_people WHERE after <> before AND {' AND '.join(where)}"
        ).fetchall()
        yield r.Bin(low, high, row[0])


def _refusals(connection: Any, key: str) -> r.Refusals:
    base, draft = "fund_base IS NOT NULL", f"fund_{key} IS NOT NULL"
    both, base_only, draft_only, neither = (
        int(_one(connection, "count(*)", where)[0])
        for where in (f"{base} AND {draft}", f"{base} AND NOT ({draft})",
                      f"NOT ({base}) AND {draft}", f"NOT ({base}) AND NOT ({draft})")
    )  # fmt: skip
    codes = [
        (side, code, count)
        for side in ("base", key)
        for code, count in connection.sql(
            f"SELECT refused_{side}, count(*) FROM impact_rows WHERE refused_{side} IS NOT NULL "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    ]
    return r.Refusals(both, base_only, draft_only, neither, tuple(codes))


def _most_changed(connection: Any) -> Iterator[r.Changed]:
    found = connection.sql(
        "SELECT person, before, after, claims, encounter FROM impact_people WHERE after <> before "
        f"ORDER BY abs(after - before) DESC, person LIMIT {MOST}"
    ).fetchall()
    for row in found:
        yield r.Changed(*row)


def _interval(connection: Any, samples: int) -> r.Interval:
    """The change of the funds when people are drawn again, each as often as a Poisson draw of
    mean 1 says (the bootstrap for populations too large to be drawn from one by one)."""
    import numpy as np

    rows = connection.sql(
        "SELECT fund_after - fund_before FROM impact_people ORDER BY person"
    ).fetchnumpy()
    change = next(iter(rows.values())).astype(np.int64)
    draw = np.random.Generator(np.random.Philox(0))
    found = np.sort([int((change * draw.poisson(1.0, len(change))).sum()) for _ in range(samples)])
    low, high = (int(found[min(int(samples * q), samples - 1)]) for q in (0.025, 0.975))
    return r.Interval(low, high, samples)
