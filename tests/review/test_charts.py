"""Plots: what they say, that they fetch nothing, and that the same record gives the same bytes."""

from __future__ import annotations

import builtins
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from tiaowen.dsl.diagnostics import Rejected
from tiaowen.review.present.charts import (
    Bar,
    Bars,
    Bin,
    Cell,
    Chart,
    HeatTable,
    Histogram,
    Kink,
    Line,
    LineChart,
    chart_svg,
)
from tiaowen.review.present.charts.draw import chart_spec
from tiaowen.review.present.charts.lines import _between, _rows

LINES = LineChart(
    "二级医院 <甲>",
    "医疗费（元）",
    "基金支付（元）",
    (
        Line("重庆", ((0, 0), (300, 0), (116_967, 70_000), (300_000, 70_000)), "first"),
        Line("廊坊", ((0, 0), (500, 0), (200_500, 150_000), (300_000, 150_000)), "second"),
    ),
    (Kink(300, 0, "起付300元 四、（二）", "first"), Kink(200_500, 150_000, "封顶", "second")),
    ((0, 2_500), (0, 300_000)),
)
BARS = Bars("得失", (Bar("一级", 820.5, "+820.50", "gain"), Bar("二级", -1500, "−1,500", "loss")))
BINS = tuple(Bin(100 * n, 100 * n + 100, 5 - abs(n)) for n in range(-4, 5))
COUNTS = Histogram("分布", "每人变化（元）", "人数", BINS, True)
HEAT = HeatTable(
    "谁得多",
    (Cell("三级", "成年人", -500.0, "−500"), Cell("三级", "学生", None, "无规定"),
     Cell("二级", "成年人", 0.0, "0"), Cell("二级", "学生", 20.0, "+20")),
)  # fmt: skip
KINDS: tuple[Chart, ...] = (LINES, BARS, COUNTS, HEAT)


def texts(svg: str) -> str:
    return "\n".join(t for e in ElementTree.fromstring(svg).iter() if (t := (e.text or "").strip()))


@pytest.mark.parametrize("chart", KINDS, ids=lambda chart: type(chart).__name__)
def test_every_kind_is_one_self_contained_element(chart: Chart) -> None:
    svg = chart_svg(chart)
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert root.get("aria-label") == chart.title
    assert not re.search(r'(?:href|src)="(?!#)|<image|<script|url\((?!#)', svg)
    assert "#123456" not in svg
    assert chart_svg(chart) == svg


def test_lines_carry_their_names_and_the_causes_of_bends() -> None:
    said = texts(chart_svg(LINES))
    for text in ("重庆", "廊坊", "起付300元 四、（二）", "封顶", "30万", "医疗费（元）"):
        assert text in said
    assert "300,000" in texts(chart_svg(LINES, "en"))


def test_a_bend_is_told_once_in_the_narrowest_panel_that_shows_it() -> None:
    assert texts(chart_svg(LINES)).count("起付300元") == 1
    assert len(chart_spec(LINES)["hconcat"]) == 2


def test_a_line_is_cut_at_the_edges_of_a_panel() -> None:
    points = ((0.0, 0.0), (300.0, 0.0), (1300.0, 600.0))
    assert _between(points, 0, 800) == [
        {"x": 0.0, "y": 0.0}, {"x": 300.0, "y": 0.0}, {"x": 800, "y": 300.0},
    ]  # fmt: skip


def test_labels_that_would_overlap_stand_in_rows() -> None:
    # the second begins inside the first; the third begins behind it
    assert _rows([(0, 100), (50, 100), (120, 40)]) == [0, 1, 0]


def test_a_missing_value_says_why() -> None:
    said = texts(chart_svg(HEAT))
    assert "无规定" in said
    assert "−500" in said


def test_plots_of_one_page_do_not_share_names() -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', chart_svg(chart))) for chart in KINDS]
    assert all(not (a & b) for n, a in enumerate(ids) for b in ids[n + 1 :])


def test_a_missing_extra_is_one_clear_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "vl_convert":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Rejected) as refused:
        chart_svg(BARS)
    (found,) = refused.value.diagnostics
    assert (found.code, found.args["extra"]) == ("TW0703", "report")
