"""Tables of any kind go in as they are held; what cannot be a table is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas
import polars
import pyarrow as pa
import pytest

import tiaowen
from tiaowen.apps.dataframes import arrow_of, html_table, like
from tiaowen.apps.python import Settled

TABLE = pa.table({"psn_no": ["1", "2"], "x": pa.array([Decimal("1.50"), None])})


@pytest.mark.parametrize(
    "given",
    [TABLE, TABLE.to_batches()[0], TABLE.to_reader(), TABLE.to_pandas(), polars.from_arrow(TABLE),
     polars.DataFrame(TABLE).lazy()],
    ids=lambda given: type(given).__name__,
)  # fmt: skip
def test_every_kind_of_table_goes_in(given: Any) -> None:
    found = arrow_of(given)
    assert isinstance(found, pa.Table)
    assert found.column("x").to_pylist() == [Decimal("1.50"), None]
    assert found.column("psn_no").to_pylist() == ["1", "2"]


def test_arrow_is_taken_where_it_lies() -> None:
    assert arrow_of(TABLE) is TABLE
    (batch,) = TABLE.to_batches()
    mine, theirs = (t.column("psn_no").chunk(0).buffers()[2] for t in (arrow_of(batch), TABLE))
    assert mine.address == theirs.address


def test_a_frame_comes_back_as_its_kind() -> None:
    assert like(TABLE, TABLE) is TABLE
    back = like(pandas.DataFrame(), TABLE)
    assert back["x"].tolist() == [Decimal("1.50"), None]
    assert isinstance(like(polars.DataFrame().lazy(), TABLE), polars.DataFrame)


def test_polars_categories_inside_lists() -> None:
    kind = polars.List(polars.Struct({"level": polars.Categorical(), "n": polars.Int64()}))
    frame = polars.DataFrame({"lines": [[{"level": "01", "n": 1}]]}, schema={"lines": kind})
    assert arrow_of(frame).to_pylist() == [{"lines": [{"level": "01", "n": 1}]}]


def test_pandas_without_its_index_and_with_mixed_cells() -> None:
    frame = pandas.DataFrame({"hosp_lv": ["05", 5, None, float("nan"), pandas.NA], 7: range(5)},
                             index=list("abcde"))  # fmt: skip
    found = arrow_of(frame)
    assert found.column_names == ["hosp_lv", "7"]
    assert found.column("hosp_lv").to_pylist() == ["05", "5", None, None, None]


def test_what_is_no_table_is_said() -> None:
    twice = pandas.DataFrame([["1", "2"]], columns=["psn_no", "psn_no"])
    mixed = pandas.DataFrame({"x": pandas.Series([[1], "a"], dtype=object)})
    for given, words in ((twice, "two columns “psn_no”"), (mixed, "“x” are of several kinds"),
                         ({"psn_no": ["1"]}, "a dict is no Arrow table"),
                         (polars.Series(["1"]), "a Series is")):  # fmt: skip
        with pytest.raises(TypeError, match=words):
            arrow_of(given)


def test_a_notebook_shows_tables_and_policies() -> None:
    shown = html_table(pa.table({"<i>": ["<b>", None] * 20}))
    assert shown.count("<tr>") == 11
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "40 × 1" in shown
    found = Settled(TABLE.to_pandas(), polars.from_arrow(TABLE.slice(0, 0)))
    assert repr(found) == "<Settled: 2 settled, 0 rejected rows>"
    page = found._repr_html_()
    assert "1.50" in page
    assert "0 × 2" in page
    policy = tiaowen.load("policies/langfang/resident-2024-draft.md")
    assert "<td>住院</td>" in policy._repr_html_()
    assert "<td>当日或次日、同日</td>" in policy._repr_html_()
