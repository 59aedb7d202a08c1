"""Plots for the pages of ``review/``: records that say what is shown, and how they are drawn.

A plot is looked at, not read: lines and bars carry their own names, there are few ticks and no
legend. It is drawn by Vega-Lite through the extra ``report``, without a network, as an inline SVG
that takes the page's text colour; the same record gives the same bytes.
"""

from tiaowen.review.present.charts.draw import chart_svg
from tiaowen.review.present.charts.records import (
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
)

__all__ = [
    "Bar", "Bars", "Bin", "Cell", "Chart", "HeatTable", "Histogram", "Kink", "Line", "LineChart",
    "chart_svg",
]  # fmt: skip
