"""From an explanation to the report that every renderer lays out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import evolve

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang, help, message
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling import explanation as x
from tiaowen.review.present.fee_lines import line_tables, ranges
from tiaowen.review.present.formulas import decisive
from tiaowen.review.present.model import Cited, Item, Report, Section, StatementRow
from tiaowen.review.present.tree import Teller
from tiaowen.review.present.words import Labels, Words, labels_in, labels_of

Lines = Literal["table", "all"]


def build(explanation: x.Explanation, problems: Sequence[Diagnostic], lang: Lang, *,
          claim: Claim | None = None, program: Program | None = None, why_not: bool = False,
          lines: Lines = "table") -> Report:  # fmt: skip
    """The report of a decision.

    ``claim`` gives the facts and the names of the fee lines, ``program`` the English names of
    fields and codes; without them the facts are those the decision drew on, and names without
    a label of their own are Chinese. ``why_not`` adds the rules that did not apply.
    """
    words = Words(lang, _labels(explanation, program))
    teller = Teller(explanation, words)
    steps = teller.statement()
    tables = line_tables(teller, claim, lines == "all")
    rest = teller.rest()
    identity = explanation.policy
    unruled = _unruled(explanation, program)
    return Report(
        words("title"), identity.title, tuple(_head(explanation, words)),
        tuple(_facts(explanation, claim, words)),
        tuple(_row(line, line.name in unruled or not problems, teller)
              for line in explanation.statement),
        steps if explanation.statement else rest,
        rest if explanation.statement else (), _zeros(teller), tables,
        tuple(s for s in _sections(explanation, teller, why_not) if s.items),
        tuple(_problems(problems, lang)), words("stopped") if problems else "",
        _foot(explanation, words),
    )  # fmt: skip


def _labels(explanation: x.Explanation, program: Program | None) -> Labels:
    own = labels_in(explanation)
    if program is None:
        return own
    declared = labels_of(program)
    return evolve(declared, names={**declared.names, **own.names})


def _head(explanation: x.Explanation, words: Words) -> Iterator[tuple[str, str]]:
    identity = explanation.policy
    if identity.document_number:
        yield words("number"), identity.document_number
    if not identity.in_force:
        yield words("state"), words("draft")
    else:
        until = words("comma") + words("expires", identity.expires) if identity.expires else ""
        yield words("state"), words("in_force", identity.in_force) + until
    yield words("matter"), words.name(explanation.matter)


def _facts(
    explanation: x.Explanation, claim: Claim | None, words: Words
) -> Iterator[tuple[str, str]]:
    types = {**_types(explanation), **words.labels.types}
    facts = claim.fields if claim is not None else explanation.facts
    order = {name: n for n, name in enumerate(words.labels.types)}
    for name in sorted(facts, key=lambda n: order.get(n, len(order))):
        if facts[name] != "":
            yield words.name(name), words.value(facts[name], types.get(name, ""))


def _types(explanation: x.Explanation) -> dict[str, str]:
    """What the calculations say of the types of the facts they read."""
    found: dict[str, str] = {}

    def look(term: x.Term) -> None:
        if term.form in ("input", "default"):
            found[term.name] = term.type
        for inner in term.terms:
            look(inner)

    for step in explanation.steps:
        look(step.term)
    for skipped in explanation.skipped:
        look(skipped.condition)
    return found


def _unruled(explanation: x.Explanation, program: Program | None) -> set[str]:
    """The lines of the statement that the policy has no rule for, as far as ``program`` tells."""
    matter = program.matters.get(explanation.matter) if program is not None else None
    return {o.name for o in matter.outputs if o.node is None} if matter is not None else set()


def _row(line: x.StatementLine, unruled: bool, teller: Teller) -> StatementRow:
    words = teller.words
    name = words.name(line.name)
    if line.value is not None:
        value = words.value(line.value, line.type, line.name)
        step = "" if any(zero.id == line.step for zero in teller.zeros) else line.step
        return StatementRow(name, value, "", step, bool(line.fund))
    if unruled:
        return StatementRow(name, words("none"), words("not_ruled"))
    return StatementRow(name, "—", words("not_found"))


def _problems(problems: Sequence[Diagnostic], lang: Lang) -> Iterator[Item]:
    for problem in problems:
        cited = Cited(problem.article, False) if problem.article else None
        yield Item(f"{problem.code} {message(problem, lang)}", help(problem, lang), cited, "bad")


def _zeros(teller: Teller) -> Item | None:
    if not teller.zeros:
        return None
    words = teller.words
    names = words("list").join(words.name(s.quantity) for s in teller.zeros)
    value = words.value(teller.zeros[0].value, "金额")
    return Item(names, words("zeros", value), teller.cited(teller.zeros[0].citation))


def _foot(explanation: x.Explanation, words: Words) -> str:
    digest = explanation.policy.digest[:16]
    if not explanation.engine:
        return words("foot_digest", digest)
    return words("foot", explanation.engine, digest)


# --- lists


def _sections(explanation: x.Explanation, teller: Teller, why_not: bool) -> Iterator[Section]:
    words = teller.words
    yield Section(words("refusals"), tuple(_refusals(explanation, teller)))
    yield Section(words("notices"), tuple(_notices(explanation, teller)))
    yield Section(words("readings"), tuple(
        Item(words("separator").join((words.name(r.name), words.name(r.choice))),
             words("default_reading" if r.default else "chosen_reading"), teller.cited(r.citation))
        for r in explanation.readings))  # fmt: skip
    yield Section(words("parameters"), tuple(
        Item(f"{words.name(p.name)} = {words.value(p.value, p.type)}",
             words("not_its_figure", p.source or words("no_source")), teller.cited(p.citation))
        for p in explanation.parameters))  # fmt: skip
    yield Section(words("defaults"), tuple(_defaults(explanation, words)))
    if why_not:
        yield Section(words("skipped"), tuple(_skipped(explanation, teller)))


def _defaults(explanation: x.Explanation, words: Words) -> Iterator[Item]:
    """The facts not given, together where they are of one kind and taken as the same."""
    if any(step.term.form == "given" and step.term.name == "billed" for step in explanation.steps):
        yield Item(words("ordinary_lines"))
    types = {**_types(explanation), **words.labels.types}
    found: dict[tuple[str, str], list[str]] = {}
    for name, value in explanation.defaults.items():
        level, _, field = name.rpartition(".")
        said = words.value(value, types.get(field, ""))
        found.setdefault((level, said), []).append(words.name(field))
    for (level, said), names in found.items():
        listed = words("list").join(names)
        yield Item(
            words("taken_as_lines", words.name(level), listed, said)
            if level
            else words("taken_as", listed, said)
        )


def _skipped(explanation: x.Explanation, teller: Teller) -> Iterator[Item]:
    """Each rule that did not apply, once for all the fee lines it was looked at for."""
    words = teller.words
    found: dict[tuple[str, str, str], tuple[x.Skipped, list[int]]] = {}
    for skipped in explanation.skipped:
        why = words("did_not_hold", decisive(skipped.condition, words))
        line = _LINE.search(skipped.where)
        place = skipped.where[: line.start()].removesuffix(" · ") if line else skipped.where
        key = (_rule_line(skipped), place, why)
        lines = found.setdefault(key, (skipped, []))[1]
        if line:
            lines.append(int(line[1]))
    for (rule, place, why), (skipped, lines) in found.items():
        where = [words.place(place)] if place else []
        where += [ranges(words, lines)] if lines else []
        named = f"{rule}（{words('comma').join(where)}）" if where else rule
        yield Item(named, why, teller.cited(skipped.citation))


_LINE = re.compile(r"[^ ·]+\[(\d+)\]$")
_CLAUSES = re.compile(r"\s+(?:句|依据|后于|英文|推导|basis|sentence|after|label)\s.*$")


def _rule_line(skipped: x.Skipped) -> str:
    """The rule as written, without what it cites."""
    first = skipped.citation.rule.strip().split("\n", 1)[0]
    return _CLAUSES.sub("", first) or skipped.quantity


def _refusals(explanation: x.Explanation, teller: Teller) -> Iterator[Item]:
    """Each ground once, with the lines it meets and what they come to."""
    words = teller.words
    found: dict[tuple[str, str], list[x.RefusedItem]] = {}
    for refusal in explanation.refusals:
        found.setdefault((refusal.reason, refusal.citation.source), []).append(refusal)
    for (reason, _), items in found.items():
        lines = [str(r.index + 1) for r in items if r.index is not None]
        amounts = [r.amount for r in items if isinstance(r.amount, int)]
        details = [words("line", words("list").join(lines)) if lines else words("claim")]
        if amounts:
            details.append(words.value(sum(amounts), "金额"))
        yield Item(reason, words("comma").join(details), teller.cited(items[0].citation), "bad")


def _notices(explanation: x.Explanation, teller: Teller) -> Iterator[Item]:
    words = teller.words
    state = {True: ("kept", "good"), False: ("broken", "bad"), None: ("untold", "")}
    for notice in explanation.notices:
        key, mark = state[notice.kept]
        text = notice.text if notice.kept is False else duty_asked(notice)
        yield Item(text, words(key), teller.cited(notice.citation), mark)


def duty_asked(notice: x.DutyNotice) -> str:
    """What a duty asks for, as the rule says it; its text says what is wrong where it is not."""
    found = _DUTY.search(notice.citation.rule)
    return " ".join(found[1].split()) if found else notice.text


_DUTY = re.compile(r"^(?:须|須|must)\s+(.+?)\s+(?:否则|否則|else)\b", re.DOTALL)
