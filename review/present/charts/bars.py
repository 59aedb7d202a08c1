"""Horizontal bars of gain and loss, and histograms."""

from __future__ import annotations

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.present.charts.records import Bars, Histogram
from tiaowen.review.present.charts.style import COLORS, INK, SIZE, Spec, text_width, ticks

BAR = 24
"""Pixels from a bar to the next."""
HEIGHT = 190


def bars_spec(chart: Bars, lang: Lang, width: int) -> Spec:
    """Bars with their names left and what they come to at their ends."""
    names = max((text_width(bar.label) for bar in chart.bars), default=0) + 16
    aside = max((text_width(bar.text) for bar in chart.bars), default=0) + 10
    low = min((bar.value for bar in chart.bars), default=0)
    high = max((bar.value for bar in chart.bars), default=0)
    low, high = min(low, 0), max(high, 0) or (1 if low >= 0 else 0)
    inside = max(80.0, width - names - aside * ((low < 0) + (high > 0)))
    scale = {"domain": [low, high], "nice": False, "range": [
        aside if low < 0 else 0, inside + (aside if low < 0 else 0)]}  # fmt: skip
    rows = [
        {"n": n, "label": b.label, "value": b.value, "text": b.text, "color": COLORS[b.tone],
         "left": b.value < 0}
        for n, b in enumerate(chart.bars)
    ]  # fmt: skip
    y = {"field": "n", "type": "ordinal", "axis": None, "scale": {"padding": 0.3}}
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": scale}
    color = {"field": "color", "type": "nominal", "scale": None}
    label = {"type": "text", "align": "right", "baseline": "middle", "x": -8, "color": INK}
    return {
        "width": round(width - names),
        "height": max(1, len(rows)) * BAR,
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "color": color}},
            {"mark": {"type": "rule", "color": INK, "opacity": 0.6},
             "encoding": {"x": {"datum": 0, "type": "quantitative", "axis": None, "scale": scale}}},
            {"mark": label, "encoding": {"y": y, "text": {"field": "label"}}},
            *({"transform": [{"filter": f"datum.left == {str(left).lower()}"}],
               "mark": {"type": "text", "align": "right" if left else "left", "color": INK,
                        "baseline": "middle", "dx": -5 if left else 5},
               "encoding": {"x": x, "y": y, "text": {"field": "text"}}}
              for left in (True, False) if any(row["left"] is left for row in rows)),
        ],
    }  # fmt: skip


def histogram_spec(chart: Histogram, lang: Lang, width: int) -> Spec:
    """Columns that touch, over the bounds of the bins."""
    rows = [
        {"low": b.low, "high": b.high, "count": b.count,
         "color": COLORS[("loss" if b.high <= 0 else "gain") if chart.signed else "plain"]}
        for b in chart.bins
    ]  # fmt: skip
    axis = {"labelExpr": ticks(lang), "tickCount": 6, "title": chart.x_title, "titleAnchor": "end",
            "titleAlign": "right"}  # fmt: skip
    upright = {"labelExpr": ticks(lang), "tickCount": 3, "title": chart.y_title, "titleAngle": 0,
               "titleAlign": "left", "titleAnchor": "start", "titleX": -34, "titleY": -14,
               "grid": True, "gridOpacity": 0.25, "domain": False}  # fmt: skip
    layers: list[Spec] = [{
        "mark": {"type": "bar", "binSpacing": 1},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "bin": {"binned": True}, "axis": axis,
                  "scale": {"nice": False, "zero": False}},
            "x2": {"field": "high"},
            "y": {"field": "count", "type": "quantitative", "axis": upright},
            "color": {"field": "color", "type": "nominal", "scale": None},
        },
    }]  # fmt: skip
    if chart.signed:
        zero = {"datum": 0, "type": "quantitative"}
        layers.append({"mark": {"type": "rule", "color": INK, "opacity": 0.6},
                       "encoding": {"x": zero}})  # fmt: skip
    return {
        "width": width - 60,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": layers,
        "config": {"text": {"fontSize": SIZE}},
    }
