"""What a worked case gives, typed: names to fields and quantities, literals to their values.

A case is written in the words of the policy: a field, a shorthand, a collection as a table, or
any quantity of the matter, which is then taken as given. Whatever does not fit is a diagnostic
at its place in the case; the rest is still read, so that one run finds every slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Value
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.dsl import tree as t
from tiaowen.dsl.diagnostics import diagnose
from tiaowen.engine.frames import Claim, Facts, ParameterValue
from tiaowen.review.case_values import ValueReader, words

NOT_APPLICABLE = "不适用"
"""What a case writes for an output that no rule decides."""

OPENING, REVERSAL = "期初", "撤销"


@define
class Gathered:
    """The facts of one claim while they are gathered; a later one takes a former's place."""

    fields: dict[str, Value] = Factory(dict)
    collections: dict[str, tuple[Mapping[str, Value], ...]] = Factory(dict)
    taken: dict[str, Value] = Factory(dict)
    short: dict[str, tuple[c.ShorthandInfo, Value]] = Factory(dict)

    def copy(self) -> Gathered:
        return Gathered(dict(self.fields), dict(self.collections), dict(self.taken),
                        dict(self.short))  # fmt: skip

    def claim(self, matter: str) -> Claim:
        """The claim; each shorthand is one element, after those a table gives."""
        collections = dict(self.collections)
        for info, amount in self.short.values():
            record = {info.amount_field: amount, **info.values}
            collections[info.collection] = (*collections.get(info.collection, ()), record)
        return Claim(matter, self.fields, collections, self.taken)


@define
class FactReader(ValueReader):
    """Reads the facts of the cases of one program."""

    # --- facts of a claim

    def gather(self, assigns: Iterable[t.Assign], matter: c.Matter, into: Gathered) -> None:
        """Add what ``assigns`` give to ``into``."""
        for assign in assigns:
            self._fact(assign, matter, into)

    def _fact(self, assign: t.Assign, matter: c.Matter, into: Gathered) -> None:
        name, program = assign.name, self.program
        field = self._field(name)
        if field is not None:
            self._keep(into.fields, field.name, assign.value, field.type)
        elif name in program.shorthands:
            info = program.shorthands[name]
            kind = program.collections[info.collection].fields[info.amount_field].type
            amount = self.value(assign.value, kind)
            if amount is not None:
                into.short[name] = (info, amount)
        elif name in program.collections:
            into.collections[name] = tuple(self._records(assign.value, name))
        elif (kind := self.quantity(name, matter)) is not None:  # type: ignore[assignment]
            self._keep(into.taken, name, assign.value, kind)
        else:
            self.unknown(assign, self._known(matter))

    def _keep(self, into: dict[str, Value], name: str, written: t.Expression, kind: Type) -> None:
        value = self.value(written, kind)
        if value is not None:
            into[name] = value

    def _field(self, name: str) -> c.FieldInfo | None:
        found = self.program.fields.get(name)
        if found is not None:
            return found
        infos = self.program.fields.values()
        return next((i for i in infos if name == i.code or name in i.aliases), None)

    def quantity(self, name: str, matter: c.Matter) -> Type | None:
        """The type of a quantity of the matter itself; None where it has none of that name."""
        node = matter.final.get(("", name))
        if node is not None:
            return self.program.nodes[node].type
        return next((o.type for o in matter.outputs if o.name == name), None)

    def _known(self, matter: c.Matter) -> list[str]:
        program = self.program
        return [*program.fields, *program.shorthands, *program.collections,
                *self.quantities(matter)]  # fmt: skip

    def quantities(self, matter: c.Matter) -> list[str]:
        """The names of the matter's own quantities and outputs."""
        return list(
            dict.fromkeys(
                [o.name for o in matter.outputs]
                + [name for level, name in matter.final if not level]
            )
        )

    def unknown(self, assign: t.Assign, known: Iterable[str]) -> None:
        """Report a name that means nothing here."""
        self.found.append(
            diagnose("TW0201", assign.span, name=assign.name, nearest=nearest(assign.name, known))
        )

    def _records(self, written: t.Expression, collection: str) -> Iterator[dict[str, Value]]:
        """The elements that a table gives, one a row; an empty cell or — gives nothing."""
        fields = self.program.collections[collection].fields
        if not isinstance(written, t.Table):
            self.mismatch(written, {"zh": "一张表", "en": "a table"})
            return
        heads: list[c.FieldInfo | None] = []
        for cell in written.rows[0].cells:
            name = words(cell)
            info = fields.get(name) or next(
                (f for f in fields.values() if name in (f.code, *f.aliases) and name), None
            )
            if info is None:
                self.found.append(
                    diagnose("TW0201", cell.span, name=name, nearest=nearest(name, fields))
                )
            heads.append(info)
        for row in written.rows[1:]:
            record: dict[str, Value] = {}
            for info, cell in zip(heads, row.cells, strict=False):
                if info is not None and isinstance(cell, t.OneOf) and len(cell.items) == 1:
                    self._keep(record, info.name, cell.items[0], info.type)
                elif info is not None and not isinstance(cell, t.Blank | t.Anything):
                    self.mismatch(cell, info.type)
            yield record

    # --- earlier items and parameters

    def settlement(self, earlier: t.Earlier, matter: c.Matter) -> Facts:
        """``此前 结算 住院: …``: figures of a settlement, taken as facts."""
        return Facts(matter.name, dict(self._figures(earlier.assigns, matter)))

    def opening(self, earlier: t.Earlier, matter: c.Matter) -> Facts:
        """``此前 期初: …``: totals of a year; ``住院 = 2次`` says how many stays they hold."""
        counts: dict[str, int] = {}
        rest: list[t.Assign] = []
        for assign in earlier.assigns:
            if assign.name not in self.program.matters:
                rest.append(assign)
            elif (count := self.value(assign.value, ty.NUMBER)) is not None:
                counts[assign.name] = int(count)  # type: ignore[arg-type]
        return Facts("", dict(self._figures(rest, matter)), "opening", counts)

    def _figures(
        self, assigns: Iterable[t.Assign], matter: c.Matter
    ) -> Iterator[tuple[str, Value]]:
        for assign in assigns:
            kind = self._figure_type(assign.name, matter)
            if kind is None:
                self.unknown(assign, [*self.quantities(matter), *self.program.fields])
            elif (value := self.value(assign.value, kind)) is not None:
                yield assign.name, value

    def _figure_type(self, name: str, matter: c.Matter) -> Type | None:
        scope, _, bare = name.rpartition(".")
        if scope:
            other = self.program.matters.get(scope)
            return self.quantity(bare, other) if other is not None else None
        kind = self.quantity(name, matter)
        if kind is not None:
            return kind
        if name in self.program.fields:
            return self.program.fields[name].type
        others = (self.quantity(name, m) for m in self.program.matters.values())
        return next((k for k in others if k is not None), None)

    def parameter(self, given: t.CaseParameter, info: c.ParameterInfo) -> ParameterValue | None:
        """The value, or the rows of keys and value, that a case gives for a parameter."""
        if not isinstance(given.value, t.Table):
            value = self.value(given.value, info.type)
            return None if value is None else ParameterValue(value, source=str(given.span))
        head, *rows = given.value.rows
        names = [words(cell) for cell in head.cells[:-1]]
        for name, cell in zip(names, head.cells, strict=False):
            if name not in info.keys:
                self.found.append(
                    diagnose("TW0201", cell.span, name=name, nearest=nearest(name, info.keys))
                )
        made = []
        for row in rows:
            *keys, last = row.cells
            wanted = {n: words(k) for n, k in zip(names, keys, strict=False) if words(k)}
            value = self.value(last.items[0], info.type) if isinstance(last, t.OneOf) else None
            if value is None:
                continue
            made.append((wanted, value))
        return ParameterValue(rows=tuple(made), source=str(given.span))
