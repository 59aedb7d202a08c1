"""Lines over one amount, each bend told with what causes it.

What happens at small amounts is invisible beside a yearly cap, so the chart can have panels: each
has axes of its own, both straight, so that a slope stays a ratio. Names of lines stand at their
ends; the reasons of bends stand above all lines, on thin stems, behind the stem where they fit and
else before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.present.charts.records import Kink, Line, LineChart
from tiaowen.review.present.charts.style import COLORS, SIZE, Spec, said, text_width, ticks

HEIGHT = 250
ROW = SIZE + 5
"""Pixels between two rows of labels."""


def line_spec(chart: LineChart, lang: Lang, width: int) -> Spec:
    """The panels of ``chart`` side by side."""
    windows = chart.windows or (_reach(chart.lines),)
    names = max((text_width(line.name) for line in chart.lines), default=0) + 14
    inside = width - names - 56 * len(windows) - 28 * (len(windows) - 1)
    wide = round(inside / len(windows))
    panels = []
    for number, window in enumerate(windows):
        last = number == len(windows) - 1
        panels.append(_Panel(chart, window, wide, lang, number == 0, last, names).spec())
    return {"hconcat": panels} if len(panels) > 1 else panels[0]


def _reach(lines: Sequence[Line]) -> tuple[float, float]:
    xs = [x for line in lines for x, _ in line.points]
    return (min(xs, default=0), max(xs, default=1))


def _between(points: Sequence[tuple[float, float]], low: float, high: float) -> list[Spec]:
    """The part of a line inside [low, high], cut at its edges."""
    kept = [(x, y) for x, y in points if low <= x <= high]
    for edge in (low, high):
        for (x0, y0), (x1, y1) in pairwise(points):
            if x0 < edge < x1:
                kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return [{"x": x, "y": y} for x, y in sorted(set(kept))]


@frozen
class _Panel:
    chart: LineChart
    window: tuple[float, float]
    width: int
    lang: Lang
    first: bool
    last: bool
    aside: float
    """Pixels beside the last panel, where the names of the lines stand."""

    def spec(self) -> Spec:
        parts = [(line, _between(line.points, *self.window)) for line in self.chart.lines]
        behind, before = self._labels()
        rows = len({row for _, row in behind})
        room = ROW * (rows + len({row for _, row in before})) + 6
        top = max((p["y"] for _, part in parts for p in part), default=1) or 1
        top *= HEIGHT / (HEIGHT - room)
        layers = [self._line(line, part, top) for line, part in parts]
        for kink, row in behind:
            layers += self._hung(kink, top, 4 + row * ROW, "left")
        for kink, row in before:
            layers += self._hung(kink, top, 4 + (rows + row) * ROW, "right")
        if self.last:
            layers += self._names(parts, top)
        return {"width": self.width, "height": HEIGHT, "layer": layers}

    def _x(self) -> Spec:
        axis = {"labelExpr": ticks(self.lang), "tickCount": 4, "title": self.chart.x_title,
                "titleAlign": "right", "titleAnchor": "end"}  # fmt: skip
        return {"field": "x", "type": "quantitative", "axis": axis,
                "scale": {"domain": list(self.window), "nice": False}}  # fmt: skip

    def _y(self, top: float) -> Spec:
        title = self.chart.y_title if self.first else None
        axis = {"labelExpr": ticks(self.lang), "tickCount": 4, "title": title, "titleAngle": 0,
                "titleAlign": "left", "titleAnchor": "start", "titleX": -34, "titleY": -14,
                "domain": False, "grid": True, "gridOpacity": 0.25}  # fmt: skip
        return {"field": "y", "type": "quantitative", "axis": axis,
                "scale": {"domain": [0, top], "nice": False}}  # fmt: skip

    def _line(self, line: Line, points: list[Spec], top: float) -> Spec:
        mark: Spec = {"type": "line", "color": COLORS[line.tone], "strokeWidth": 2, "clip": False}
        if line.tone in ("second", "loss"):
            mark["strokeDash"] = [7, 3]
        return {"data": {"values": points}, "mark": mark,
                "encoding": {"x": self._x(), "y": self._y(top)}}  # fmt: skip

    # --- names of lines

    def _names(self, parts: Sequence[tuple[Line, list[Spec]]], top: float) -> Iterator[Spec]:
        """Each name at the end of its line, apart from one another."""
        ends = sorted(((part[-1], line) for line, part in parts if part), key=lambda e: -e[0]["y"])
        at = -1000.0
        for end, line in ends:
            place = HEIGHT * (1 - end["y"] / top)
            at = max(place, at + ROW)
            yield said(line.name, {"value": self.width + 6}, {"value": min(at, HEIGHT - 4)},
                       color=COLORS[line.tone], weight="bold")  # fmt: skip

    # --- bends

    def _labels(self) -> tuple[list[tuple[Kink, int]], list[tuple[Kink, int]]]:
        """The bends of this panel that no narrower one shows, with the row of each label: those
        that go behind their stem, those before it."""
        low, high = self.window
        earlier = [w for w in self.chart.windows if w[1] < high]
        shown = [
            k for k in sorted(self.chart.kinks, key=lambda k: k.x)
            if low < k.x < high and not any(w[0] < k.x < w[1] for w in earlier)
        ]  # fmt: skip
        left = [k for k in shown if self._fits(k)]
        right = [k for k in reversed(shown) if k not in left]
        behind = _rows([(self._at(k.x), text_width(k.label)) for k in left])
        before = _rows([(self.width - self._at(k.x), text_width(k.label)) for k in right])
        return (list(zip(left, behind, strict=True)), list(zip(right, before, strict=True)))

    def _fits(self, kink: Kink) -> bool:
        """Whether a label goes behind the stem: there is half the panel for it, or it ends in the
        panel or, of the last one, beside it."""
        room = self.width + (self.aside if self.last else 0)
        at = self._at(kink.x)
        return at <= self.width / 2 or at + text_width(kink.label) <= room

    def _at(self, x: float) -> float:
        low, high = self.window
        return self.width * (x - low) / (high - low)

    def _hung(self, kink: Kink, top: float, row: float, align: str) -> Iterator[Spec]:
        """A dot on the line, a stem to the row of its label, and the label."""
        color = COLORS[kink.tone]
        data = {"values": [{"x": kink.x, "y": kink.y}]}
        place = {"x": self._x(), "y": self._y(top)}
        stem = {"type": "rule", "color": color, "opacity": 0.55, "strokeDash": [1, 2]}
        yield {"data": data, "mark": stem, "encoding": {**place, "y2": {"value": row}}}
        dot = {"type": "circle", "color": color, "opacity": 1, "size": 42}
        yield {"data": data, "mark": dot, "encoding": place}
        aside = 4 if align == "left" else -4
        yield said(kink.label, {"value": self._at(kink.x)}, {"value": row}, color=color,
                   size=SIZE - 1, align=align, dx=aside)  # fmt: skip


def _rows(labels: Sequence[tuple[float, float]]) -> list[int]:
    """A row for each label of (start, width), by rising start: the first where it overlaps none
    and is crossed by no stem of a later one in the same row."""
    ends: list[float] = []
    rows = []
    for start, wide in labels:
        row = next((n for n, end in enumerate(ends) if end + 8 < start), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = start + wide
        rows.append(row)
    return rows
