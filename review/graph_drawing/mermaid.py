"""A drawing as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.faces import cut
from tiaowen.review.graph_drawing.model import Box, Cluster, Drawing

_SHAPES = {
    "field": ('(["', '"])'), "element": ('(["', '"])'), "reading": ('{{"', '"}}'),
    "parameter": ('[/"', '"/]'), "history": ('[("', '")]'), "settled": ('[["', '"]]'),
    "quantity": ('["', '"]'), "partition": ('[["', '"]]'), "output": ('(["', '"])'),
}  # fmt: skip
_CLASSES = {
    "field": "fill:#e3eefb,stroke:#8db4e2,color:#1f2933",
    "element": "fill:#dcf1ea,stroke:#7fbfa9,color:#1f2933",
    "reading": "fill:#fdf0d5,stroke:#e0b35a,color:#1f2933",
    "parameter": "fill:#f0e6fa,stroke:#b998dd,color:#1f2933",
    "history": "fill:#f4e7de,stroke:#cfa183,color:#1f2933",
    "settled": "fill:#fbe4e8,stroke:#dd95a3,color:#1f2933",
    "partition": "fill:#f3f1d8,stroke:#b9b271,color:#1f2933",
    "quantity": "fill:#ffffff,stroke:#9aa5b1,color:#1f2933",
    "output": "fill:#e4f3e4,stroke:#7fb77f,color:#1f2933",
    "dim": "fill:#f7f8fa,stroke:#d9dde3,color:#c3c9d1",
    "lit": "fill:#fff4ea,stroke:#c2410c,color:#1f2933",
}
_ARROWS = {"uses": "-->", "amends": "==>", "result": "-.->"}
_RULE_WIDTH = 40.0


def to_mermaid(drawing: Drawing, lang: Lang = "zh") -> str:
    """``drawing`` as text that Mermaid takes; labels are quoted and escaped."""
    ids: dict[str, str] = {}
    lines = ["---", f"title: {_scalar(drawing.title)}", "---", "flowchart LR"]
    for number, cluster in enumerate(drawing.clusters, 1):
        lines += _cluster(cluster, number, ids, lang)
    for cluster in drawing.clusters:
        lines += [f"  {ids[e.source]} {_ARROWS[e.kind]} {ids[e.target]}" for e in cluster.edges]
    used = {style for cluster in drawing.clusters for b in cluster.boxes for style in [_style(b)]}
    lines += [f"  classDef {name} {style}" for name, style in _CLASSES.items() if name in used]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """A YAML scalar in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cluster(cluster: Cluster, number: int, ids: dict[str, str], lang: Lang) -> Iterator[str]:
    yield f'  subgraph m{number}["{_escaped(cluster.label)}"]'
    yield "    direction LR"
    levels = dict.fromkeys(box.level for box in cluster.boxes)
    for at, level in enumerate(levels):
        inside = "    "
        if level:
            each = f"每项 · {level}" if lang == "zh" else f"each · {level}"
            yield f'    subgraph m{number}e{at}["{_escaped(each)}"]'
            inside = "      "
        for box in cluster.boxes:
            if box.level == level:
                ids[box.id] = f"n{len(ids) + 1}"
                opening, closing = _SHAPES[box.kind]
                yield f"{inside}{ids[box.id]}{opening}{_label(box)}{closing}:::{_style(box)}"
        if level:
            yield "    end"
    yield "  end"


def _style(box: Box) -> str:
    return box.kind if box.lit is None else "lit" if box.lit else "dim"


def _label(box: Box) -> str:
    number = f"{box.number}\u2009" if box.number else ""
    parts = [f"<b>{number}{_escaped(box.label)}</b>"]
    if box.value:
        parts.append(f"<b>{_escaped(box.value)}</b>")
    for row in box.rows:
        article = f" 〔{row.article}〕" if row.article else ""
        parts.append(_escaped(cut(row.short, 1, _RULE_WIDTH) + article))
    return "<br/>".join(parts)


def _escaped(text: str) -> str:
    """``text`` inside a quoted Mermaid label: what is markup becomes an entity code."""
    return "".join(
        f"#{ord(char)};" if char in '"#<>&`*_[]{}|\\' else " " if char in "\r\n\t" else char
        for char in text
    )
