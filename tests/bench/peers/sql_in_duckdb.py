"""The rules as SQL for DuckDB: money as whole 分, running totals as windows over a person's year.

What is paid under a limit needs no loop: it is what the limit leaves of the running sum of what
is due, less what it left before the row. The rows come out in no order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from string import Template

import duckdb
import numpy as np
import pyarrow as pa
from tests.bench import provisions as p
from tests.bench.peers.answers import ALONG, COLUMNS, Answers, statement
from tests.bench.workloads import Work

# A window carries its columns through a sort: what grade and amount tell is told again behind it.
_LANGFANG = Template("""
WITH owed AS (
  SELECT *, year(ended) AS year, (greatest($eligible - $standard, 0) * $ratio + 50) // 100 AS due
  FROM facts WHERE stay AND scope <> $elsewhere
    AND (scope <> $inside OR year(began) = year(ended))),
summed AS (
  SELECT *, CAST(sum(due) OVER (PARTITION BY person, year ORDER BY ended
                                ROWS UNBOUNDED PRECEDING) AS BIGINT) AS after
  FROM owed),
settled AS (
  SELECT *, $ratio AS ratio, $standard AS standard, standard AS deductible,
    least(deductible, $eligible) AS charged, $eligible - charged AS pooled,
    least(after, $cap) - least(after - due, $cap) AS paid, due - paid AS cut, paid AS funds,
    $total - paid AS borne
  FROM summed)
""")

_ZIYANG = Template("""
WITH told AS (
  SELECT *, year(ended) AS year,
    date_diff('year', born, began)
      - CAST(month(began) * 100 + day(began) < month(born) * 100 + day(born) AS INTEGER) AS age
  FROM facts WHERE stay AND standard IS NOT NULL),
counted AS (
  SELECT *, row_number() OVER (PARTITION BY person, year ORDER BY ended) - 1 AS stays
  FROM told),
lowered AS (
  SELECT * REPLACE (least(ratio + retired * ($more + CASE WHEN age >= $old THEN $old_more ELSE 0 END),
                          100) AS ratio),
    CASE WHEN age >= $first_only AND stays > 0 THEN 0
         ELSE greatest(standard - $retired * retired - $each * stays, $least) END AS deductible
  FROM counted),
owed AS (
  SELECT *, least(deductible, eligible) AS charged, greatest(eligible - deductible, 0) AS pooled,
    (greatest(eligible - deductible, 0) * ratio + 50) // 100 AS due
  FROM lowered),
summed AS (
  SELECT *, CAST(sum(due) OVER w AS BIGINT) AS after,
    eligible - (least(after, $cap) - least(after - due, $cap)) AS burden
  FROM owed WINDOW w AS (PARTITION BY person, year ORDER BY ended ROWS UNBOUNDED PRECEDING)),
burdened AS (
  SELECT *, least(after, $cap) - least(after - due, $cap) AS paid, due - paid AS cut,
    CAST(sum(burden) OVER w AS BIGINT) AS upto
  FROM summed WINDOW w AS (PARTITION BY person, year ORDER BY ended ROWS UNBOUNDED PRECEDING)),
settled AS (
  SELECT *, (($upto) - ($before) + 50) // 100 AS large, paid + large AS funds,
    total - funds AS borne
  FROM burdened)
""")


def _large(burden: str) -> str:
    """What the large-cost fund pays of a running burden, in hundredths of a 分."""
    ends = (*p.LARGE_BOUNDS[1:], None)
    slices = []
    for start, end, here, there in zip(
        p.LARGE_BOUNDS, ends, p.LARGE_LOCAL, p.LARGE_ELSEWHERE, strict=True
    ):
        upto = burden if end is None else f"least({burden}, {end})"
        share = f"CASE WHEN local = 1 THEN {here} ELSE {there} END"
        slices.append(f"greatest({upto} - {start}, 0) * ({share})")
    return " + ".join(slices)


def _rules(name: str, grade: str, total: str, eligible: str, *, coded: bool) -> str:
    """The rules over the relation ``facts``, up to the relation ``settled``; grade and amounts as
    expressions over its columns, grades as codes or numbers."""
    if name == "langfang":
        grades: Sequence[object] = p.GRADES if coded else range(len(p.GRADES))
        return _LANGFANG.substitute(
            elsewhere=p.REFUSED, inside=p.INSIDE, cap=p.LANGFANG_CAP, total=total,
            eligible=eligible, standard=_of(grade, grades, p.LANGFANG_DEDUCTIBLE),
            ratio=_of(grade, grades, p.LANGFANG_RATIO),
        )  # fmt: skip
    return _ZIYANG.substitute(
        more=p.RETIRED_MORE, old_more=p.OLD_MORE, old=p.OLD, first_only=p.FIRST_ONLY,
        retired=p.RETIRED_LESS, each=p.EACH_STAY_LESS, least=p.LEAST, cap=p.ZIYANG_CAP,
        upto=_large("upto"), before=_large("(upto - burden)"),
    )  # fmt: skip


def _of(column: str, keys: Sequence[object], cells: Sequence[int | None]) -> str:
    """A table's cell by a column, as a CASE over the keys of each cell."""
    told = ""
    for cell in dict.fromkeys(cells):
        same = ", ".join(repr(key) for key, at in zip(keys, cells, strict=True) if at == cell)
        told += f" WHEN {column} IN ({same}) THEN {'NULL' if cell is None else cell}"
    return f"CAST(CASE{told} END AS BIGINT)"


def _looked_up(name: str, grade: str, area: str, *, coded: bool) -> str:
    """What grade and place, as codes or numbers, say of a row before its history."""
    grades: Sequence[object] = p.GRADES if coded else range(len(p.GRADES))
    if name == "langfang":
        places: Sequence[object] = p.LANGFANG_PLACES if coded else range(len(p.LANGFANG_SCOPE))
        return f"{_of(area, places, p.LANGFANG_SCOPE)} AS scope"
    places = p.ZIYANG_PLACES if coded else range(len(p.ZIYANG_PLACES))
    pairs = (
        ("standard", p.ZIYANG_DEDUCTIBLE_LOCAL, p.ZIYANG_DEDUCTIBLE_ELSEWHERE),
        ("ratio", p.ZIYANG_RATIO_LOCAL, p.ZIYANG_RATIO_ELSEWHERE),
    )
    local = _of(area, places, p.ZIYANG_LOCAL)
    sides = (
        f"CASE WHEN {local} = 1 THEN {_of(grade, grades, here)} ELSE {_of(grade, grades, there)} END AS {of}"
        for of, here, there in pairs
    )
    return f"{local} AS local, {', '.join(sides)}"


def _sums(amount: str, price: str, kind: str, catalogue: str, *, coded: bool) -> dict[str, str]:
    """What each line adds to own and first-pay."""
    excluded, partly = (repr(code) if coded else str(n) for n, code in ((2, "03"), (1, "02")))
    service = repr(p.CATALOGUES[1]) if coded else "1"
    steps = " ".join(
        f"WHEN {price} <= {bound} THEN {own}"
        for bound, own in zip(p.SERVICE_BOUNDS, p.SERVICE_OWN, strict=False)
    )
    share = f"CASE WHEN {catalogue} <> {service} THEN {p.MEDICINE_OWN} {steps} ELSE {p.SERVICE_OWN[-1]} END"
    return {
        "total": amount,
        "own": f"CASE WHEN {kind} = {excluded} THEN {amount} ELSE 0 END",
        "first": f"CASE WHEN {kind} = {partly} THEN ({amount} * ({share}) + 50) // 100 ELSE 0 END",
    }


def _fen(column: str) -> str:
    """A decimal as 分, within 64 bits."""
    return f"CAST(CAST({column} AS DECIMAL(15, 2)) * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"


BILLED = {
    "total": "medfee_sumamt", "own": "fulamt_ownpay_amt", "over": "overlmt_selfpay",
    "first": "preselfpay_amt", "eligible": "inscp_scp_amt",
}  # fmt: skip
"""What the claims of 廊坊 state, as it goes into the output."""


def _yuan(fen: str) -> str:
    """分 as a decimal, within 64 bits."""
    return f"CAST(CAST({fen} AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(16, 2))"


def _file_facts(name: str, claims: Path) -> str:
    """The relation ``facts`` of a file."""
    seen = (
        f"psn_no AS person, begntime AS began, endtime AS ended, {', '.join(ALONG)}, "
        f"med_type IN {p.KINDS_OF_STAY} AS stay, "
        f"{_looked_up(name, 'hosp_lv', 'mdtrtarea_admdvs', coded=True)}"
    )
    if name == "langfang":
        return f"SELECT {seen}, {', '.join(BILLED.values())} FROM '{claims}'"
    sums = _sums(
        _fen("x.det_item_fee_sumamt"), _fen("x.pric"), "x.chrgitm_lv", "x.list_type", coded=True
    )
    totals = (
        f"CAST(list_sum(list_transform(feedetail, lambda x: {each})) AS BIGINT) AS {of}"
        for of, each in sums.items()
    )
    return (
        f"SELECT {seen}, brdy AS born, CAST(psn_type LIKE '12%' AS BIGINT) AS retired, 0 AS over, "
        f"{', '.join(totals)}, total - own - first AS eligible FROM '{claims}'"
    )


def settle_file(name: str, claims: Path, output: Path, threads: int) -> None:
    """Settle a Parquet file into another on so many threads."""
    stated = BILLED if name == "langfang" else {}
    total, eligible = (_fen(stated[of]) if stated else of for of in ("total", "eligible"))
    rules = _rules(name, "hosp_lv", total, eligible, coded=True)
    money = (
        f"{stated.get(of) or _yuan(of or '0')} AS {code}" for code, of in statement(name).items()
    )
    ratio = "CAST(CAST(ratio AS DECIMAL(10, 0)) * CAST(0.01 AS DECIMAL(8, 8)) AS DECIMAL(18, 8))"
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    connection.execute(f"SET threads = {threads}")
    connection.execute(
        f"CREATE VIEW facts AS {_file_facts(name, claims)};"
        f"COPY ({rules} SELECT {', '.join(ALONG)}, '住院' AS x_matter, CAST(year AS BIGINT) AS year, "
        f"{ratio} AS pool_prop_selfpay, {', '.join(money)} FROM settled) "
        f"TO '{output}' (FORMAT parquet)"
    )


def prepared(work: Work, threads: int = 1) -> Callable[[], Answers]:
    """What settles ``work`` as Arrow columns of whole numbers in memory, in the rows' order."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    given = {name: pa.array(column) for name, column in work.columns.items()}
    connection.register("claims", pa.table(given | {"row": pa.array(np.arange(work.rows))}))
    dates = {"begin": "began", "end": "ended", "born": "born"}
    plain = [name for name in work.columns if name not in dates]
    seen = [
        f"DATE '1970-01-01' + \"{of}\" AS {to}" for of, to in dates.items() if of in work.columns
    ]
    told = ", ".join(["row", "true AS stay", *plain, *seen,
                      _looked_up(work.name, "grade", "area", coded=False)])  # fmt: skip
    facts = f"SELECT {told} FROM claims"
    if work.lines:
        rows = np.repeat(np.arange(work.rows), np.diff(work.offsets))
        connection.register("lines", pa.table({**work.lines, "row": rows}))
        sums = _sums("amount", "price", '"class"', "catalogue", coded=False)
        each = ", ".join(f"CAST(sum({one}) AS BIGINT) AS {of}" for of, one in sums.items())
        facts = (
            f"SELECT *, total - own - first AS eligible FROM ({facts}) "
            f"JOIN (SELECT row, {each} FROM lines GROUP BY row) USING (row)"
        )
    names = {"year": "year", **statement(work.name)}
    shown = ", ".join(f"{names[code]} AS {code}" for code in COLUMNS[work.name])
    connection.execute(f"CREATE VIEW facts AS {facts}")
    rules = _rules(work.name, "grade", "total", "eligible", coded=False)

    def action() -> Answers:
        found = connection.sql(f"{rules} SELECT row, {shown} FROM settled").to_arrow_table()
        row = found.column("row").to_numpy()
        answers = {"reject": np.ones(work.rows, np.int32)}
        answers["reject"][row] = 0
        for code in COLUMNS[work.name]:
            answers[code] = np.zeros(work.rows, np.int64)
            answers[code][row] = found.column(code).to_numpy()
        return answers

    return action
