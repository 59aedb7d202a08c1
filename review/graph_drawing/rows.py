"""A node's rules as the rows of a box: the rule without what the box says anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiaowen.compiler import core as c
from tiaowen.review.graph_drawing.model import Row
from tiaowen.review.graph_drawing.trace import Trace

_CITING = re.compile(r'\s+(?:句 \d+(?:[、,，] ?\d+)*|依据 .*|后于 .*|英文 "[^"]*")(?=\s|$)')
_TYPED = re.compile(r"^(?:: *\S+ *)?= *")
_SPACE = re.compile(r"\s+")


def rows_of(node: c.Node, trace: Trace | None) -> tuple[Row, ...]:
    """The rules that make the state ``node``."""
    return tuple(_rows(node, trace))


def _rows(node: c.Node, trace: Trace | None) -> Iterator[Row]:
    if node.kind == "define":
        for number, alternative in enumerate(node.alternatives):
            if isinstance(alternative.value, c.Reasons):
                yield from _grounds(node, alternative.value, trace)
                continue
            yield _row(f"{node.id}/{number}", "define", _definition(node, alternative),
                       alternative.rule, trace)  # fmt: skip
    elif node.kind == "total":
        yield _row(node.id, "total", f"汇总 {node.partition}", node.rule, trace)
    else:
        yield _row(node.id, "amend", _amendment(node), node.rule, trace)


def partition_row(identity: str, partition: c.PartitionOf, trace: Trace | None) -> Row:
    """The rule that makes a partition: how its parts are told apart and what differs in them."""
    text = _plain(partition.rule.text).removeprefix("分部").strip()
    short = text.removeprefix(partition.name).strip()
    return _row(identity, "part", short, partition.rule, trace)


def _grounds(node: c.Node, reasons: c.Reasons, trace: Trace | None) -> Iterator[Row]:
    for number, (_, reason, rule) in enumerate(reasons.grounds):
        yield _row(f"{node.id}/ground{number}", "ground", f"“{reason}”", rule, trace)


def _row(identity: str, kind: str, short: str, rule: c.Rule | None, trace: Trace | None) -> Row:
    applied = None if trace is None else identity in trace.applied
    text, article = (rule.text, rule.article) if rule is not None else ("", "")
    return Row(identity, kind, short, text, article, applied)  # type: ignore[arg-type]


def _definition(node: c.Node, alternative: c.Alternative) -> str:
    value = alternative.value
    text = _plain(alternative.rule.text)
    if isinstance(value, c.Pick) and "|" in text:
        tail = text.rpartition("|")[2].strip()
        return f"查表 {'、'.join(value.key_names)} {tail}".strip()
    if text.startswith("级别 "):
        return text.partition("=")[2].partition("|")[0].strip() + " 分级"
    return _TYPED.sub("", _after(text.partition(" |")[0], node.quantity))


def _amendment(node: c.Node) -> str:
    text = _plain(node.rule.text if node.rule else "")
    return _after(text, node.quantity)


def _plain(text: str) -> str:
    """The rule on one line, without what it cites and its English label."""
    return _SPACE.sub(" ", _CITING.sub("", text)).strip()


def _after(text: str, quantity: str) -> str:
    """``text`` without the name of the quantity it is about."""
    bare = text.removeprefix("每项 ")
    return bare.removeprefix(quantity).strip() if bare.startswith(quantity) else text
