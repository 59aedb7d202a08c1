"""A drawing as one SVG file: no script, no network, legible on screen and on paper.

Every box and every trunk has a tooltip with the rules in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from attrs import frozen

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.faces import PADDING, Face, face_of, width_of
from tiaowen.review.graph_drawing.layout import Layout, Rect, Strand, laid_out
from tiaowen.review.graph_drawing.model import INPUTS, Box, Cluster, Drawing
from tiaowen.review.graph_drawing.style import TRUNKS_LIGHT, stylesheet

MARGIN = 28.0
_HEAD = 46.0
_LEGEND = 34.0
_BAND_HEAD = 22.0

KIND_WORDS: dict[str, tuple[str, str]] = {
    "field": ("申报字段", "claim field"), "element": ("明细字段", "fee-line field"),
    "reading": ("口径", "reading"), "parameter": ("另行规定的参数", "open parameter"),
    "history": ("既往结算", "earlier decisions"), "settled": ("按另一事项结算", "another matter"),
    "partition": ("分部", "parts of a stay"),
    "quantity": ("量及其规则", "quantity and its rules"),
    "output": ("结算单各行", "statement line"),
}  # fmt: skip


@frozen
class _Placed:
    cluster: Cluster
    faces: dict[str, Face]
    layout: Layout
    x: float
    y: float


def to_svg(drawing: Drawing, lang: Lang = "zh") -> str:
    """``drawing`` as SVG."""
    top = MARGIN + _HEAD + _LEGEND
    placed: list[_Placed] = []
    for cluster in drawing.clusters:
        faces = {box.id: face_of(box, lang) for box in cluster.boxes}
        layout = laid_out(cluster, faces)
        placed.append(_Placed(cluster, faces, layout, MARGIN * 2, top + _HEAD))
        top += layout.height + _HEAD + MARGIN * 2
    width = max([p.layout.width for p in placed] + [760.0]) + MARGIN * 4
    body = [line for one in placed for line in _cluster(one, width, lang)]
    return "\n".join([*_head(drawing, width, top, lang), *body, "</svg>", ""])


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _pick(words: tuple[str, str], lang: Lang) -> str:
    return words[0] if lang == "zh" else words[1]


def _text(text: str, x: float, y: float, style: str, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{style}" x="{_n(x)}" y="{_n(y)}"{anchor}>{escape(text)}</text>'


def _rect(rect: Rect, style: str, radius: float) -> str:
    return (f'<rect class="{style}" x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.width)}" '
            f'height="{_n(rect.height)}" rx="{_n(radius)}"/>')  # fmt: skip


# --- the page


def _head(drawing: Drawing, width: float, height: float, lang: Lang) -> Iterator[str]:
    title = drawing.title or _pick(("依赖图", "dependency graph"), lang)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
           f'viewBox="0 0 {_n(width)} {_n(height)}" role="img">')  # fmt: skip
    yield f"<title>{escape(title)}</title>"
    yield f"<style>\n{stylesheet()}\n</style>"
    yield _rect(Rect(0, 0, width, height), "page", 0)
    yield _text(title, MARGIN, MARGIN + 20, "title")
    yield from _legend(drawing, lang)


def _legend(drawing: Drawing, lang: Lang) -> Iterator[str]:
    kinds = {box.kind for cluster in drawing.clusters for box in cluster.boxes}
    x, y = MARGIN, MARGIN + _HEAD
    for kind in (*INPUTS, "partition", "quantity", "output"):
        if kind not in kinds:
            continue
        words = _pick(KIND_WORDS[kind], lang)
        yield _rect(Rect(x, y - 11, 18, 13), kind, 3)
        yield _text(words, x + 24, y, "caption")
        x += 24 + width_of(words, 12) + 20
    note = ("由左向右：被引用的量 → 引用它的量",
            "left to right: what is drawn on → what draws on it")  # fmt: skip
    yield _text(_pick(note, lang), x + 6, y, "caption")
    if drawing.traced:
        marked = ("橙色：本例结算所经", "orange: the path of this claim")
        yield _text(_pick(marked, lang), x + 6, y + 18, "caption")


# --- a matter


def _cluster(one: _Placed, width: float, lang: Lang) -> Iterator[str]:
    yield f'<g id="{_id(one.cluster.name)}" transform="translate({_n(one.x)} {_n(one.y)})">'
    inner = Rect(-MARGIN, -_HEAD + 6, width - 2 * MARGIN, one.layout.height + _HEAD + MARGIN - 6)
    yield _rect(inner, "cluster", 10)
    yield _text(one.cluster.label, 0, -16, "matter")
    for level, band in one.layout.bands.items():
        around = Rect(band.x - 12, band.y - _BAND_HEAD, band.width + 24,
                      band.height + _BAND_HEAD + 10)  # fmt: skip
        yield _rect(around, "band", 8)
        yield _text(_pick((f"每项 · {level}", f"each · {level}"), lang), around.x + 8,
                    around.y + 15, "caption")  # fmt: skip
    names = {box.id: box.label for box in one.cluster.boxes}
    yield from _trunks(one.layout.strands, names)
    for stack in one.layout.stacks:
        yield (f'<path class="bracket" d="M{_n(stack.right + 3)} {_n(stack.y + 3)}'
               f'V{_n(stack.bottom - 3)}"/>')  # fmt: skip
    for box in one.cluster.boxes:
        yield from _box(box, one.faces[box.id], one.layout.boxes[box.id])
    yield "</g>"


def _id(name: str) -> str:
    return escape(name, {'"': "&quot;", " ": "_"})


def _trunks(strands: Iterable[Strand], names: dict[str, str]) -> Iterator[str]:
    """Each trunk as a group: dark ones first, so that a lit path lies on top."""
    grouped: dict[tuple[tuple[str, ...], bool], list[Strand]] = {}
    for strand in strands:
        grouped.setdefault((strand.sources, strand.turned), []).append(strand)
    numbered = list(enumerate(grouped.items()))
    for number, ((sources, _), members) in sorted(
        numbered, key=lambda item: any(s.lit for s in item[1][1])
    ):
        traced = any(s.lit is not None for s in members)
        style = "off" if traced else f"t{number % len(TRUNKS_LIGHT)}"
        reached = dict.fromkeys(t for s in members for t in s.targets)
        words = f"{'、'.join(names[s] for s in sources)} → {'、'.join(names[t] for t in reached)}"
        yield f'<g class="trunk {style}"><title>{escape(words)}</title>'
        for strand in sorted(members, key=lambda s: bool(s.lit)):
            yield from _strand(strand)
        yield "</g>"


def _strand(strand: Strand) -> Iterator[str]:
    style = "strand" + "".join(
        f" {name}" for name in ("weak", "turned", "lit") if getattr(strand, name)
    )
    x1, y1, x2, y2 = strand.x1, strand.y1, strand.x2, strand.y2
    tip = 5.0 if strand.ends and not strand.turned else 0.0
    if abs(y1 - y2) < 0.05:
        path = f"M{_n(x1)} {_n(y1)}H{_n(x2 - tip)}"
    else:
        bend = (x2 - x1) * 0.55
        path = (f"M{_n(x1)} {_n(y1)}C{_n(x1 + bend)} {_n(y1)} {_n(x2 - bend - tip)} {_n(y2)} "
                f"{_n(x2 - tip)} {_n(y2)}")  # fmt: skip
    yield f'<path class="{style}" d="{path}"/>'
    if tip:
        head = "head lit" if strand.lit else "head"
        yield (f'<path class="{head}" d="M{_n(x2)} {_n(y2)}l-6 -3v6z"/>')


def _box(box: Box, face: Face, rect: Rect) -> Iterator[str]:
    state = "" if box.lit is None else " path" if box.lit else " dim"
    yield f'<g class="node{state}"><title>{escape(_tooltip(box))}</title>'
    yield _rect(rect, box.kind, 9 if box.is_input else 5)
    for line in face.lines:
        style = line.style + (" skipped" if line.applied is False else "")
        x = rect.right - PADDING if line.end else rect.x + PADDING
        yield _text(line.text, x, rect.y + line.y, style, line.end)
    yield "</g>"


def _tooltip(box: Box) -> str:
    head = " · ".join(p for p in (box.name, box.code, box.type, box.value) if p)
    rules = [f"{row.text}　〔{row.article}〕" if row.article else row.text for row in box.rows]
    return "\n".join([head, *rules])
