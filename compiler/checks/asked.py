"""A suspect put to the solver: whether some claim of its matter stops there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import Factory, define

from tiaowen.compiler import core as c
from tiaowen.compiler.checks import witness
from tiaowen.compiler.core import LINES
from tiaowen.compiler.solver import numbers
from tiaowen.compiler.solver.expressions import translated
from tiaowen.compiler.solver.form import Form, deep, translate
from tiaowen.compiler.solver.formulas import Truth, both, either, negation
from tiaowen.compiler.solver.lookup import accepts
from tiaowen.compiler.solver.numbers import Number, constant
from tiaowen.compiler.solver.places import Place
from tiaowen.compiler.solver.solving import Proved, Question, Refuted, solve

if TYPE_CHECKING:
    from tiaowen.compiler.checks.solved import Suspect

Shown = tuple[Mapping[str, str], tuple[int, ...]]
"""A claim in words, and which alternatives or rows hold for it."""


@define
class Asked:
    """The questions about one matter; its forms are made once."""

    program: c.Program
    matter: str
    limit: int
    forms: dict[int | None, Form] = Factory(dict)

    def claim(self, suspect: Suspect) -> Shown | bool | None:
        """True where no claim stops there, a claim that does, or None where that was not told.

        First claims of any length are asked about, then those of one line.
        """
        for lines in (None, 1):
            form = self._form(lines)
            stops = either(*(
                when for reason, when in form.stops.items()
                if reason.code == suspect.stop and not reason.words
                and (reason.node, reason.name) == (suspect.node.id, suspect.name)
            ))  # fmt: skip
            given = both(form.of_matter, self._sensible(suspect, form))
            answer = solve(Question((form,), negation(stops), given), limit=self.limit)
            if isinstance(answer, Proved):
                return True if lines is None else None
            if lines is not None and isinstance(answer, Refuted):
                return self._words(answer), tuple(self._holding(suspect, form, answer))
        return None

    @property
    def assumptions(self) -> dict[str, Truth]:
        """What the forms take for granted of a claim."""
        return {name: t for form in self.forms.values() for name, t in form.assumptions.items()}

    def _form(self, lines: int | None) -> Form:
        if lines not in self.forms:
            self.forms[lines] = translate(self.program, self.matter, lines=lines)
        return self.forms[lines]

    def _sensible(self, suspect: Suspect, form: Form) -> Truth:
        """A table has to cover keys above 0, of a ratio up to 100%."""
        if suspect.site is None:
            return True
        with deep():
            place = self._place(suspect, form)
            keys = [translated(key, place).value for key in suspect.site.table.keys]
        above = (numbers.below(constant(0), key, False) for key in keys if isinstance(key, Number))
        return both(*above)

    def _place(self, suspect: Suspect, form: Form) -> Place:
        line = form.lines[LINES][0] if suspect.node.level == LINES else None
        return Place(form.scope, line)

    def _holding(self, suspect: Suspect, form: Form, found: Refuted) -> Iterator[int]:
        """The alternatives, or the rows of a table, that hold for the claim."""
        with deep():
            place = self._place(suspect, form)
            if suspect.site is None:
                for index, alternative in enumerate(suspect.node.alternatives):
                    core = alternative.condition
                    holds = True if core is None else translated(core, place).value
                    if alternative.value is not None and found.valuation.holds(holds):
                        yield index
                return
            table = suspect.site.table
            keys = [translated(key, place).value for key in table.keys]
            for index, row in enumerate(table.rows):
                cells = zip(row.matchers, keys, strict=True)
                if found.valuation.holds(both(*(
                    accepts(cell, key, place)[0] for cell, key in cells if cell is not None
                ))):  # fmt: skip
                    yield index

    def _words(self, found: Refuted) -> dict[str, str]:
        """The claim with each fact in its words."""
        shown, program = found.claims[0], self.program
        words = {
            name: witness.label(value, program.fields[name].type)
            for name, value in shown.fields.items()
        }
        for name, elements in shown.collections.items():
            fields = program.collections[name].fields
            for record in elements:
                words |= {f"{name}.{field}": witness.label(value, fields[field].type)
                          for field, value in record.items()}  # fmt: skip
        return words | {name: str(value) for name, value in shown.readings.items()}
