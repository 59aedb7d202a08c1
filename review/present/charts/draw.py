"""From a record to an inline SVG."""

from __future__ import annotations

import re
from functools import singledispatch
from hashlib import sha256
from html import escape

from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.review.present.charts.bars import bars_spec, histogram_spec
from tiaowen.review.present.charts.heat import heat_spec
from tiaowen.review.present.charts.lines import line_spec
from tiaowen.review.present.charts.records import Bars, Chart, HeatTable, Histogram, LineChart
from tiaowen.review.present.charts.style import INK, Spec, config

WIDTH = 680
VERSION = "6.4"
"""Of Vega-Lite; vl-convert ships several, and another one would draw other bytes."""


def chart_svg(chart: Chart, lang: Lang = "zh", width: int = WIDTH) -> str:
    """``chart`` as an ``<svg>`` element about ``width`` pixels wide, with its title for readers
    who cannot see it. It scales down with its column, fetches nothing and prints as it stands.

    Raises ``Rejected`` (TW0703) where the extra ``report`` is not installed.
    """
    try:
        import vl_convert
    except ImportError:
        raise Rejected([diagnose("TW0703", module="vl-convert-python", extra="report")]) from None
    spec = {**chart_spec(chart, lang, width), "config": config()}
    made = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    return _inline(made, chart.title)


@singledispatch
def _spec(chart: Chart, lang: Lang, width: int) -> Spec:
    raise TypeError(chart)


_spec.register(LineChart, line_spec)
_spec.register(Bars, bars_spec)
_spec.register(Histogram, histogram_spec)
_spec.register(HeatTable, heat_spec)


def chart_spec(chart: Chart, lang: Lang = "zh", width: int = WIDTH) -> Spec:
    """The Vega-Lite specification that ``chart_svg`` draws, without its style."""
    return _spec(chart, lang, width)


def _inline(svg: str, title: str) -> str:
    """Fit for standing in a page: text in the page's colour, scaling, names of its own."""
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor").strip()
    own = sha256(svg.encode()).hexdigest()[:8]
    for name in sorted(set(re.findall(r'\bid="([^"]+)"', svg))):
        svg = svg.replace(f'id="{name}"', f'id="{own}-{name}"')
        svg = svg.replace(f"url(#{name})", f"url(#{own}-{name})")
    label = escape(title, quote=True)
    head, rest = svg.split(">", 1)
    head = re.sub(r' (?:version|xmlns:xlink|class)="[^"]*"', "", head)
    style = 'style="max-width:100%;height:auto"'
    return f'{head} role="img" aria-label="{label}" {style}>{rest}'
