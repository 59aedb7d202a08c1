"""Definitions of one quantity that apply at once, and the proof that they never do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import MOST_PATHS, Path, TooMany
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_PAIRS = 2000
PATHS_OF_A_PAIR = 400
MOST_REPORTED = 20


def overlaps_in(node: c.Node, policy: Policy) -> list[Diagnostic]:
    """One finding for each pair of definitions of ``node`` that some claim satisfies.

    无规定 beside a definition is none: the decision stops there whatever else is written.
    """
    values = [i for i, a in enumerate(node.alternatives) if a.value is not None]
    if len(values) < 2:
        return []
    found: list[Diagnostic] = []
    for group, most in _groups(values):
        claims: dict[tuple[int, int], Path] = {}

        def run(path: Path, group: tuple[int, ...] = group,
                claims: dict[tuple[int, int], Path] = claims) -> None:  # fmt: skip
            evaluator = policy.certain(node.matter, path)
            holding = [i for i in group if evaluator.truth(node.alternatives[i].condition) is True]
            pairs = [pair for pair in combinations(holding, 2) if pair not in claims]
            if pairs and policy.is_of_matter(evaluator):
                claims.update((pair, path) for pair in pairs)

        try:
            policy.explore(run, most)
        except TooMany:
            if not claims and len(group) > 2:
                continue
        found += [_report(node, pair, path) for pair, path in sorted(claims.items(), key=_first)]
        if len(group) == len(values):
            break
    return found[:MOST_REPORTED]


def _first(item: tuple[tuple[int, int], Path]) -> tuple[int, int]:
    return item[0]


def _groups(places: Sequence[int]) -> Iterator[tuple[tuple[int, ...], int]]:
    """All definitions together; then, where that is too much, pair by pair."""
    everything = tuple(places)
    yield everything, MOST_PATHS
    if len(everything) > 2 and len(everything) * (len(everything) - 1) // 2 <= MOST_PAIRS:
        for pair in combinations(everything, 2):
            yield pair, PATHS_OF_A_PAIR


def are_disjoint(node: c.Node, policy: Policy) -> bool:
    """Whether no claim satisfies two definitions of ``node``; False also where it is not proved."""
    conditions = [a.condition for a in node.alternatives]
    if len(conditions) < 2:
        return True
    if None in conditions:
        return False
    for group, most in _groups(range(len(conditions))):
        overlapping: list[Path] = []

        def run(path: Path, group: tuple[int, ...] = group,
                overlapping: list[Path] = overlapping) -> None:  # fmt: skip
            if overlapping:
                return
            evaluator = policy.open(node.matter, path)
            if sum(evaluator.truth(conditions[i]) is True for i in group) > 1:
                overlapping.append(path)

        try:
            policy.explore(run, most)
        except TooMany:
            if len(group) == len(conditions):
                if len(group) == 2:
                    return False
                continue
            return False
        if overlapping:
            return False
        if len(group) == len(conditions):
            return True
    return len(conditions) * (len(conditions) - 1) // 2 <= MOST_PAIRS


def _report(node: c.Node, pair: tuple[int, int], path: Path) -> Diagnostic:
    first, second = (node.alternatives[i].rule for i in pair)
    return diagnose(
        "TW0301", first.span, label="first", also=[Label(second.span, "second")],
        article=first.article, witness=witness.claim(path), name=node.quantity,
        other=second.text,
    )  # fmt: skip
