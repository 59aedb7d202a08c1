"""A drawing in Graphviz's DOT language."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.faces import cut
from tiaowen.review.graph_drawing.model import Box, Cluster, Drawing

_FILLS = {
    "field": "#e3eefb", "element": "#dcf1ea", "reading": "#fdf0d5", "parameter": "#f0e6fa",
    "history": "#f4e7de", "settled": "#fbe4e8", "quantity": "#ffffff", "partition": "#f3f1d8",
    "output": "#e4f3e4",
}  # fmt: skip
_STYLES = {"uses": "solid", "amends": "bold", "result": "dotted"}
_RULE_WIDTH = 36.0


def to_dot(drawing: Drawing, lang: Lang = "zh") -> str:
    """``drawing`` for ``dot``; a tooltip holds the rules of a box in full."""
    lines = [
        "digraph {",
        f"  label={_quoted(drawing.title)}; labelloc=t; rankdir=LR; ranksep=0.8; nodesep=0.15;",
        '  fontname="Noto Sans CJK SC"; newrank=true;',
        '  node [shape=box, style="rounded,filled", fontname="Noto Sans CJK SC", fontsize=11];',
        '  edge [arrowsize=0.6, color="#7b8794"];',
    ]
    for number, cluster in enumerate(drawing.clusters, 1):
        lines += _cluster(cluster, number, lang)
    for cluster in drawing.clusters:
        for edge in cluster.edges:
            colour = ', color="#c2410c"' if edge.lit else ', color="#d9dde3"' * (edge.lit is False)
            lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} "
                         f"[style={_STYLES[edge.kind]}{colour}];")  # fmt: skip
    return "\n".join([*lines, "}"]) + "\n"


def _cluster(cluster: Cluster, number: int, lang: Lang) -> Iterator[str]:
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={_quoted(cluster.label)};"
    for level in dict.fromkeys(box.level for box in cluster.boxes):
        members = [box for box in cluster.boxes if box.level == level]
        inside = "    "
        if level:
            each = f"每项 · {level}" if lang == "zh" else f"each · {level}"
            yield f"    subgraph {_quoted(f'cluster_{number}_{level}')} {{"
            yield f"      label={_quoted(each)};"
            inside = "      "
        for box in members:
            yield f"{inside}{_quoted(box.id)} [{_attributes(box)}];"
        if level:
            yield "    }"
    for same in ([b for b in cluster.boxes if b.is_input and not b.level],
                 [b for b in cluster.boxes if b.kind == "output"]):  # fmt: skip
        if same:
            yield f"    {{ rank=same; {'; '.join(_quoted(box.id) for box in same)}; }}"
    yield "  }"


def _attributes(box: Box) -> str:
    number = f"{box.number} " if box.number else ""
    lines = [number + box.label, *([box.value] if box.value else [])]
    for row in box.rows:
        lines.append(cut(row.short, 1, _RULE_WIDTH))
        if row.article:
            lines.append(f"〔{row.article}〕")
    fill = _FILLS[box.kind] if box.lit is not False else "#f7f8fa"
    colour = {None: "#9aa5b1", True: "#c2410c", False: "#d9dde3"}[box.lit]
    ink = "#c3c9d1" if box.lit is False else "#1f2933"
    tooltip = "\n".join([box.name, *(row.text for row in box.rows)])
    return (f"label={_quoted(chr(10).join(lines), left=True)}, fillcolor={_quoted(fill)}, "
            f"color={_quoted(colour)}, fontcolor={_quoted(ink)}, "
            f"tooltip={_quoted(tooltip)}")  # fmt: skip


def _quoted(text: str, left: bool = False) -> str:
    """A DOT string; ``left`` sets every line at the left."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    end = "\\l" if left else "\\n"
    return '"' + escaped.replace("\r", "").replace("\n", end) + (end if left else "") + '"'
