"""A drawing as JSON, with the places the SVG gives its boxes.

    {"version": 1, "title", "digest", "level", "of", "traced",
     "matters": [{"name", "label", "width", "height",
       "boxes": [{"id", "kind", "name", "label", "type", "collection", "code", "number",
                  "rules": [{"id", "kind", "text", "short", "article", "applied"}],
                  "looked_at", "value", "x", "y", "width", "height"}],
       "edges": [{"source", "target", "kind", "looked_at"}]}]}

``kind`` of a box: field, element, reading, parameter, history, settled, quantity, partition,
output; of a rule: define, amend, total, ground, part; of an edge: uses, amends, result.
``number`` is a result's place in the statement, 0 for other boxes. ``looked_at`` and
``applied`` are null where no claim is traced. ``x`` and ``y`` are the left and top of a box in
its matter, in CSS pixels.
"""

from __future__ import annotations

import json
from typing import Any

from tiaowen.dsl.catalogue import Lang
from tiaowen.review.graph_drawing.faces import face_of
from tiaowen.review.graph_drawing.layout import Rect, laid_out
from tiaowen.review.graph_drawing.model import Box, Cluster, Drawing

VERSION = 1


def to_json(drawing: Drawing, lang: Lang = "zh") -> str:
    """``drawing`` as JSON text."""
    data = {
        "version": VERSION,
        "title": drawing.title,
        "digest": drawing.digest,
        "level": drawing.level,
        "of": drawing.of,
        "traced": drawing.traced,
        "matters": [_matter(cluster, lang) for cluster in drawing.clusters],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _matter(cluster: Cluster, lang: Lang) -> dict[str, Any]:
    layout = laid_out(cluster, {box.id: face_of(box, lang) for box in cluster.boxes})
    return {
        "name": cluster.name,
        "label": cluster.label,
        "width": round(layout.width, 1),
        "height": round(layout.height, 1),
        "boxes": [_box(box, layout.boxes[box.id]) for box in cluster.boxes],
        "edges": [
            {"source": e.source, "target": e.target, "kind": e.kind, "looked_at": e.lit}
            for e in cluster.edges
        ],
    }


def _box(box: Box, rect: Rect) -> dict[str, Any]:
    rules = [
        {"id": r.id, "kind": r.kind, "text": r.text, "short": r.short, "article": r.article,
         "applied": r.applied}
        for r in box.rows
    ]  # fmt: skip
    return {
        "id": box.id, "kind": box.kind, "name": box.name, "label": box.label, "type": box.type,
        "collection": box.level, "code": box.code, "number": box.number, "rules": rules,
        "looked_at": box.lit, "value": box.value, "x": round(rect.x, 1), "y": round(rect.y, 1),
        "width": round(rect.width, 1), "height": round(rect.height, 1),
    }  # fmt: skip
