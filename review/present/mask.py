"""A decision that can be shown to others: whoever it is about cannot be told from it.

Names and numbers of persons, encounters and settlements become tokens (就诊1, 就诊2…), the same
for the same value everywhere, so that a transfer can still be followed; a date of birth keeps
its year. Tokens are numbered by appearance, not derived from the value: nothing can be worked
back, also not by trying all numbers. Amounts, dates of care and the policy's words stay.

A masked explanation reads well but does not replay, and an age no longer recomputes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import Factory, define, evolve

from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling.explanation import Explanation, Skipped, Step, Term

KINDS: Mapping[str, str] = {
    "psn_no": "人员", "certno": "证件", "psn_name": "姓名", "brdy": "出生", "mdtrt_id": "就诊",
    "refl_old_mdtrt_id": "就诊", "setl_id": "结算", "feedetl_sn": "流水号", "tel": "电话",
    "addr": "地址",
}  # fmt: skip
"""National code of a field -> what its token is called; 出生 keeps the year."""

NAMES: Mapping[str, str] = {
    "人员编号": "人员", "证件号码": "证件", "姓名": "姓名", "出生日期": "出生", "就诊ID": "就诊",
    "转院前就诊ID": "就诊", "结算ID": "结算", "撤销": "结算", "明细流水号": "流水号",
}  # fmt: skip
"""The same by the vocabulary's names, for data without its program."""

_BIRTH = "出生"
_KEPT = re.compile(r"\d{4}(?:-\d{2}-\d{2}.*)?")
_EARLIER = ("申报", "结算", "期初")


def masked(explanation: Explanation, program: Program | None = None) -> Explanation:
    """``explanation`` with personal identifiers replaced. Where a claim or problems are shown
    with it, take one ``Mask`` for all of them."""
    return Mask.of(program).explanation(explanation)


@define
class Mask:
    """Replaces identifiers by tokens, the same value by the same token.

    ``kinds`` says which names are personal and what their tokens are called.
    """

    kinds: Mapping[str, str]
    tokens: dict[str, str] = Factory(dict)
    births: set[date] = Factory(set)

    @classmethod
    def of(cls, program: Program | None = None) -> Mask:
        """A mask for the fields of ``program``, by their national codes."""
        kinds = {**NAMES, **KINDS}
        if program is not None:
            groups = [program.fields, *(c.fields for c in program.collections.values())]
            infos = [info for group in groups for info in group.values()]
            kinds.update({i.name: KINDS[i.code] for i in infos if i.code in KINDS})
        return cls(kinds)

    # --- what is masked

    def explanation(self, explanation: Explanation) -> Explanation:
        """Facts, calculations and the names of earlier items without identifiers."""
        self._look(explanation)
        return evolve(
            explanation,
            steps=tuple(self._step(step) for step in explanation.steps),
            skipped=tuple(self._skipped(skipped) for skipped in explanation.skipped),
            facts=self._record(explanation.facts),
            defaults=self._record(explanation.defaults),
        )

    def claim(self, claim: Claim) -> Claim:
        """A claim for showing: its date of birth is a text."""
        return evolve(
            claim,
            fields=self._record(claim.fields),
            collections={
                name: tuple(self._record(r) for r in records)
                for name, records in claim.collections.items()
            },
        )

    def problems(self, problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings whose values name a person or a settlement."""
        return tuple(
            evolve(p, args={name: self._text(v) if isinstance(v, str) else v
                            for name, v in p.args.items()})
            for p in problems
        )  # fmt: skip

    def data(self, data: Any, name: str = "") -> Any:
        """JSON data (a claim, a history, a decision file) without identifiers."""
        if isinstance(data, dict):
            return {key: self.data(value, key) for key, value in data.items()}
        if isinstance(data, list):
            return [self.data(item, name) for item in data]
        if name in self.kinds and isinstance(data, str | int) and not isinstance(data, bool):
            text = str(data)
            return text[:4] if self.kinds[name] == _BIRTH else self._token(text, self.kinds[name])
        return self.tokens.get(data, data) if isinstance(data, str) else data

    # --- parts

    def _look(self, explanation: Explanation) -> None:
        """Learns the identifiers first, so that no text before them keeps one."""
        self._record(explanation.facts)
        for step in explanation.steps:
            self._learn(step.term)
        for skipped in explanation.skipped:
            self._learn(skipped.condition)

    def _learn(self, term: Term) -> None:
        if term.name in self.kinds and term.form in ("input", "past") and term.value is not None:
            self.value(term.value, term.name)
        for inner in term.terms:
            self._learn(inner)

    def _record(self, record: Mapping[str, Value]) -> dict[str, Value]:
        return {name: self.value(value, name.rpartition(".")[2]) for name, value in record.items()}

    def value(self, value: Value, name: str = "") -> Value:
        """A value that a field called ``name`` holds, or that equals one that was masked."""
        kind = self.kinds.get(name, "")
        if isinstance(value, date):
            if kind == _BIRTH:
                self.births.add(value)
            return str(value.year) if value in self.births else value
        if isinstance(value, str):
            return self._token(value, kind) if kind and value else self.tokens.get(value, value)
        return value

    def _token(self, text: str, kind: str) -> str:
        if not text or text == "—" or text in self.tokens.values():
            return text
        if text not in self.tokens:
            same = sum(1 for token in self.tokens.values() if token.rstrip("0123456789") == kind)
            self.tokens[text] = f"{kind}{same + 1}"
        return self.tokens[text]

    def _step(self, step: Step) -> Step:
        before = None if step.before is None else self.value(step.before, step.quantity)
        return evolve(
            step,
            value=self.value(step.value, step.quantity),
            before=before,
            term=self._term(step.term),
        )

    def _skipped(self, skipped: Skipped) -> Skipped:
        return evolve(skipped, condition=self._term(skipped.condition))

    def _term(self, term: Term) -> Term:
        value = None if term.value is None else self.value(term.value, term.name)
        return evolve(
            term,
            value=value,
            text=self._earlier(term),
            terms=tuple(self._term(inner) for inner in term.terms),
        )

    def _earlier(self, term: Term) -> str:
        """How an earlier item is called: its kind and date stay, its numbers do not."""
        first, *rest = term.text.split(" ")
        if term.form != "past" or first not in _EARLIER:
            return term.text
        shown = [w if _KEPT.fullmatch(w) else self._token(w, "就诊") for w in rest]
        return " ".join((first, *shown))

    def _text(self, text: str) -> str:
        for known in sorted(self.tokens, key=len, reverse=True):
            text = text.replace(known, self.tokens[known])
        return text


def shown_masked(explanation: Explanation, claim: Claim | None, problems: Sequence[Diagnostic],
                 program: Program | None = None,
                 ) -> tuple[Explanation, Claim | None, tuple[Diagnostic, ...]]:  # fmt: skip
    """All that a rendering takes, under one mask."""
    mask = Mask.of(program)
    found = None if claim is None else mask.claim(claim)
    return mask.explanation(explanation), found, mask.problems(problems)
