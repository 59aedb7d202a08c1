"""Tables whose rows overlap, leave out what an output needs, or can never be the one chosen.

A table is judged by its keys: what a key is worked out from may be anything, as long as it is
not known to exclude the finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.checks.comparing import Found, Unknown, Verdict
from tiaowen.compiler.checks.demand import Guards, guards_hold, sites
from tiaowen.compiler.checks.policy import Policy
from tiaowen.compiler.checks.space import Interval, Number, Path, Term, TooMany, is_empty, number_of
from tiaowen.compiler.checks.symbolic import Evaluator, type_of
from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic, Label, diagnose

MOST_MISSING = 5
"""A table that lacks more than this names the first few."""


@frozen
class Site:
    """A table where it stands: in a node, or (node '') in a table function."""

    table: c.Pick
    matter: str
    name: str
    rule: c.Rule
    guards: Guards = ()
    node: str = ""


def table_sites(policy: Policy) -> Iterator[Site]:
    """Every table of a policy's definitions, amendments and table functions."""
    for node, table, guards in policy.demand.tables:
        yield Site(table, node.matter, node.quantity, _rule(table, node), guards, node.id)
    for matter in policy.program.matters.values():
        for function in matter.functions.values():
            for core, guards in sites(function.body):
                if isinstance(core, c.Pick):
                    yield Site(core, matter.name, function.name, function.rule, guards)


def _rule(table: c.Pick, node: c.Node) -> c.Rule:
    """The rule of ``node`` that the table stands in."""
    if node.rule is not None:
        return node.rule
    for alternative in node.alternatives:
        span = alternative.rule.span
        at = table.rows[0].span if table.rows else span
        if span.source is at.source and span.start <= at.start < span.end:
            return alternative.rule
    return node.alternatives[0].rule


def tables_in(policy: Policy) -> Iterator[Diagnostic]:
    """The findings in every table."""
    for site in table_sites(policy):
        dead = [row for row in site.table.rows if any(map(_is_void, row.matchers))]
        for row in dead:
            yield diagnose(
                "TW0303", row.span, label="here", article=site.rule.article, name=site.name
            )
        unique, complete = judged(site, policy)
        if not unique:
            yield from _overlapping(site, policy)
        yield from _descending(site)
        if not complete:
            yield from _incomplete(site, policy)


def _is_void(matcher: c.Matcher) -> bool:
    """Whether no key can be in a cell."""
    if isinstance(matcher, c.AmongOf):
        return not matcher.accepted and not matcher.prefixes
    if matcher is None:
        return False
    low, high = _bound(matcher.low), _bound(matcher.high)
    if low is None or high is None:
        return False
    return is_empty(Interval(low, high, not matcher.low_closed, not matcher.high_closed))


def _bound(core: c.Core | None) -> Number | None:
    return number_of(core.value, core.type) if isinstance(core, c.Constant) else None


# --- keys


def _keys(site: Site, evaluator: Evaluator) -> dict[int, Found]:
    """The values of a table's keys; what they are worked out from is taken as given."""
    found: dict[int, Found] = {}
    for index, key in enumerate(site.table.keys):
        value = evaluator.value(key)
        if isinstance(value, Unknown):
            value = evaluator.free(key)
        if isinstance(value, Term) and not value.real:
            evaluator.path.trusted.add(value.key)
        found[index] = value
    return found


Look: TypeAlias = Callable[[Evaluator, dict[int, Found]], None]


def _explored(site: Site, policy: Policy, look: Look, shallow: bool = False) -> bool:
    """Call ``look`` with the keys of every path; whether there were not too many."""

    def run(path: Path) -> None:
        if shallow:
            evaluator = policy.open(site.matter, path, shallow=True)
        else:
            evaluator = policy.certain(site.matter, path)
        look(evaluator, _keys(site, evaluator))

    try:
        policy.explore(run)
    except TooMany:
        return False
    return True


def judged(site: Site, policy: Policy) -> tuple[bool, bool]:
    """Whether a table's rows are unique and complete whatever its keys are."""
    holding = {"two": False, "none": False}

    def look(evaluator: Evaluator, keys: dict[int, Found]) -> None:
        path = evaluator.path
        count = sum(evaluator.row_holds(r, site.table, keys) is True for r in site.table.rows)
        if count > 1:
            holding["two"] = True
        elif not count and witness.happens(path, policy.inputs) and _counts(path, keys):
            holding["none"] = True

    if not _explored(site, policy, look, shallow=True):
        return False, False
    return not holding["two"], not holding["none"]


def _overlapping(site: Site, policy: Policy) -> Iterator[Diagnostic]:
    """The rows that overlap; where the keys are too much to follow, whatever they are."""
    rows = site.table.rows
    found: dict[tuple[int, int], dict[str, str]] = {}

    def look(evaluator: Evaluator, keys: dict[int, Found]) -> None:
        holding = [
            i for i, row in enumerate(rows) if evaluator.row_holds(row, site.table, keys) is True
        ]
        pair = (holding[0], holding[1]) if len(holding) > 1 else None
        if pair is not None and pair not in found and _reached(site, evaluator) is not False:
            found[pair] = _claim(site, evaluator, keys)

    if not _explored(site, policy, look) and not found:
        _explored(site, policy, look, shallow=True)
    for (first, second), claim in sorted(found.items(), key=lambda item: item[0]):
        yield diagnose(
            "TW0306", rows[first].span, label="first", also=[Label(rows[second].span, "second")],
            article=site.rule.article, witness=claim, name=site.name, other=rows[second].text,
        )  # fmt: skip


def _incomplete(site: Site, policy: Policy) -> Iterator[Diagnostic]:
    rows = site.table.rows
    found: dict[str, dict[str, str]] = {}

    def look(evaluator: Evaluator, keys: dict[int, Found]) -> None:
        if len(found) > MOST_MISSING:
            return
        if any(evaluator.row_holds(row, site.table, keys) is not False for row in rows):
            return
        if not witness.happens(evaluator.path, policy.inputs) or not _counts(evaluator.path, keys):
            return
        missing = _missing(site, evaluator, keys)
        if missing in found or _reached(site, evaluator) is not True:
            return
        if not site.node or policy.demand.asked(site.node, evaluator):
            found.setdefault(missing, _claim(site, evaluator, keys))

    _explored(site, policy, look)
    if found:
        names = list(found)
        missing = "；".join(names[:MOST_MISSING]) + ("……" if len(names) > MOST_MISSING else "")
        yield diagnose(
            "TW0307",
            site.rule.span,
            label="here",
            article=site.rule.article,
            witness=found[names[0]],
            name=site.name,
            missing=missing,
        )


def _reached(site: Site, evaluator: Evaluator) -> Verdict:
    """Whether a claim of the matter comes to read the table."""
    reached = guards_hold(site.guards, evaluator)
    if reached is False:
        return False
    own = evaluator.truth(evaluator.matter.condition)
    return own if reached is True or own is False else reached


def _counts(path: Path, keys: dict[int, Found]) -> bool:
    """Whether a table has to cover the keys of ``path``, which is narrowed to those."""
    for key in keys.values():
        if isinstance(key, Term):
            region = path.region(key)
            if isinstance(region, Interval):
                region = witness.positive(region, key.type)
                if is_empty(region):
                    return False
                path.narrow(key, region)
    return True


def _shown(index: int, site: Site, evaluator: Evaluator, keys: dict[int, Found]) -> Value | None:
    """A key's value on a path, on a scale by its step."""
    key, kind = keys[index], type_of(site.table.keys[index])
    value = witness.value_in(evaluator.path.region(key), key) if isinstance(key, Term) else key
    assert not isinstance(value, Unknown)
    if kind.kind == "scale" and value is not None:
        rank = evaluator.inputs.rank(value, kind.name)
        return value if rank is None else evaluator.inputs.enums[kind.name].steps[rank]
    return value


def _missing(site: Site, evaluator: Evaluator, keys: dict[int, Found]) -> str:
    values = {i: _shown(i, site, evaluator, keys) for i in keys}
    return "、".join(
        f"{site.table.key_names[i]} = {witness.label(value, type_of(site.table.keys[i]))}"
        for i, value in values.items() if value is not None
    )  # fmt: skip


def _claim(site: Site, evaluator: Evaluator, keys: dict[int, Found]) -> dict[str, str]:
    """The claim of a path; a key that no input gives by itself stands by its own name."""
    claim = dict(witness.claim(evaluator.path))
    for index, key in keys.items():
        if isinstance(key, Term) and not key.real:
            value = _shown(index, site, evaluator, keys)
            if value is not None and (key.key in evaluator.path.regions):
                claim.pop(key.name, None)
                kind = type_of(site.table.keys[index])
                claim[site.table.key_names[index]] = witness.label(value, kind)
    return claim


# --- bands


def _descending(site: Site) -> Iterator[Diagnostic]:
    """Bands of a table function that do not run from low to high."""
    column = next((i for i, k in enumerate(site.table.keys) if isinstance(k, c.Argument)), None)
    if column is None or site.node:
        return
    last: dict[tuple[c.Matcher, ...], c.RangeOf] = {}
    for row in site.table.rows:
        cell = row.matchers[column]
        if not isinstance(cell, c.RangeOf):
            continue
        others = (*row.matchers[:column], *row.matchers[column + 1 :])
        before, last[others] = last.get(others), cell
        if before is None:
            continue
        previous, following = _bound(before.high), _bound(cell.high)
        if previous is not None and following is not None and following <= previous:
            assert isinstance(before.high, c.Constant)
            assert isinstance(cell.high, c.Constant)
            yield diagnose(
                "TW0313",
                row.span,
                article=site.rule.article,
                previous=before.high.text,
                next=cell.high.text,
            )
