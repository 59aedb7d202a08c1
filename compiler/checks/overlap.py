"""Definitions of one quantity that apply at once, and the proof that they never do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import MOST_PATHS, Path, TooMany
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_PAIRS = 2000
PATHS_OF_A_PAIR = 400
MOST_REPORTED = 20

Places = Sequence[int]
"""Positions among a node's alternatives."""


def definitions(node: c.Node, policy: Policy) -> tuple[list[Diagnostic], bool]:
    """The overlaps of a node's definitions, one finding for each pair that some claim
    satisfies, and whether it is proved that there are none.

    无规定 beside a definition is no overlap: the decision stops there whatever else is written.
    """
    everything = range(len(node.alternatives))
    if are_disjoint(node, everything, policy):
        return [], True
    values = [i for i in everything if node.alternatives[i].value is not None]
    found = overlaps(node, values, policy)
    return [_report(node, pair, path) for pair, path in sorted(found, key=_pair)], False


def _pair(finding: tuple[tuple[int, int], Path]) -> tuple[int, int]:
    return finding[0]


def are_disjoint(node: c.Node, places: Places, policy: Policy) -> bool:
    """Whether no claim satisfies two of a node's definitions; False where it is not proved."""
    if any(node.alternatives[i].condition is None for i in places):
        return len(places) < 2
    for shallow in (True, False):
        if policy.never(lambda path, s=shallow: _two(node, places, policy, path, s)):  # type: ignore[misc]
            return True
    if not _by_pairs(places):
        return False
    return all(
        any(
            policy.never(lambda path, p=pair, s=shallow: _two(node, p, policy, path, s),  # type: ignore[misc]
                         PATHS_OF_A_PAIR)
            for shallow in (True, False)
        )
        for pair in combinations(places, 2)
    )  # fmt: skip


def _by_pairs(places: Places) -> bool:
    return len(places) > 2 and len(places) * (len(places) - 1) // 2 <= MOST_PAIRS


def _two(node: c.Node, places: Places, policy: Policy, path: Path, shallow: bool) -> bool:
    """Whether two definitions hold on a path, all that is not followed being free."""
    evaluator = policy.open(node.matter, path, shallow)
    held = 0
    for place in places:
        held += evaluator.truth(node.alternatives[place].condition) is True
        if held > 1:
            return True
    return False


def overlaps(node: c.Node, places: Places,
             policy: Policy) -> list[tuple[tuple[int, int], Path]]:  # fmt: skip
    """The pairs of definitions that certainly hold together, each with a path that shows it."""
    found: dict[tuple[int, int], Path] = {}
    if _explored(node, places, policy, found, MOST_PATHS) or found or not _by_pairs(places):
        return list(found.items())[:MOST_REPORTED]
    for pair in combinations(places, 2):
        _explored(node, pair, policy, found, PATHS_OF_A_PAIR)
        if len(found) >= MOST_REPORTED:
            break
    return list(found.items())


def _explored(node: c.Node, places: Places, policy: Policy,
              found: dict[tuple[int, int], Path], most: int) -> bool:  # fmt: skip
    """Whether all paths were seen; ``found`` is filled on the way."""

    def run(path: Path) -> None:
        evaluator = policy.certain(node.matter, path)
        holding = [i for i in places if evaluator.truth(node.alternatives[i].condition) is True]
        pairs = [pair for pair in combinations(holding, 2) if pair not in found]
        if pairs and policy.is_of_matter(evaluator):
            found.update((pair, path) for pair in pairs)

    try:
        policy.explore(run, most)
    except TooMany:
        return False
    return True


def _report(node: c.Node, pair: tuple[int, int], path: Path) -> Diagnostic:
    first, second = (node.alternatives[i].rule for i in pair)
    return diagnose(
        "TW0301", first.span, label="first", also=[Label(second.span, "second")],
        article=first.article, witness=witness.claim(path), name=node.quantity,
        other=second.text,
    )  # fmt: skip
