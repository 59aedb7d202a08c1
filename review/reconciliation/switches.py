"""A policy whose rules can be passed over or misread, one by one, at will.

What a settlement system does wrong is often a rule it leaves out or a row of a table it
mistakes. Trying each means running a policy that differs in one place; so that neither one such
policy for every place nor one for every two of them has to be compiled, all places are given a
switch at once. A switch is a reading of a reserved name: at rest the program gives what the
policy itself gives, and a rule's switch is asked for only where the rule is about to apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, Literal
from weakref import WeakKeyDictionary

from attrs import Factory, define, evolve, frozen

from tiaowen.compiler import core as c
from tiaowen.compiler.types import TEXT, TRUTH
from tiaowen.compiler.walk import rewrite

REST = "·"
"""What a switch says where nothing is switched."""

OFF = "off"

SiteKind = Literal["amendment", "ground", "table", "bands", "definition"]


@frozen
class Option:
    """A way to switch a site: ``key`` is what its reading then says, ``text`` the row or rule
    taken instead, ``instead`` the row it stands in for where that is fixed."""

    key: str
    text: str = ""
    instead: str = ""


@frozen
class Site:
    """A place of a policy with a switch: ``name`` is its reading, the same in every version of a
    policy in which the node is made alike. ``rule`` is the rule there,
    ``reason`` the words of a ground of exclusion."""

    name: str
    kind: SiteKind
    node: str
    quantity: str
    level: str
    rule: c.Rule | None
    options: tuple[Option, ...]
    reason: str = ""
    pick: c.Pick | None = None


@frozen(eq=False)
class Switched:
    """``program`` with its switches, by name."""

    program: c.Program
    sites: Mapping[str, Site]


_MADE: WeakKeyDictionary[c.Program, dict[str, Switched]] = WeakKeyDictionary()


def switched(program: c.Program, matter: str) -> Switched:
    """``program`` with a switch at every amendment, ground of exclusion, table and choice
    between definitions of ``matter`` and of the matters it is settled as; made once."""
    made = _MADE.setdefault(program, {})
    if matter not in made:
        made[matter] = _switched(program, matter)
    return made[matter]


def _switched(program: c.Program, matter: str) -> Switched:
    maker = _Maker(program)
    matters = {**program.matters}
    nodes = {**program.nodes}
    for name in _reached(program, matter):
        made = maker.functions(matters[name])
        matters[name] = made
        for identity, node in program.nodes.items():
            if node.matter == name:
                nodes[identity] = maker.node(node)
    readings = {**program.readings, **{s.name: _reading(s) for s in maker.sites.values()}}
    changed = evolve(program, nodes=nodes, matters=matters, readings=readings)
    return Switched(changed, maker.sites)


def _reached(program: c.Program, matter: str) -> list[str]:
    found = [matter]
    for name in found:
        found += [k.matter for k in program.matters[name].calls.values() if k.matter not in found]
    return found


def _reading(site: Site) -> c.ReadingInfo:
    rule = site.rule or c.Rule("", "")
    return c.ReadingInfo(site.name, (REST, *(o.key for o in site.options)), REST, rule)


def _says(name: str, key: str) -> c.Core:
    return c.Among(c.ReadingRef(name, TEXT), frozenset((key,)), (), "", TRUTH)


def _unless_off(condition: c.Core | None, name: str) -> c.Core:
    """``condition`` and the switch at rest; the switch is asked for last."""
    rest = _says(name, REST)
    return rest if condition is None else c.Logic("and", condition, rest, TRUTH)


def _chosen(name: str, rest: c.Core, others: Sequence[tuple[str, c.Core]]) -> c.Core:
    """``rest`` with the switch at rest, else what its key leads to."""
    made = others[-1][1]
    for key, core in reversed(others[:-1]):
        made = c.Choose(_says(name, key), core, made, rest.type)
    return c.Choose(_says(name, REST), rest, made, rest.type)


@define
class _Maker:
    """Puts switches into nodes and keeps the list of them."""

    program: c.Program
    sites: dict[str, Site] = Factory(dict)
    banded: dict[tuple[str, str], list[tuple[str, Option]]] = Factory(dict)
    """(matter, table function) -> its misread variants: name of the function, option"""

    def node(self, node: c.Node) -> c.Node:
        rule = node.rule or next((a.rule for a in node.alternatives), None)
        holder = _Holder(self, node, rule)
        node = rewrite(node, holder.expression)
        alternatives = tuple(rewrite(a, holder.expression) for a in node.alternatives)
        node = evolve(node, alternatives=alternatives)
        if node.kind == "amend":
            name = self.add("amendment", node, node.rule, (Option(OFF),))
            return evolve(node, condition=_unless_off(node.condition, name))
        if node.kind == "define" and _choosable(node):
            return self.definition(node)
        return node

    def add(self, kind: SiteKind, node: c.Node, rule: c.Rule | None, options: tuple[Option, ...],
            reason: str = "", pick: c.Pick | None = None) -> str:  # fmt: skip
        within = sum(site.node == node.id for site in self.sites.values())
        name = f"#{node.id} {within}"
        self.sites[name] = Site(name, kind, node.id, node.quantity, node.level, rule, options,
                                reason, pick)  # fmt: skip
        return name

    def definition(self, node: c.Node) -> c.Node:
        """A quantity with several definitions: the switch takes one whatever its condition."""
        options = tuple(
            Option(str(n), a.rule.text) for n, a in enumerate(node.alternatives) if a.value
        )
        name = self.add("definition", node, None, options)
        made = []
        for number, alternative in enumerate(node.alternatives):
            assert alternative.condition is not None
            own = c.Logic("and", alternative.condition, _says(name, REST), TRUTH)
            taken = c.Logic("or", own, _says(name, str(number)), TRUTH)
            made.append(evolve(alternative, condition=taken))
        return evolve(node, alternatives=tuple(made))

    def functions(self, matter: c.Matter) -> c.Matter:
        """``matter`` with, beside each table function, its variants with one row misread."""
        made = dict(matter.functions)
        for name, function in matter.functions.items():
            table = function.body
            if not isinstance(table, c.Pick):
                continue
            variants = []
            for at, other in _neighbours(len(table.rows)):
                rows = list(table.rows)
                if rows[at].value == rows[other].value:
                    continue
                rows[at] = evolve(rows[at], value=rows[other].value)
                key = f"{at}>{other}"
                body = evolve(table, rows=tuple(rows))
                made[f"{name} {key}"] = evolve(function, body=body)
                option = Option(key, table.rows[other].text, table.rows[at].text)
                variants.append((f"{name} {key}", option))
            if variants:
                self.banded[matter.name, name] = variants
        return evolve(matter, functions=made)


def _choosable(node: c.Node) -> bool:
    """Whether a definition is one of several under conditions, two of them with a value."""
    valued = [a for a in node.alternatives if a.value is not None]
    return len(valued) > 1 and all(a.condition is not None for a in node.alternatives)


def _neighbours(rows: int) -> Iterator[tuple[int, int]]:
    for at in range(rows):
        for other in (at - 1, at + 1):
            if 0 <= other < rows:
                yield at, other


@frozen
class _Holder:
    """The expressions of one node, with switches."""

    maker: _Maker
    node: c.Node
    rule: c.Rule | None

    def expression(self, core: c.Core) -> c.Core:
        match core:
            case c.Pick() if len(core.rows) > 1 and not _of_argument(core):
                return self.table(core)
            case c.Reasons():
                return self.grounds(core)
            case c.Bands() | c.Apply():
                return self.bands(core)
        return core

    def table(self, core: c.Pick) -> c.Core:
        """A table of the claim is read at another row; one of fee lines, which are read at many,
        has one row read as another that differs from it in a single key."""
        if not self.node.level:
            options = tuple(Option(str(n), row.text) for n, row in enumerate(core.rows))
            name = self.maker.add("table", self.node, self.rule, options, pick=core)
            return _chosen(name, core, [(str(n), row.value) for n, row in enumerate(core.rows)])
        misread = []
        for at, other in permutations(range(len(core.rows)), 2):
            row, taken = core.rows[at], core.rows[other]
            if beside(row, taken) and row.value != taken.value:
                rows = (*core.rows[:at], evolve(row, value=taken.value), *core.rows[at + 1 :])
                option = Option(f"{at}>{other}", taken.text, row.text)
                misread.append((option, evolve(core, rows=rows)))
        if not misread:
            return core
        name = self.maker.add("table", self.node, self.rule, tuple(o for o, _ in misread))
        return _chosen(name, core, [(option.key, table) for option, table in misread])

    def grounds(self, core: c.Reasons) -> c.Core:
        made = []
        for condition, reason, rule in core.grounds:
            name = self.maker.add("ground", self.node, rule, (Option(OFF),), reason)
            made.append((_unless_off(condition, name), reason, rule))
        return evolve(core, grounds=tuple(made))

    def bands(self, core: Any) -> c.Core:
        variants = self.maker.banded.get((self.node.matter, core.function))
        if not variants:
            return core  # type: ignore[no-any-return]
        options = tuple(option for _, option in variants)
        name = self.maker.add("bands", self.node, self.rule, options)
        others = [(option.key, evolve(core, function=f)) for f, option in variants]
        return _chosen(name, core, others)


def beside(one: c.PickRow, other: c.PickRow) -> bool:
    """Whether two rows of a table differ in a single key."""
    pairs = zip(one.matchers, other.matchers, strict=True)
    return sum(cell != next_to for cell, next_to in pairs) == 1


def _of_argument(core: c.Pick) -> bool:
    return any(isinstance(key, c.Argument) for key in core.keys)
