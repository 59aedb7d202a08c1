"""The same stay by other means: Python written by hand, and the zen rules engine if installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.bench.stays import FIRST_PAY, LIMITS, amounts


def hand_written(lines: int) -> tuple[int, list[str]]:
    """The payment and an explanation, as somebody would write it for this one policy."""
    told = []
    eligible = 0
    for n, amount in enumerate(amounts(lines)):
        limit, percent = LIMITS[n % 7], FIRST_PAY[n % 7]
        over = max(0, amount - limit) if limit is not None else 0
        own = ((amount - over) * percent * 2 + 100) // 200
        eligible += amount - over - own
        told.append(f"line {n}: {amount} - {over} over the limit - {own} at {percent}%")
    charged = min(50_000, eligible)
    paid = min(15_000_000, ((eligible - charged) * 75 * 2 + 100) // 200)
    told.append(f"({eligible} - {charged}) x 75% = {paid}, at most 15000000")
    return paid, told


def zen(lines: int) -> Callable[[], tuple[int, Any]] | None:
    """The zen engine with its trace; None where the package is not installed."""
    try:
        engine = import_module("zen").ZenEngine()
    except ImportError:
        return None
    over = "(#.limit == null ? 0 : max([0, #.amount - #.limit]))"
    own = f"floor(((#.amount - {over}) * #.percent * 2 + 100) / 200)"
    steps = {
        "eligible": f"sum(map(lines, #.amount - {over} - {own}))",
        "charged": "min([50000, $.eligible])",
        "paid": "min([15000000, floor((($.eligible - $.charged) * 75 * 2 + 100) / 200)])",
    }
    content = {"expressions": [{"id": k, "key": k, "value": v} for k, v in steps.items()]}
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": content, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [{"id": a + b, "sourceId": a, "targetId": b, "type": "edge"}
             for a, b in (("in", "rules"), ("rules", "out"))]  # fmt: skip
    decision = engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    facts = {"lines": [
        {"amount": a, "limit": LIMITS[n % 7], "percent": FIRST_PAY[n % 7]}
        for n, a in enumerate(amounts(lines))
    ]}  # fmt: skip

    def run() -> tuple[int, Any]:
        answer = decision.evaluate(facts, {"trace": True})
        return answer["result"]["paid"], answer["trace"]

    return run
