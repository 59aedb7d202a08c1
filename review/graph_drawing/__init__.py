"""A policy's dependency graph as a picture, for people who want to see how a result comes about.

``build.draw`` makes a ``Drawing`` of a program, ``render`` writes it in one of ``FORMATS``.
The same program gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.build import Level, draw
from tiaowen.review.graph_drawing.dot import to_dot
from tiaowen.review.graph_drawing.json_form import to_json
from tiaowen.review.graph_drawing.mermaid import to_mermaid
from tiaowen.review.graph_drawing.model import Drawing
from tiaowen.review.graph_drawing.svg import to_svg
from tiaowen.review.graph_drawing.trace import Trace, trace

__all__ = ["FORMATS", "Drawing", "Level", "Trace", "draw", "render", "trace"]

_WRITERS: dict[str, Callable[[Drawing, Lang], str]] = {
    "mermaid": to_mermaid, "dot": to_dot, "svg": to_svg, "json": to_json,
}  # fmt: skip
FORMATS = tuple(_WRITERS)


def render(drawing: Drawing, form: str, lang: Lang = "zh") -> str:
    """``drawing`` as text of ``form``, one of ``FORMATS``, ending with a line end."""
    return _WRITERS[form](drawing, lang)
