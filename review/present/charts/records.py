"""What a plot shows: a closed set of frozen records, all words already in the reader's language.

Amounts are numbers of the unit that the titles name (yuan, people, …): a plot has coordinates, not
money, so floats are allowed here and nowhere else.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

Tone: TypeAlias = Literal["first", "second", "gain", "loss", "plain"]
"""Who or what a mark stands for. Of two policies the first is blue and solid, the second orange
and dashed; a gain is blue, a loss orange. Each pair differs in lightness too, for grey prints."""


@frozen
class Line:
    """A series of points by rising x, straight between them; ``name`` is written at its end."""

    name: str
    points: tuple[tuple[float, float], ...]
    tone: Tone = "first"


@frozen
class Kink:
    """A point of a line to be marked, with what makes the line bend there."""

    x: float
    y: float
    label: str
    tone: Tone = "first"


@frozen
class LineChart:
    """Lines over one amount. ``windows`` are the stretches of x that are shown, a panel each,
    the widest last; () shows everything in one panel."""

    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    kinks: tuple[Kink, ...] = ()
    windows: tuple[tuple[float, float], ...] = ()


@frozen
class Bar:
    """``text`` is written at the end of the bar."""

    label: str
    value: float
    text: str
    tone: Tone = "plain"


@frozen
class Bars:
    """Horizontal bars from a common zero, the first at the top; losses go to the left."""

    title: str
    bars: tuple[Bar, ...]


@frozen
class Bin:
    """How many lie in [low, high)."""

    low: float
    high: float
    count: float


@frozen
class Histogram:
    """Counts over a number; bins below 0 have the tone of a loss, the others of a gain, where
    ``signed``."""

    title: str
    x_title: str
    y_title: str
    bins: tuple[Bin, ...]
    signed: bool = False


@frozen
class Cell:
    """``value`` None is a cell without one, without a colour: ``text`` says why."""

    row: str
    column: str
    value: float | None
    text: str


@frozen
class HeatTable:
    """Rows by columns, in the order in which the cells name them; the colour goes from the first
    of ``tones`` below 0 through none to the second above it, and every cell says its number."""

    title: str
    cells: tuple[Cell, ...]
    row_title: str = ""
    column_title: str = ""
    tones: tuple[Tone, Tone] = ("loss", "gain")


Chart: TypeAlias = LineChart | Bars | Histogram | HeatTable
