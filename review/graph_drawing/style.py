"""The colours of a drawing, for light and dark screens and for paper."""

from __future__ import annotations

FONT = ('"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", '
        '"Source Han Sans SC", "Hiragino Sans GB", sans-serif')  # fmt: skip

_LIGHT = {
    "page": "#ffffff", "cluster": "#f7f8fa", "frame": "#d9dde3", "band": "#eef4f1",
    "text": "#1f2933", "soft": "#66717f", "box": "#ffffff", "line": "#9aa5b1",
    "field": "#e3eefb", "field-line": "#8db4e2", "element": "#dcf1ea", "element-line": "#7fbfa9",
    "reading": "#fdf0d5", "reading-line": "#e0b35a", "parameter": "#f0e6fa",
    "parameter-line": "#b998dd", "history": "#f4e7de", "history-line": "#cfa183",
    "settled": "#fbe4e8", "settled-line": "#dd95a3", "partition": "#f3f1d8",
    "partition-line": "#b9b271", "output": "#e4f3e4", "output-line": "#7fb77f",
    "lit": "#c2410c", "lit-box": "#fff4ea", "dim": "#c3c9d1", "skip": "#94a0ac",
}  # fmt: skip
_DARK = {
    "page": "#14181d", "cluster": "#1b2027", "frame": "#353d47", "band": "#1a2825",
    "text": "#e6eaef", "soft": "#98a3b0", "box": "#232a33", "line": "#6b7785",
    "field": "#1d3149", "field-line": "#4d7db3", "element": "#173a31", "element-line": "#4b917a",
    "reading": "#423414", "reading-line": "#a88235", "parameter": "#352648",
    "parameter-line": "#8567ab", "history": "#40301f", "history-line": "#9a7354",
    "settled": "#452630", "settled-line": "#a8606f", "partition": "#38361c",
    "partition-line": "#8b8548", "output": "#1e3a22", "output-line": "#568c57",
    "lit": "#fb923c", "lit-box": "#3a2a1c", "dim": "#47505b", "skip": "#76828f",
}  # fmt: skip
TRUNKS_LIGHT = ("#5b7fa6", "#a06a4b", "#5d8f6b", "#8a6fa3", "#a3823a", "#4f8f94", "#a5637b",
                "#6f7d4f")  # fmt: skip
TRUNKS_DARK = ("#7fa6d1", "#cc9472", "#84ba93", "#b397cf", "#cbab62", "#78b9be", "#cf8da5",
               "#9aa978")  # fmt: skip
_FILLED = ("field", "element", "reading", "parameter", "history", "settled", "partition", "output")


def stylesheet() -> str:
    """The style rules of a drawing. Colours are written out, once for light and once for
    dark, because many viewers know no CSS variables; print is always light."""
    dark = _indented(_colours(_DARK, TRUNKS_DARK))
    return "\n".join([
        f"text{{font-family:{FONT};white-space:pre}}",
        ".name{font-size:13px;font-weight:600}",
        ".value{font-size:12.5px;font-weight:600}",
        ".rule{font-size:11px}.input{font-size:11.5px}",
        ".article,.note{font-size:9.5px}",
        ".title{font-size:22px;font-weight:600}.matter{font-size:17px;font-weight:600}",
        ".caption{font-size:12px}",
        ".strand{fill:none;stroke-width:1.3}",
        ".strand.weak{stroke-dasharray:1.5 3}.strand.turned{stroke-dasharray:6 3}",
        ".strand.lit{stroke-width:1.9}",
        ".trunk:hover .strand{stroke-width:3.2}",
        "rect{stroke-width:1}",
        *_colours(_LIGHT, TRUNKS_LIGHT),
        "@media screen and (prefers-color-scheme:dark){",
        *dark,
        "}",
    ])  # fmt: skip


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _colours(palette: dict[str, str], trunks: tuple[str, ...]) -> list[str]:
    c = palette
    return [
        f".page{{fill:{c['page']}}}",
        f".cluster{{fill:{c['cluster']};stroke:{c['frame']}}}",
        f".band{{fill:{c['band']};stroke:{c['element-line']};stroke-dasharray:4 3}}",
        f"text{{fill:{c['text']}}}",
        f".article,.note,.caption{{fill:{c['soft']}}}",
        f".bracket{{fill:none;stroke:{c['line']};stroke-width:2}}",
        f".quantity{{fill:{c['box']};stroke:{c['line']}}}",
        *(f".{k}{{fill:{c[k]};stroke:{c[k + '-line']}}}" for k in _FILLED),
        *(f".t{n} .strand{{stroke:{colour}}}.t{n} .head{{fill:{colour}}}"
          for n, colour in enumerate(trunks)),
        f".off .strand{{stroke:{c['dim']};stroke-opacity:.6}}",
        f".off .head{{fill:{c['dim']}}}",
        f".dim rect{{fill:{c['cluster']};stroke:{c['frame']}}}.dim text{{fill:{c['dim']}}}",
        f".path rect{{stroke:{c['lit']};stroke-width:1.6}}",
        f".path .quantity{{fill:{c['lit-box']}}}",
        f".value{{fill:{c['lit']}}}",
        f".strand.lit,.off .strand.lit{{stroke:{c['lit']};stroke-opacity:1}}",
        f".head.lit,.off .head.lit{{fill:{c['lit']}}}",
        f".skipped{{fill:{c['skip']}}}",
    ]  # fmt: skip
