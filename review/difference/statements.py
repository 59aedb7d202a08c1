"""The rules of a policy, one by one, each in a form that tells whether another says the same.

A rule that governs several matters is one statement with a part for each. What the national
interface adds is not the policy's and is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from attrs import define, field, frozen

from tiaowen.compiler import core as c
from tiaowen.review.difference.canonical import Canon, Form, Named
from tiaowen.review.difference.rule_records import RuleKind


@frozen
class Part:
    """What a rule says in one matter; '' where it holds for the whole policy. ``node`` is that
    of an amendment."""

    matter: str
    form: Form
    node: str = field(default="", eq=False)


@define
class Statement:
    """A rule. ``level`` and ``quantity`` are what it decides, or what it is called by."""

    rule: c.Rule
    kind: RuleKind
    level: str
    quantity: str
    parts: list[Part] = field(factory=list)

    @property
    def form(self) -> Form:
        """Two statements with one form say the same in the same matters."""
        return (self.kind, frozenset((part.matter, part.form) for part in self.parts))

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.kind, self.level, self.quantity)

    @property
    def matters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.matter for part in self.parts if part.matter))


Found = tuple[c.Rule, RuleKind, str, str, Form, str]
"""A rule, its kind, level, quantity, form and node in one matter."""


def statements(program: c.Program, matters: Mapping[str, str], named: Named,
               whole: bool = True, figures: bool = True) -> list[Statement]:  # fmt: skip
    """The rules of ``program`` in ``matters`` (its name -> what it is called here), in the order
    of the text. Not the ``whole`` leaves out parameters and readings that these do not use;
    without ``figures`` every figure is put aside."""
    canon = Canon(named, program.enums, _calls(program), figures)
    made: dict[str, Statement] = {}
    for name, shown in matters.items():
        for found in _of_matter(program.matters[name], program, canon):
            _add(made, found, shown)
    used = None if whole else _used(program, matters)
    for found in _of_policy(program, canon, used):
        _add(made, found, "")
    ordered = sorted(made.values(), key=lambda s: _order(s.rule))
    return [s for s in ordered if _is_own(s.rule, program)]


def _is_own(rule: c.Rule, program: c.Program) -> bool:
    """Whether a rule is the policy's: it cites an article, or stands in the policy's file without
    one. What the vocabulary adds does neither."""
    return bool(rule.article) or rule.span.source.name == program.identity.source


def _add(made: dict[str, Statement], found: Found, matter: str) -> None:
    rule, kind, level, quantity, form, node = found
    statement = made.setdefault(rule.id, Statement(rule, kind, level, quantity))
    statement.parts.append(Part(matter, form, node))


def _order(rule: c.Rule) -> tuple[int, str]:
    digits = rule.id.removeprefix("r")
    return (int(digits) if digits.isdigit() else 0, rule.id)


def _calls(program: c.Program) -> dict[str, c.Call]:
    return {k: v for matter in program.matters.values() for k, v in matter.calls.items()}


# --- of a matter


def _of_matter(matter: c.Matter, program: c.Program, canon: Canon) -> Iterator[Found]:
    """What says of a rule what it is comes first: a matter settled as another is also a
    definition of every output."""
    form: Form
    if matter.rule is not None:
        form = (matter.interface, matter.subject, canon.of(matter.condition))
        yield matter.rule, "matter", "", matter.name, form, ""
    for call in matter.calls.values():
        form = (canon.named("matter", "", "", call.matter), _each(call.overrides, canon),
                canon.of(call.condition), call.counted)  # fmt: skip
        yield call.rule, "settled", "", call.matter, form, ""
    for parted in matter.partitions.values():
        keys = tuple(canon.of(key) for _, key in parted.keys)
        spread = tuple((canon.of(whole), canon.of(used)) for _, whole, used in parted.spread)
        form = (parted.collection, keys, canon.of(parted.condition), spread,
                _each(parted.overrides, canon), parted.yearly)  # fmt: skip
        yield parted.rule, "parts", parted.collection, parted.name, form, ""
    for node in program.nodes.values():
        if node.matter == matter.name:
            yield from _of_node(node, canon)
    for duty in matter.duties:
        form = (duty.text, canon.of(duty.condition), canon.of(duty.when))
        yield duty.rule, "duty", "", duty.text, form, ""
    for some in matter.properties:
        yield some.rule, "property", "", some.name, canon.of(some.condition), ""
    yield from _tables(matter, program, canon)


def _each(overrides: Mapping[str, c.Core], canon: Canon) -> Form:
    named = ((canon.named("quantity", "", "", n), canon.of(core)) for n, core in overrides.items())
    return tuple(sorted(named, key=repr))


def _of_node(node: c.Node, canon: Canon) -> Iterator[Found]:
    form: Form
    for alternative in node.alternatives:
        if isinstance(alternative.value, c.Reasons):
            for condition, reason, rule in alternative.value.grounds:
                form = (node.level, reason, canon.of(condition))
                yield rule, "exclusion", node.level, reason, form, ""
            continue
        scale = canon.scale(node.type)
        form = (canon.named("quantity", "", node.level, node.quantity), scale,
                canon.of(alternative.condition), canon.of(alternative.value),
                alternative.reason)  # fmt: skip
        yield alternative.rule, "definition", node.level, node.quantity, form, ""
    if node.rule is not None:
        form = (canon.named("quantity", "", node.level, node.quantity), node.operation,
                canon.of(node.operand), canon.of(node.condition), node.partition)  # fmt: skip
        yield node.rule, "amendment", node.level, node.quantity, form, node.id


def _tables(matter: c.Matter, program: c.Program, canon: Canon) -> Iterator[Found]:
    """Tables of one amount; each cites the first rule of the matter that applies it."""
    from tiaowen.compiler.walk import every

    citing: dict[str, c.Rule] = {}
    for node in program.nodes.values():
        if node.matter != matter.name or not matter.functions:
            continue
        uses = [(a.value, a.rule) for a in node.alternatives] + [(node.operand, node.rule)]
        for core, rule in uses:
            for part in every(core) if core is not None else ():
                if isinstance(part, c.Apply | c.Bands) and rule is not None:
                    citing.setdefault(part.function, rule)
    for function in matter.functions.values():
        rule = citing.get(function.name)
        if rule is not None:
            cited = c.Rule(function.rule.id, function.rule.span.text.strip(), rule.article,
                           rule.words, rule.basis, function.rule.source,
                           function.rule.span)  # fmt: skip
            yield cited, "table", "", function.name, canon.of(function.body), ""


# --- of the policy


def _of_policy(program: c.Program, canon: Canon,
               used: Collection[str] | None) -> Iterator[Found]:  # fmt: skip
    form: Form
    for parameter in program.parameters.values():
        if used is None or parameter.name in used:
            form = (canon.named("parameter", "", "", parameter.name), parameter.type.name,
                    parameter.delegation, parameter.keys)  # fmt: skip
            yield parameter.rule, "parameter", "", parameter.name, form, ""
    for reading in program.readings.values():
        if used is None or reading.name in used:
            form = (canon.named("reading", "", "", reading.name), tuple(sorted(reading.choices)),
                    reading.default)  # fmt: skip
            yield reading.rule, "reading", "", reading.name, form, ""


def _used(program: c.Program, matters: Iterable[str]) -> set[str]:
    from tiaowen.compiler.assembled import expressions
    from tiaowen.compiler.walk import every

    wanted = set(matters)
    found: set[str] = set()
    for node in program.nodes.values():
        for core in expressions(node) if node.matter in wanted else ():
            found |= {p.name for p in every(core)
                      if isinstance(p, c.ParameterRef | c.ReadingRef)}  # fmt: skip
    return found
