"""The rules as expressions over Polars frames.

Running totals are running sums over all rows less what they were where the person's year began:
the rows stand by person and time, so no group is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from tests.bench import provisions as p
from tests.bench.peers.answers import ALONG, COLUMNS, Answers, statement
from tests.bench.workloads import Work

HUNDRED = 100


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What settles ``work`` as frames of whole numbers; the process sets the threads."""
    frame = pl.DataFrame(dict(work.columns)).with_columns(stay=True)
    lines = pl.DataFrame(dict(work.lines))
    if work.lines:
        rows = np.repeat(np.arange(work.rows), np.diff(work.offsets))
        lines = lines.select(
            "amount", "price", row=pl.Series(rows), excluded=pl.col("class") == 2,
            partly=pl.col("class") == 1, service=pl.col("catalogue") == 1,
        )  # fmt: skip
    names = {"year": "year", **statement(work.name)}

    def action() -> Answers:
        dates = [name for name in ("begin", "end", "born") if name in frame.columns]
        facts = frame.lazy().with_columns(pl.col(dates).cast(pl.Date))
        settled = _settled(work.name, facts, lines.lazy(), coded=False)
        found = settled.select(
            pl.col("refused").cast(pl.Int32).alias("reject"),
            *(
                pl.when("refused").then(0).otherwise(pl.col(names[code])).alias(code)
                for code in COLUMNS[work.name]
            ),
        ).collect()
        return {code: found[code].to_numpy() for code in found.columns}

    return action


def settle_file(name: str, claims: Path, output: Path, threads: int) -> None:
    """Settle a Parquet file into another; the process sets the threads."""
    frame = pl.scan_parquet(claims)
    codes = pl.col("hosp_lv", "med_type", "mdtrtarea_admdvs").cast(pl.String)
    facts = frame.with_columns(codes).rename(
        {"begntime": "begin", "endtime": "end", "mdtrtarea_admdvs": "area", "hosp_lv": "grade"}
    )
    facts = facts.with_columns(person="psn_no", stay=pl.col("med_type").is_in(p.KINDS_OF_STAY))
    lines = frame
    if name == "langfang":
        named = {"total": "medfee_sumamt", "own": "fulamt_ownpay_amt", "over": "overlmt_selfpay",
                 "first": "preselfpay_amt", "eligible": "inscp_scp_amt"}  # fmt: skip
        facts = facts.with_columns(**{to: _fen(of) for to, of in named.items()})
    else:
        old = pl.col("psn_type").cast(pl.String).str.starts_with("12")
        facts = facts.with_columns(retired=old.cast(pl.Int64), born="brdy")
        lines = frame.select("feedetail", row=pl.int_range(pl.len())).explode("feedetail")
        lines = lines.unnest("feedetail").select(
            "row", amount=_fen("det_item_fee_sumamt"), price=_fen("pric"),
            excluded=pl.col("chrgitm_lv") == p.CLASSES[2], partly=pl.col("chrgitm_lv") == p.CLASSES[1],
            service=pl.col("list_type") == p.CATALOGUES[1],
        )  # fmt: skip
    settled = _settled(name, facts, lines, coded=True).filter(~pl.col("refused"))
    money = {
        code: (pl.col(of) if of else pl.lit(0)).cast(pl.Decimal(18, 2)) / HUNDRED
        for code, of in statement(name).items()
    }
    settled.rename({"grade": "hosp_lv"}).select(
        *ALONG, pl.lit("住院").alias("x_matter"), pl.col("year").cast(pl.Int64),
        (pl.col("ratio").cast(pl.Decimal(18, 8)) / HUNDRED).alias("pool_prop_selfpay"),
        *(cell.cast(pl.Decimal(16, 2)).alias(code) for code, cell in money.items()),
    ).sink_parquet(output, compression="snappy")  # fmt: skip


def _fen(name: str) -> pl.Expr:
    """A decimal with two places as 分."""
    return pl.col(name).to_physical().cast(pl.Int64)


def _settled(name: str, facts: pl.LazyFrame, lines: pl.LazyFrame, *, coded: bool) -> pl.LazyFrame:
    """``facts`` with grade and place, as national codes (``coded``) or places in the tables."""
    grades: Sequence[str | int] = p.GRADES if coded else range(len(p.GRADES))
    year = pl.col("end").dt.year().cast(pl.Int32)
    facts = facts.with_columns(year=year)
    if name == "langfang":
        places: Sequence[str | int] = p.LANGFANG_PLACES if coded else range(len(p.LANGFANG_SCOPE))
        facts = facts.with_columns(
            standard=_of("grade", grades, p.LANGFANG_DEDUCTIBLE),
            ratio=_of("grade", grades, p.LANGFANG_RATIO),
            scope=_of("area", places, p.LANGFANG_SCOPE),
        )
        return _langfang(facts)
    places = p.ZIYANG_PLACES if coded else range(len(p.ZIYANG_PLACES))
    local = pl.when(_of("area", places, p.ZIYANG_LOCAL) == 1)
    here = (p.ZIYANG_DEDUCTIBLE_LOCAL, p.ZIYANG_RATIO_LOCAL)
    there = (p.ZIYANG_DEDUCTIBLE_ELSEWHERE, p.ZIYANG_RATIO_ELSEWHERE)
    standard, ratio = (
        local.then(_of("grade", grades, a)).otherwise(_of("grade", grades, b))
        for a, b in zip(here, there, strict=True)
    )
    facts = facts.with_columns(
        row=pl.int_range(pl.len()),
        local=local.then(True).otherwise(False),
        standard=standard,
        ratio=ratio,
    )
    return _ziyang(facts.join(_by_claim(lines), on="row", how="left", maintain_order="left"))


def _of(column: str, keys: Sequence[str | int], cells: Sequence[int | None]) -> pl.Expr:
    return pl.col(column).replace_strict(list(keys), list(cells), return_dtype=pl.Int64)


def _langfang(facts: pl.LazyFrame) -> pl.LazyFrame:
    scope = pl.col("scope")
    over_new_year = (scope == p.INSIDE) & (pl.col("begin").dt.year() < pl.col("year"))
    facts = facts.with_columns(
        refused=~pl.col("stay") | (scope == p.REFUSED) | over_new_year, deductible="standard"
    )
    return _paid(_begun(facts), p.LANGFANG_CAP).with_columns(
        funds="paid", borne=pl.col("total") - pl.col("paid")
    )


def _ziyang(facts: pl.LazyFrame) -> pl.LazyFrame:
    facts = _begun(facts.with_columns(refused=~pl.col("stay") | pl.col("standard").is_null()))
    age = pl.col("begin").dt.year() - pl.col("born").dt.year()
    age = age - (_in_year("begin") < _in_year("born")).cast(pl.Int32)
    one = pl.when("refused").then(0).otherwise(1)
    facts = facts.with_columns(age=age, stays=_before(one))
    lowered = (
        pl.col("standard") - p.RETIRED_LESS * pl.col("retired") - p.EACH_STAY_LESS * pl.col("stays")
    )
    none = (pl.col("age") >= p.FIRST_ONLY) & (pl.col("stays") > 0)
    old = pl.when(pl.col("age") >= p.OLD).then(p.OLD_MORE).otherwise(0)
    points = pl.col("retired") * (p.RETIRED_MORE + old)
    facts = _paid(
        facts.with_columns(
            deductible=pl.when(none).then(0).otherwise(lowered.clip(p.LEAST)),
            ratio=(pl.col("ratio") + points).clip(upper_bound=100),
        ),
        p.ZIYANG_CAP,
    )
    burden = pl.when("refused").then(0).otherwise(pl.col("eligible") - pl.col("paid"))
    facts = facts.with_columns(burden=burden, before=_before(burden))
    slices = _large(pl.col("before") + pl.col("burden")) - _large(pl.col("before"))
    facts = facts.with_columns(large=(slices + 50) // HUNDRED)
    funds = pl.col("paid") + pl.col("large")
    return facts.with_columns(funds=funds, borne=pl.col("total") - funds)


def _by_claim(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Fee lines, in the order of claims, as each claim's sums."""
    price, amount = pl.col("price"), pl.col("amount")
    share = pl.lit(p.SERVICE_OWN[0])
    for bound, higher in zip(p.SERVICE_BOUNDS, p.SERVICE_OWN[1:], strict=True):
        share = pl.when(price > bound).then(higher).otherwise(share)
    share = pl.when("service").then(share).otherwise(p.MEDICINE_OWN)
    first = pl.when("partly").then((amount * share + 50) // HUNDRED).otherwise(0)
    own = pl.when("excluded").then(amount).otherwise(0)
    lines = lines.select(pl.col("row").set_sorted(), total=amount, own=own, first=first)
    sums = lines.group_by("row", maintain_order=True).agg(pl.col("total", "own", "first").sum())
    eligible = pl.col("total") - pl.col("own") - pl.col("first")
    return sums.with_columns(eligible=eligible, over=pl.lit(0, pl.Int64))


def _begun(facts: pl.LazyFrame) -> pl.LazyFrame:
    """``anew`` is where another person's rows, or another year's of a person, begin."""
    changed = [pl.col(name) != pl.col(name).shift(1) for name in ("person", "year")]
    return facts.with_columns(anew=(changed[0] | changed[1]).fill_null(True))


def _before(amount: pl.Expr) -> pl.Expr:
    """The sum of the rows before, of the person's year."""
    before = amount.cum_sum() - amount
    return before - pl.when("anew").then(before).forward_fill()


def _paid(facts: pl.LazyFrame, cap: int) -> pl.LazyFrame:
    """What is paid, at most ``cap`` for a person's year."""
    facts = facts.with_columns(charged=pl.min_horizontal("deductible", "eligible"))
    facts = facts.with_columns(pooled=pl.col("eligible") - pl.col("charged"))
    due = (pl.col("pooled") * pl.col("ratio") + 50) // HUNDRED
    facts = facts.with_columns(due=pl.when("refused").then(0).otherwise(due))
    facts = facts.with_columns(sooner=_before(pl.col("due")))
    after = (pl.col("sooner") + pl.col("due")).clip(upper_bound=cap)
    paid = after - pl.col("sooner").clip(upper_bound=cap)
    return facts.with_columns(paid=paid).with_columns(cut=pl.col("due") - pl.col("paid"))


def _large(burden: pl.Expr) -> pl.Expr:
    """What the large-cost fund pays of a running burden, in hundredths of a 分."""

    def at(shares: Sequence[int]) -> pl.Expr:
        ends = (*p.LARGE_BOUNDS[1:], None)
        slices = (
            (burden.clip(upper_bound=end) - start).clip(0) * share
            for start, end, share in zip(p.LARGE_BOUNDS, ends, shares, strict=True)
        )
        return pl.sum_horizontal(*slices)

    return pl.when("local").then(at(p.LARGE_LOCAL)).otherwise(at(p.LARGE_ELSEWHERE))


def _in_year(name: str) -> pl.Expr:
    """Month and day as one number."""
    return pl.col(name).dt.month().cast(pl.Int32) * 100 + pl.col(name).dt.day()
