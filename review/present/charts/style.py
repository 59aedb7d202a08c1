"""How plots look: colours, type and axes, settled once.

Blue and orange are told apart by readers who confuse red and green, and by their lightness on a
grey print; of two lines the second is dashed as well. Text is drawn in a mark of its own
(``INK``), which ``draw`` turns into the page's text colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import cells
from tiaowen.review.present.charts.records import Tone

Spec: TypeAlias = dict[str, Any]

INK = "#123456"
"""Stands for the page's text colour until the drawing is done."""

COLORS: Mapping[Tone, str] = {
    "first": "#0f5fa8", "second": "#d9730d", "gain": "#0f5fa8", "loss": "#d9730d",
    "plain": "#5f7486",
}  # fmt: skip

FONT = (
    "Source Han Sans SC, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Hiragino Sans GB, "
    "Microsoft YaHei, WenQuanYi Micro Hei, Segoe UI, Helvetica Neue, Arial, sans-serif"
)
SIZE = 12
CELL = SIZE * 0.56
"""Width in pixels that a terminal cell of text takes; a Chinese character has two."""


def text_width(text: str) -> float:
    """About how many pixels ``text`` takes."""
    return cells(text) * CELL


def config() -> Spec:
    """What every plot shares."""
    axis = {
        "labelColor": INK, "titleColor": INK, "labelFontSize": SIZE - 1, "titleFontSize": SIZE,
        "titleFontWeight": "normal", "domainColor": INK, "domainOpacity": 0.5, "ticks": False,
        "labelPadding": 6, "titlePadding": 8, "grid": False, "labelOpacity": 0.85,
    }  # fmt: skip
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"color": INK, "fontSize": SIZE},
        "concat": {"spacing": 28},
    }


def ticks(lang: Lang) -> str:
    """The expression that writes a tick: in Chinese ten thousands as 万, else by threes."""
    if lang == "zh":
        return ("abs(datum.value) >= 10000 ? format(datum.value / 10000, ',~f') + '万' "
                ": format(datum.value, ',~f')")  # fmt: skip
    return "format(datum.value, ',~f')"


def said(
    text: str, x: Spec, y: Spec, *, color: str = INK, size: int = SIZE, align: str = "left",
    dx: float = 0, dy: float = 0, weight: str = "normal",
) -> Spec:  # fmt: skip
    """A layer that writes ``text`` at a place given by encodings of its own datum."""
    mark = {"type": "text", "text": text, "align": align, "baseline": "middle", "dx": dx, "dy": dy,
            "color": color, "fontSize": size, "fontWeight": weight}  # fmt: skip
    return {"data": {"values": [{}]}, "mark": mark, "encoding": {"x": x, "y": y}}
