"""The definitions and tables that the checks cannot judge, put to the solver.

A check follows paths and gives up where amounts, dates or the past decide. What it leaves open
(definitions it did not see to exclude one another or to leave no gap, tables it did not see to be
complete or free of overlap) is asked here of every claim: proved, shown on a claim, or still open
when the solver's steps are spent. An extra: without the solver nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Path
from tiaowen.compiler.checks.tables import Site, judged, table_sites
from tiaowen.compiler.solver import available
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

LIMIT = 8_000_000
"""What the solver may spend on one question (``rlimit``)."""


@frozen
class Suspect:
    """Something a check left open. ``code`` is the finding it would be, ``stop`` the code that a
    decision stops with where it is so."""

    node: c.Node
    code: str
    site: Site | None = None

    @property
    def stop(self) -> str:
        return "TW0504" if self.code in ("TW0301", "TW0306") else "TW0503"

    @property
    def name(self) -> str:
        """What the stop is called by."""
        return self.node.quantity if self.site is None else "、".join(self.site.table.key_names)


@frozen
class Judgement:
    """A suspect with the answer: proved not to be so, of the claims for which ``assumptions``
    hold; ``finding`` where a claim shows that it is so; or neither in the steps allowed."""

    suspect: Suspect
    proved: bool
    finding: Diagnostic | None = None
    assumptions: tuple[str, ...] = ()


def suspects(program: c.Program) -> Iterator[Suspect]:
    """What the checks of a program leave open."""
    policy = Policy.of(program)
    for node in program.nodes.values():
        if node.kind != "define":
            continue
        valued = [a for a in node.alternatives if a.value is not None]
        if len(valued) > 1 and not node.disjoint:
            yield Suspect(node, "TW0301")
        if not _no_gap(node, policy):
            yield Suspect(node, "TW0302")
    for site in table_sites(policy):
        if site.node:
            unique, complete = judged(site, policy)
            if not unique:
                yield Suspect(program.nodes[site.node], "TW0306", site)
            if not complete:
                yield Suspect(program.nodes[site.node], "TW0307", site)


def _no_gap(node: c.Node, policy: Policy) -> bool:
    """Whether the checks see that some definition holds wherever one is needed."""
    conditions = [a.condition for a in node.alternatives]
    if not conditions or None in conditions or node.id not in policy.demand.users:
        return True

    def uncovered(path: Path) -> bool:
        evaluator = policy.open(node.matter, path, shallow=True)
        return all(evaluator.truth(condition) is False for condition in conditions) and (
            witness.happens(path, policy.inputs)
        )

    return policy.never(uncovered)


def solved(program: c.Program, *, limit: int = LIMIT) -> tuple[Judgement, ...]:
    """The answer to each suspect; none where the solver is not installed."""
    if not available():
        return ()
    from tiaowen.compiler.checks.asked import Asked

    asked: dict[str, Asked] = {}
    found = []
    for suspect in suspects(program):
        matter = suspect.node.matter
        if matter not in asked:
            asked[matter] = Asked(program, matter, limit)
        shown = asked[matter].claim(suspect)
        finding = None if isinstance(shown, bool) or shown is None else _report(suspect, *shown)
        assumed = tuple(asked[matter].assumptions)
        found.append(Judgement(suspect, shown is True, finding, assumed))
    return tuple(found)


def _report(suspect: Suspect, claim: Mapping[str, str], places: tuple[int, ...]) -> Diagnostic:
    """The finding, as the checks report it. ``places`` are the alternatives or rows that hold."""
    node, site = suspect.node, suspect.site
    if site is not None:
        return _of_table(suspect, site, claim, places)
    rules = [a.rule for a in node.alternatives]
    if suspect.code == "TW0302":
        return diagnose(
            "TW0302", rules[0].span, label="here", also=[Label(r.span, "here") for r in rules[1:]],
            article=rules[0].article, witness=claim, name=node.quantity,
        )  # fmt: skip
    first, second = rules[places[0]], rules[places[1]]
    return diagnose(
        "TW0301", first.span, label="first", also=[Label(second.span, "second")],
        article=first.article, witness=claim, name=node.quantity, other=second.text,
    )  # fmt: skip


def _of_table(
    suspect: Suspect, site: Site, claim: Mapping[str, str], places: tuple[int, ...]
) -> Diagnostic:
    if suspect.code == "TW0306":
        first, second = (site.table.rows[place] for place in places[:2])
        return diagnose(
            "TW0306", first.span, label="first", also=[Label(second.span, "second")],
            article=site.rule.article, witness=claim, name=site.name, other=second.text,
        )  # fmt: skip
    missing = "、".join(claim.get(name, name) for name in site.table.key_names)
    return diagnose("TW0307", site.rule.span, label="here", article=site.rule.article,
                    witness=claim, name=site.name, missing=missing)  # fmt: skip
