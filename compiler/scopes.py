"""What a matter holds: for each quantity its definitions and amendments, in force order."""

from __future__ import annotations

from attrs import Factory, define

from tiaowen.compiler.collect import Collected, ScopedRule
from tiaowen.compiler.core import EXCLUDED as EXCLUDED
from tiaowen.compiler.core import LINES as LINES
from tiaowen.compiler.symbols import Interface, Symbols
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import diagnose

Place = tuple[str, str]
"""(level, quantity): level is '' for the matter, else a collection."""


@define
class QuantityRules:
    """The rules of one quantity. ``chain`` holds amendments and partition totals in order."""

    definitions: list[ScopedRule] = Factory(list)
    chain: list[ScopedRule] = Factory(list)

    @property
    def declared_type(self) -> str | None:
        for scoped in self.definitions:
            if isinstance(scoped.statement, t.Definition) and scoped.statement.type:
                return scoped.statement.type
        return None


@define
class MatterScope:
    """One matter before its names are resolved."""

    name: str
    interface: Interface | None
    subject: str
    head: ScopedRule | None
    quantities: dict[Place, QuantityRules] = Factory(dict)
    exclusions: dict[str, list[ScopedRule]] = Factory(dict)
    duties: list[ScopedRule] = Factory(list)
    properties: list[ScopedRule] = Factory(list)
    partitions: list[ScopedRule] = Factory(list)
    calls: list[ScopedRule] = Factory(list)

    def states(self, name: str) -> bool:
        """Whether ``name`` is a line of the matter's statement."""
        return self.interface is not None and any(o.name == name for o in self.interface.outputs)


def scopes(collected: Collected, symbols: Symbols) -> dict[str, MatterScope]:
    """Every matter of the policy with the rules that govern it."""
    matters: dict[str, MatterScope] = {}
    for scoped in collected.rules:
        head = scoped.statement
        if isinstance(head, t.MatterHead):
            _open_matter(scoped, head, matters, symbols)
    _report_unknown_matters(collected, matters, symbols)
    if not matters:
        _report_homeless(collected, symbols)
    for matter in matters.values():
        own = [r for r in collected.rules if not r.scope.interfaces and _governs(r, matter)]
        national = [r for r in collected.rules if r.scope.interfaces and _governs(r, matter)]
        _fill(matter, own, national)
    return matters


def _open_matter(scoped: ScopedRule, head: t.MatterHead, matters: dict[str, MatterScope],
                 symbols: Symbols) -> None:  # fmt: skip
    interface = None
    if head.interface is not None:
        interface = symbols.interfaces.get(head.interface)
        if interface is None:
            from tiaowen.compiler.spelling import nearest

            symbols.diagnostics.append(
                diagnose(
                    "TW0209",
                    head.span,
                    name=head.interface,
                    nearest=nearest(head.interface, symbols.interfaces),
                )
            )
    known = matters.get(head.name)
    if known is None:
        subject = head.subject or (interface.subject if interface else "人次")
        matters[head.name] = MatterScope(head.name, interface, subject, scoped)
        if head.clauses.english:
            symbols.labels[head.name] = head.clauses.english
    elif interface is not None and known.interface is None:
        known.interface, known.head = interface, scoped


def _report_homeless(collected: Collected, symbols: Symbols) -> None:
    """The first rule of a regulation that declares no matter at all."""
    kinds = (t.Definition, t.Amendment, t.Stop, t.Exclusion, t.Duty, t.SettleAs, t.Partition)
    for scoped in collected.rules:
        statement = scoped.statement
        if isinstance(statement, kinds) and scoped.paragraph and not scoped.scope.interfaces:
            name = getattr(statement, "name", "")
            symbols.diagnostics.append(
                diagnose("TW0112", statement.span, article=scoped.rule.article, name=name)
            )
            return


def _report_unknown_matters(collected: Collected, matters: dict[str, MatterScope],
                            symbols: Symbols) -> None:  # fmt: skip
    from tiaowen.compiler.spelling import nearest

    reported: set[str] = set()
    for scoped in collected.rules:
        for name in scoped.scope.matters:
            if name not in matters and name not in reported:
                reported.add(name)
                symbols.diagnostics.append(
                    diagnose("TW0208", scoped.rule.span, name=name, nearest=nearest(name, matters))
                )


def _governs(scoped: ScopedRule, matter: MatterScope) -> bool:
    return scoped.scope.governs(matter.name, matter.interface.name if matter.interface else "")


def _level(each: str | None) -> str:
    return "" if each is None else each or LINES


def _fill(matter: MatterScope, own: list[ScopedRule], national: list[ScopedRule]) -> None:
    defined: set[Place] = set()
    for scoped in own:
        place = _place(scoped.statement)
        if place and isinstance(scoped.statement, t.Definition | t.Stop | t.Scale):
            defined.add(place)
    for scoped in [*own, *national]:
        statement = scoped.statement
        match statement:
            case t.Definition() | t.Stop() | t.Scale():
                place = _place(statement)
                assert place is not None
                if scoped.scope.interfaces and place in defined:
                    continue
                matter.quantities.setdefault(place, QuantityRules()).definitions.append(scoped)
            case t.Amendment():
                place = (_level(statement.each), statement.name)
                matter.quantities.setdefault(place, QuantityRules()).chain.append(scoped)
            case t.Exclusion():
                matter.exclusions.setdefault(_level(statement.each), []).append(scoped)
            case t.Duty():
                matter.duties.append(scoped)
            case t.Property():
                matter.properties.append(scoped)
            case t.Partition():
                matter.partitions.append(scoped)
                for name in statement.totals:
                    matter.quantities.setdefault(("", name), QuantityRules()).chain.append(scoped)
            case t.SettleAs():
                matter.calls.append(scoped)


def _place(statement: object) -> Place | None:
    match statement:
        case t.Definition(name=name, each=each) | t.Stop(name=name, each=each):
            return (_level(each), name)
        case t.Scale(name=name):
            return ("", name)
        case _:
            return None
