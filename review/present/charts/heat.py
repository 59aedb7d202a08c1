"""A table whose cells are coloured by their number."""

from __future__ import annotations

import math

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.present.charts.records import HeatTable
from tiaowen.review.present.charts.style import COLORS, INK, SIZE, Spec, text_width

ROW = 34
WIDEST = 150
"""Pixels that a column takes at most."""


def heat_spec(chart: HeatTable, lang: Lang, width: int) -> Spec:
    """Cells with their numbers, coloured by how far they are from nothing."""
    columns = list(dict.fromkeys(cell.column for cell in chart.cells))
    rows = list(dict.fromkeys(cell.row for cell in chart.cells))
    names = max((text_width(row) for row in rows), default=0) + 20
    wanted = max((text_width(t) for c in chart.cells for t in (c.column, c.text)), default=0) + 18
    column = min(wanted, WIDEST, (width - names) / max(1, len(columns)))
    most = max((abs(c.value) for c in chart.cells if c.value is not None), default=0) or 1
    values = [
        {"row": c.row, "column": c.column, "value": shade, "text": c.text,
         "strong": shade is not None and abs(shade) > 0.7}
        for c in chart.cells for shade in [_shade(c.value, most)]
    ]  # fmt: skip
    low, high = (COLORS[tone] for tone in chart.tones)
    axis = {"domain": False, "labelFontSize": SIZE, "labelLimit": 0, "labelAngle": 0}
    x = {"field": "column", "type": "nominal", "sort": columns,
         "axis": {**axis, "orient": "top", "title": chart.column_title or None,
                  "labelLimit": column - 4, "labelOverlap": False}}  # fmt: skip
    y = {"field": "row", "type": "nominal", "sort": rows,
         "axis": {**axis, "title": chart.row_title or None, "titleAngle": 0, "titleAlign": "right",
                  "titleAnchor": "start", "titleY": -14, "titleX": -8}}  # fmt: skip
    color = {"field": "value", "type": "quantitative", "legend": None, "scale": {
        "domain": [-1, 0, 1], "range": [low, "#f4f4f2", high],
        "interpolate": "rgb"}}  # fmt: skip
    known = [{"filter": "isValid(datum.value)"}]
    return {
        "width": round(column * len(columns)),
        "height": ROW * len(rows),
        "data": {"values": values},
        "layer": [
            {"transform": known, "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
             "encoding": {"x": x, "y": y, "color": color}},
            _text("!isValid(datum.value)", INK, x, y),
            _text("isValid(datum.value) && datum.strong", "#ffffff", x, y),
            _text("isValid(datum.value) && !datum.strong", "#1c2024", x, y),
        ],
    }  # fmt: skip


def _shade(value: float | None, most: float) -> float | None:
    """From -1 to 1, by the square root: small numbers keep a colour beside a very large one."""
    if value is None:
        return None
    return math.copysign(math.sqrt(abs(value) / most), value)


def _text(which: str, color: str, x: Spec, y: Spec) -> Spec:
    mark = {"type": "text", "color": color, "baseline": "middle", "align": "center"}
    return {"transform": [{"filter": which}], "mark": mark,
            "encoding": {"x": x, "y": y, "text": {"field": "text"}}}  # fmt: skip
