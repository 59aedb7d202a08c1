"""Policies and decisions for Python programs and notebooks: ``import tiaowen``.

Money comes out as ``Decimal`` 元, ratios as ``Fraction``; amounts go in as text, whole numbers or
``Decimal``, and a binary fraction is taken by the digits it prints. Whatever is wrong with a
text, a claim or a file raises ``Rejected``, whose message is what the command line would print.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias

from attrs import define, field, frozen

from tiaowen.apps.dataframes import Settled, arrow_of, html_rows, like
from tiaowen.compiler import types as ty
from tiaowen.compiler.core import Program, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import InForce, PersonDecision
from tiaowen.engine.parameters import ParameterFile
from tiaowen.engine.telling.explanation import Explanation

Lang: TypeAlias = Literal["zh", "en"]
FilePath: TypeAlias = str | PathLike[str]
Given: TypeAlias = Mapping[str, Any] | FilePath
"""A claim: its fields by Chinese name or national code, or the path of a JSON file."""


def load(path: FilePath) -> Policy:
    """The policy in the file at ``path``. Raises ``Rejected`` where it cannot be used."""
    from tiaowen.apps.programs import load_program

    return Policy(load_program(Path(path)))


def load_for(claim: Given, on: date | None = None) -> Policy:
    """The policy that came with the package and is in force for ``claim``: by place and kind of
    insurance and the day (``on``, else the claim's own); an earlier claim is then decided by
    the version in force on its day. Raises ``Rejected`` (TW0505, TW0506, TW0507, TW0515)."""
    from tiaowen.apps.choosing import choose, version_then
    from tiaowen.apps.programs import load_program

    program = load_program(choose(_data(claim), on))
    return Policy(program, in_force=version_then(program))


def compile(text: str, name: str = "policy.md") -> Policy:
    """The policy whose Markdown is ``text``; ``引用`` and ``修改`` are looked for beside the
    file it would be, ``name``. Raises ``Rejected`` with every error of the text."""
    from tiaowen.apps.files import load_text

    return Policy(load_text(text, name).demand())


@frozen
class Policy:
    """A regulation that can be asked. ``program`` is the checked graph under it."""

    program: Program
    in_force: InForce | None = None

    @property
    def title(self) -> str:
        return self.program.identity.title

    @property
    def matters(self) -> tuple[str, ...]:
        """What can be asked, by name."""
        return tuple(self.program.matters)

    @property
    def readings(self) -> dict[str, tuple[str, ...]]:
        """Each reading with its choices, the default first."""
        return {
            name: (info.default, *(c for c in info.choices if c != info.default))
            for name, info in self.program.readings.items()
        }

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the text leaves to other documents: to be given with a decision."""
        return tuple(self.program.parameters)

    def schema(self, matter: str) -> dict[str, Any]:
        """JSON Schema of the inputs and outputs of ``matter``."""
        from tiaowen.engine.claims.schema import schema

        return schema(self.program, matter)

    def decide(self, claim: Given, matter: str | None = None, *,
               history: Sequence[Mapping[str, Any]] | FilePath = (),
               readings: Mapping[str, str] | None = None,
               parameters: FilePath | Sequence[FilePath] = (),
               on: date | None = None) -> Decision:  # fmt: skip
        """Decide ``claim`` after the person's earlier items.

        ``matter`` is what is asked, else the claim's 事项 says it or what the claim is; ``history``
        the earlier items as ``tiaowen decide --history`` reads them, ``parameters`` files of
        figures (TOML), ``on`` the day they are to be valid on, else the claim's. A text that
        provides no answer is a decision with ``problems``; ``Rejected`` is for what cannot be
        used.
        """
        from tiaowen.apps.choosing import day_of
        from tiaowen.engine.claims.reading import read_claim
        from tiaowen.engine.history.data import read_history
        from tiaowen.engine.history.person import decide_person
        from tiaowen.engine.readings import read_readings

        read = read_claim(_data(claim), self.program, matter)
        chosen = read_readings([f"{k}={v}" for k, v in (readings or {}).items()], self.program)
        given = self._parameters(parameters, read, on or day_of(read, self.program))
        items = read_history(_data(history), self.program) if history else ()
        made = decide_person(self.program, read, items, readings=chosen, parameters=given,
                             in_force=self.in_force)  # fmt: skip
        return Decision(self.program, made, items, chosen, given)

    def settle(self, claims: Any, lines: Any = None, *, mapping: Mapping[str, str] | None = None,
               readings: Mapping[str, str] | None = None,
               parameters: FilePath | Sequence[FilePath] = (),
               rules: bool = False, threads: int = 0) -> Settled:  # fmt: skip
        """Settle a table of claims: Arrow, pandas, Polars or a frame of Spark, the results being
        of the same kind; a frame of Spark is settled on its cluster, when the result is used.

        Columns go by Chinese name, national code or alias; fee lines are a nested column or the
        table ``lines``, joined by 就诊ID, or the totals of the bills stand in their place.
        ``mapping`` gives the matter of a 医疗类别. ``rules`` adds columns ``rule_…`` that name the
        rule behind each output. Arrow is read where it lies.
        Needs the extra ``batch``, and for Spark ``spark``; ``Rejected`` for columns that cannot be
        used, a row of ``rejected`` for each thing wrong with a claim.
        """
        from tiaowen.dsl.extras import need

        for module in ("duckdb", "llvmlite"):
            need(module, "batch")
        from tiaowen.engine.batch.job import Options, settle_table
        from tiaowen.engine.parameters import merge
        from tiaowen.engine.readings import read_readings

        chosen = read_readings([f"{k}={v}" for k, v in (readings or {}).items()], self.program)
        options = Options("", "", mapping=dict(mapping or {}), readings=chosen, rules=rules,
                          threads=threads, parameters=merge(self._files(parameters)))  # fmt: skip
        if type(claims).__module__.startswith("pyspark."):
            from tiaowen.engine.cluster.frames import settle_frame

            found = settle_frame(self.program, claims, lines, options)
            return Settled(found.settled, found.rejected)
        given, beside = arrow_of(claims), None if lines is None else arrow_of(lines)
        part = settle_table(self.program, given, beside, options)
        return Settled(like(claims, part.settled), like(claims, part.rejected))

    def _files(self, files: FilePath | Sequence[FilePath]) -> list[ParameterFile]:
        from tiaowen.apps.files import read_text
        from tiaowen.engine.parameters import read_parameter_file

        paths = [files] if isinstance(files, str | PathLike) else files
        return [
            read_parameter_file(read_text(str(p)), str(p), self.program) for p in map(Path, paths)
        ]

    def _parameters(self, files: FilePath | Sequence[FilePath], claim: Claim,
                    day: date | None) -> dict[str, ParameterValue]:  # fmt: skip
        from tiaowen.apps.choosing import place_of
        from tiaowen.engine.parameters import merge

        read = self._files(files)
        return merge(read, day, place_of(claim, self.program)) if read else {}

    def _repr_html_(self) -> str:
        """In a notebook: what can be asked, and the readings there are."""
        matters = html_rows(["事项"], [[name] for name in self.matters])
        found = [[name, "、".join(choices)] for name, choices in self.readings.items()]
        readings = html_rows(["口径", "取值（默认在前）"], found)
        return f"<h4>{escape(self.title)}</h4>{matters}{readings}"

    def __repr__(self) -> str:
        return f"<Policy {self.title}: {'、'.join(self.matters)}>"


@define(eq=False, slots=False)
class Decision:
    """A decided claim. ``decision["统筹支付"]`` is an output by Chinese name or national code."""

    program: Program
    made: PersonDecision
    items: Sequence[HistoryItem] = field(repr=False)
    readings: Mapping[str, str] = field(repr=False)
    parameters: Mapping[str, ParameterValue] = field(repr=False)

    @property
    def decided(self) -> bool:
        """Whether the text gives an answer; ``problems`` say why not."""
        return self.made.decision.decided

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        return self.made.decision.problems

    @cached_property
    def values(self) -> dict[str, Any]:
        """The statement in the national order, by Chinese name: money as ``Decimal`` 元, ratios
        as ``Fraction``; None where no rule of the policy decides a line."""
        matter = self.made.decision.frame.matter
        kinds = {output.name: output.type.name for output in matter.outputs}
        return {
            name: _shown(value, kinds.get(name, ""))
            for name, value in self.made.decision.values.items()
        }

    def __getitem__(self, name: str) -> Any:
        codes = {output.code: output.name for output in self.made.decision.frame.matter.outputs}
        return self.values[codes.get(name, name)]

    @cached_property
    def explanation(self) -> Explanation:
        """Every step with its value, inputs, rule and words: a closed set of frozen records."""
        import tiaowen
        from tiaowen.engine.telling.explain import explain

        return explain(self.made.decision, engine=tiaowen.__version__)

    def to_text(self, lang: Lang = "zh", width: int = 100) -> str:
        from tiaowen.review.present.text import render_text

        return render_text(self.explanation, self.problems, lang, False, width, **self._shared())

    def to_markdown(self, lang: Lang = "zh") -> str:
        from tiaowen.review.present.markdown import render_markdown

        return render_markdown(self.explanation, self.problems, lang, **self._shared())

    def to_html(self, lang: Lang = "zh") -> str:
        """One page that fetches nothing."""
        from tiaowen.review.present.html import render_html

        return render_html(self.explanation, self.problems, lang, **self._shared())

    def to_json(self) -> dict[str, Any]:
        """The decision file that ``tiaowen replay`` reads."""
        from tiaowen.engine.claims.reading import claim_data
        from tiaowen.engine.history.data import history_data
        from tiaowen.engine.telling.as_json import decision_data

        claim = claim_data(self.made.decision.frame.claim, self.program)
        return decision_data(self.explanation, claim=claim,
                             history=history_data(self.items, self.program),
                             readings=self.readings, parameters=self.parameters,
                             problems=self.problems)  # fmt: skip

    def _shared(self) -> dict[str, Any]:
        return {"claim": self.made.decision.frame.claim, "program": self.program}

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        """In a notebook: the page in a frame of its own, so that neither's style reaches the
        other."""
        page = escape(self.to_html(), quote=True)
        return f'<iframe srcdoc="{page}" sandbox style="width:100%;height:32em;border:0"></iframe>'


def _data(given: Any) -> Any:
    """What a file or Python values say, read as strictly as the command line reads JSON."""
    from tiaowen.engine.claims.json_text import MOST_BYTES, read_json

    if isinstance(given, str | PathLike):
        from tiaowen.apps.files import read_bytes

        return read_json(read_bytes(str(given), most=MOST_BYTES), str(given))
    written = json.dumps(given, ensure_ascii=False, default=_written)
    return read_json(written.encode(), "<python>")


def _written(value: Any) -> str:
    """A Python value in a claim, as a claim writes it."""
    if isinstance(value, Decimal | date) and not isinstance(value, datetime):
        return str(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
    raise TypeError(f"{value!r} has no place in a claim")


def _shown(value: Value | None, kind: str) -> Any:
    if kind == ty.MONEY.name and isinstance(value, int | Fraction):
        return Decimal(int(value)).scaleb(-2)
    return value


__all__ = ["Decision", "Policy", "Settled", "compile", "load", "load_for"]
