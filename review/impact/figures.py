"""Every number of an impact, asked of the table of effects: DuckDB counts, in whole 分.

People are first summed up one by one (``impact_people``), since a cap, a gain or a loss is a
person's of all their claims. Sums are weighted where claims are a sample: of each person as many
as they stand for, in millionths, rounded half up when all is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tiaowen.review.impact import records as r
from tiaowen.review.impact.asking import Asked, both, fen
from tiaowen.review.impact.refusals import refusals
from tiaowen.review.impact.sampling import Resampled, resampled
from tiaowen.review.impact.tenths import tenths

EDGES = (-1_000_000, -300_000, -100_000, -10_000, 0, 10_000, 100_000, 300_000, 1_000_000)
"""Where the bins of people's changes meet, in 分."""
MOST = 20
AGE = "date_sub('year', born, begun)"
DIMENSIONS: Mapping[str, str] = {
    "matter": "coalesce(matter_{0}, '')",
    "level": "coalesce(level, '')",
    "age": f"CASE WHEN {AGE} IS NULL THEN '' WHEN {AGE} < 18 THEN '0–17' "
    f"WHEN {AGE} < 45 THEN '18–44' WHEN {AGE} < 60 THEN '45–59' WHEN {AGE} < 75 THEN '60–74' "
    "ELSE '75–' END",
    "kind": "coalesce(left(kind, 2), '')",
    "place": "CASE WHEN place IS NULL OR insured IS NULL THEN '' "
    "WHEN left(place, 4) = left(insured, 4) THEN 'area' "
    "WHEN left(place, 2) = left(insured, 2) THEN 'province' ELSE 'elsewhere' END",
    "decile": "{1}",
}
"""A dimension -> the label of a claim's group; {0} is the draft's key, {1} the tenth by cost."""
CROSSINGS: Mapping[r.Met, tuple[str, str]] = {
    "cut": ("cut_{0} > 0", "cut_{0}"),
    "deducted": ("ded_{0} > 0", "ded_{0}"),
    "unpaid": ("fund_{0} = 0", "own_{0}"),
}
"""What people meet -> when one of ``impact_people`` does, and the amount that goes with it."""


def figures(connection: Any, table: str, base: r.Policy, drafts: Sequence[r.Policy], *,
            weighted: bool = False, sample: int = 0,
            funds: Mapping[str, str] | None = None) -> r.Impact:  # fmt: skip
    """All that is asked of the effects in ``table`` (what stands behind FROM).

    ``weighted`` where a column ``weight`` says how many people each stands for; ``sample`` how
    often people are drawn again to tell what a sample leaves open, 0 for a whole population;
    ``funds`` are the names of funds by national code.
    """
    asked = Asked(connection, table, weighted, sample, funds or {})
    (counted,) = asked.rows(
        f"SELECT count(*), count(DISTINCT number), coalesce(sum({asked.weight}), 0) FROM {table}"
    )
    ((people_weight,),) = asked.rows(
        "SELECT coalesce(sum(w), 0) FROM "
        f"(SELECT any_value({asked.weight}) AS w FROM {table} GROUP BY number)"
    )
    claims, people, weight = counted
    decile = tenths(connection, table, asked.weight)
    compared = tuple(_compared(asked, draft, decile) for draft in drafts)
    return r.Impact(base, claims, people, compared, weighted,
                    asked.whole(weight), asked.whole(people_weight))  # fmt: skip


def _compared(asked: Asked, draft: r.Policy, decile: str) -> r.Comparison:
    key = draft.key
    _people(asked, key)
    total, *_ = _groups(asked, key, "''") or (r.Row("", 0, 0, 0, 0, 0, 0),)
    breakdowns = tuple(
        r.Breakdown(name, tuple(_groups(asked, key, label.format(key, decile))))
        for name, label in DIMENSIONS.items()
    )
    return r.Comparison(
        draft, total, tuple(_funds(asked, key, total)), breakdowns, tuple(_bins(asked)),
        tuple(_crossings(asked)), refusals(asked, key), tuple(_most_changed(asked, key)),
    )  # fmt: skip


def _people(asked: Asked, key: str) -> None:
    """What each person's claims come to under the base (a) and the draft (b), in 分."""
    sums = ", ".join(
        f"CAST(sum({fen(f'{column}_{side}')}) AS BIGINT) AS {short}_{letter}"
        for side, letter in (("base", "a"), (key, "b"))
        for column, short in (("fund", "fund"), ("own", "own"), ("cut", "cut"),
                              ("deductible", "ded"))
    )  # fmt: skip
    asked.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE impact_people AS SELECT number, count(*) AS claims, "
        f"any_value({asked.weight}) AS w, {sums} FROM {asked.table} WHERE {both(key)} "
        "GROUP BY number"
    )


_SIDES = {"winners": "own_a - own_b", "losers": "own_b - own_a"}


def _groups(asked: Asked, key: str, label: str) -> list[r.Row]:
    """The claims by ``label``, and the people of each group by what they pay in it."""
    sums = ", ".join(
        f"CAST(sum({fen(f'{column}_{side}')}) AS BIGINT) AS {column}_{letter}"
        for side, letter in (("base", "a"), (key, "b")) for column in ("fund", "own")
    )  # fmt: skip
    asked.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE impact_group AS SELECT {label} AS label, number, "
        f"count(*) AS n, any_value({asked.weight}) AS w, {sums} FROM {asked.table} "
        f"WHERE {both(key)} GROUP BY ALL"
    )
    counted = ("n", "fund_a", "fund_b", "own_a", "own_b")
    told = ["CAST(sum(n) AS BIGINT)", *map(asked.sum_of, counted)]
    for gain in _SIDES.values():
        told += [asked.people_of(f"{gain} > 0"), asked.sum_of(f"greatest({gain}, 0)"),
                 f"greatest(max({gain}), 0)"]  # fmt: skip
    told.append(asked.people_of("own_a = own_b"))
    found = asked.rows(
        f"SELECT label, {', '.join(told)} FROM impact_group GROUP BY label ORDER BY label"
    )
    drawn = resampled(asked)
    return [_row(asked, told_row, drawn.get(told_row[0])) for told_row in found]


def _row(asked: Asked, told: tuple[Any, ...], drawn: Resampled | None) -> r.Row:
    label, claims, weight, fund_a, fund_b, own_a, own_b, *sides, unchanged = told
    less, more = drawn.people if drawn is not None else (None, None)
    whole = asked.whole
    return r.Row(
        label, claims, whole(weight), whole(fund_a), whole(fund_b), whole(own_a), whole(own_b),
        _side(asked, sides[:3], less), _side(asked, sides[3:], more), whole(unchanged),
        drawn.funds if drawn is not None else None,
    )  # fmt: skip


def _side(asked: Asked, told: Sequence[int], interval: r.Interval | None) -> r.Side:
    """People who gain a total together; the mean is of what was added, not of what is shown."""
    people, total, most = told
    mean = (2 * total + people) // (2 * people) if people else 0
    return r.Side(asked.whole(people), asked.whole(total), mean, most, interval)


def _funds(asked: Asked, key: str, total: r.Row) -> Iterator[r.Fund]:
    """Each fund that pays anything on either side, and what the total has beyond them."""
    left = [total.fund_before, total.fund_after]
    for code, name in asked.funds.items():
        a, b = (
            f"coalesce({code}_{side}, 0)" if asked.has(f"{code}_{side}") else "0"
            for side in ("base", key)
        )
        sums = ", ".join(asked.sum_of(fen(one)) for one in (a, b))
        ((before_n, after_n, *paid),) = asked.rows(
            f"SELECT count(*) FILTER (WHERE {a} > 0), count(*) FILTER (WHERE {b} > 0), {sums} "
            f"FROM (SELECT *, {asked.weight} AS w FROM {asked.table}) WHERE {both(key)}"
        )
        before, after = map(asked.whole, paid)
        left = [left[0] - before, left[1] - after]
        if before or after:
            yield r.Fund(code, name, before_n, after_n, before, after)
    if any(left) and not asked.weighted:
        yield r.Fund("", "", 0, 0, *left)


def _bins(asked: Asked) -> Iterator[r.Bin]:
    """People by how much more they pay, those whose payment stays left out."""
    bounds: list[tuple[int | None, int | None]] = [
        (None, EDGES[0]), *pairwise(EDGES), (EDGES[-1], None)
    ]  # fmt: skip
    for low, high in bounds:
        where = [f"own_b - own_a >= {low}"] if low is not None else []
        where += [f"own_b - own_a < {high}"] if high is not None else []
        ((people,),) = asked.rows(
            "SELECT coalesce(sum(w), 0) FROM impact_people "
            f"WHERE own_a <> own_b AND {' AND '.join(where)}"
        )
        yield r.Bin(low, high, asked.whole(people))


def _crossings(asked: Asked) -> Iterator[r.Crossing]:
    for kind, (when, amount) in CROSSINGS.items():
        before, after = when.format("a"), when.format("b")
        of = [before, after, f"{after} AND NOT {before}", f"{before} AND NOT {after}"]
        counts = [asked.people_of(one) for one in of]
        amounts = [
            asked.sum_of(f"CASE WHEN {met} THEN {amount.format(side)} ELSE 0 END")
            for side, met in (("a", before), ("b", after))
        ]
        (told,) = asked.rows(f"SELECT {', '.join([*counts, *amounts])} FROM impact_people")
        yield r.Crossing(kind, *map(asked.whole, told))


def _most_changed(asked: Asked, key: str) -> Iterator[r.Changed]:
    """The people most changed; of a person's claims that change alike, the last by number."""
    asked.connection.execute(
        "CREATE OR REPLACE TEMP TABLE impact_most AS SELECT number, own_a, own_b, claims "
        "FROM impact_people WHERE own_a <> own_b "
        f"ORDER BY abs(own_b - own_a) DESC, number LIMIT {MOST}"
    )
    change = f"abs({fen(f'own_{key}')} - {fen('own_base')})"
    for row in asked.rows(
        "SELECT any_value(person), any_value(own_a), any_value(own_b), any_value(claims), "
        f"coalesce(max_by(encounter, ({change}, encounter)), '') FROM {asked.table} "
        f"JOIN impact_most USING (number) WHERE {both(key)} "
        "GROUP BY number ORDER BY abs(any_value(own_b) - any_value(own_a)) DESC, number"
    ):
        yield r.Changed(*row)
