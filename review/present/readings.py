"""The comparison of readings as a page and as data: what each reading moves, then the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from tiaowen.compiler.core import Output, Program, Value
from tiaowen.dsl.catalogue import Lang, message
from tiaowen.engine.telling.as_json import value_data
from tiaowen.review.present.page import Block, Heading, Page, Point, Points, Prose, Table
from tiaowen.review.present.words import Words, labels_of
from tiaowen.review.readings_compared import Choices, Comparison, Effect, Outcome

FORMAT = "tiaowen readings"
SIDE_BY_SIDE = 4
"""Combinations up to which each is a column, not a row."""

PERSON = "psn_part_amt"
"""The line that says what is left to the person; shown whether it moves or not."""

_SAID: Mapping[str, tuple[str, str]] = {
    "title": ("各种口径下的结算 《{0}》 {1}", "Settled under every reading 《{0}》 {1}"),
    "fixed": ("已选定的口径：{0}", "Readings held fixed: {0}"),
    "effects": ("各口径的影响", "What each reading moves"),
    "effects_note": ("其余口径取默认", "all other readings at their defaults"),
    "table": ("每种组合的结果（{0}种）", "The result of each combination ({0})"),
    "number": ("序号", "no."),
    "default": ("{0}（默认）", "{0} (default)"),
    "chosen": ("{0} = {1}，不取默认的{2}", "{0} = {1} instead of {2}"),
    "alongside": ("{0}，同时 {1}", "{0}, together with {1}"),
    "stopped": ("未能算出：{0}", "not worked out: {0}"),
    "decided": ("能够算出", "can be worked out"),
    "refusals": ("不予支付的理由或项目不同", "the grounds of exclusion, or their lines, differ"),
    "notices": ("手续与时限的判断不同", "duties and time limits come out otherwise"),
    "undecided": ("既往不能结算的次数 {0} → {1}",
                  "earlier claims that cannot be decided {0} → {1}"),
    "none": ("没有一个口径会改变这份数据的结果。", "No reading changes the result of this claim."),
    "without": ("用到而不改变结果的口径", "Readings asked for that change nothing"),
    "cut": ("组合太多，只组合了单独就会改变结果的口径；其余口径取默认，"
            "两个以上一起才有的影响可能没有列出。",
            "There are too many combinations: only readings that change the result by themselves "
            "are combined, all others are at their defaults; what takes two or more of these "
            "together may not be listed."),
    "not_combined": ("组合太多，没有列出组合；上面是各口径单独的影响。"
                     "可用 --reading 选定一些口径再比较。",
                     "There are too many combinations to list; above is what each reading moves by "
                     "itself. Choose some with --reading and compare again."),
}  # fmt: skip


@frozen
class _Said(Words):
    """The words of this page besides those of decisions."""

    def say(self, key: str, *values: object) -> str:
        return _SAID[key][0 if self.chinese else 1].format(*values)


def readings_page(found: Comparison, program: Program, matter: str, lang: Lang) -> Page:
    """The page of ``found``, of a claim of ``matter`` under ``program``."""
    said = _Said(lang, labels_of(program))
    title = said.say("title", program.identity.title, said.name(matter))
    return Page(title, tuple(_blocks(found, said)))


def _blocks(found: Comparison, said: _Said) -> Iterator[Block]:
    if found.fixed:
        yield Prose(said.say("fixed", _choices(tuple(found.fixed.items()), said)))
    if found.effects:
        yield Heading(said.say("effects"))
        yield Prose(said.say("effects_note"))
        yield Points(tuple(_effect(effect, found, said) for effect in found.effects))
    else:
        yield Prose(said.say("none"), strong=True)
    if not found.complete:
        combined = len(found.combinations) > 1
        yield Prose(said.say("cut" if combined else "not_combined"), strong=True)
    if found.effects:
        yield Heading(said.say("table", len(found.combinations)))
    endings = {combination.outcome.stops for combination in found.combinations}
    if len(endings) == 1 and found.default.stops:
        yield Prose(_ending(found.default, said), strong=True)
    yield _table(found, said, len(endings) > 1)
    if found.without_effect:
        yield Heading(said.say("without"))
        yield Points(tuple(
            Point(f"{said.name(r.name)}{said('separator')}"
                  + " | ".join(_choice(r.default, c, said) for c in r.choices), r.rule.article)
            for r in found.without_effect))  # fmt: skip


# --- effects


def _effect(effect: Effect, found: Comparison, said: _Said) -> Point:
    info = next(r for r in found.readings if r.name == effect.reading)
    text = said.say("chosen", *map(said.name, (info.name, effect.choice, info.default)))
    if effect.alongside:
        text = said.say("alongside", text, _choices(effect.alongside, said))
    below = tuple(Point(line) for line in _moves(effect.before, effect.after, found, said))
    return Point(text, info.rule.article, below)


def _moves(before: Outcome, after: Outcome, found: Comparison, said: _Said) -> Iterator[str]:
    """Each difference of two outcomes in words."""
    if before.stops != after.stops:
        yield f"{_ending(before, said)} → {_ending(after, said)}"
    for output in found.outputs:
        old, new = before.values.get(output.name), after.values.get(output.name)
        if old != new:
            shown = f"{_value(old, output, said)} → {_value(new, output, said)}"
            name, by = said.name(output.name), _difference(old, new, output, said)
            yield f"{name}{said('separator')}{shown}{by}"
    if before.refusals != after.refusals:
        yield said.say("refusals")
    if before.notices != after.notices:
        yield said.say("notices")
    if before.undecided != after.undecided:
        yield said.say("undecided", before.undecided, after.undecided)


def _ending(outcome: Outcome, said: _Said) -> str:
    if not outcome.problems:
        return said.say("decided")
    return said.say("stopped", said("semicolon").join(
        message(p, said.lang) for p in outcome.problems))  # fmt: skip


def _difference(old: Value | None, new: Value | None, output: Output, said: _Said) -> str:
    """By how much a figure moved, '' for what is no figure."""
    if not isinstance(old, int | Fraction) or not isinstance(new, int | Fraction):
        return ""
    if isinstance(old, bool) or isinstance(new, bool):
        return ""
    by = Fraction(new) - Fraction(old)
    kind = "百分点" if output.type.name == "比例" else output.type.name
    shown = said.value(abs(by), kind, output.name)
    return f"（{'+' if by > 0 else '−'}{shown}）" if said.chinese else (
        f" ({'+' if by > 0 else '−'}{shown})")  # fmt: skip


def _value(value: Value | None, output: Output, said: _Said) -> str:
    return "—" if value is None else said.value(value, output.type.name, output.name)


def _choices(choices: Choices, said: _Said) -> str:
    return said("list").join(f"{said.name(n)} = {said.name(c)}" for n, c in choices)


def _choice(default: str, choice: str, said: _Said) -> str:
    name = said.name(choice)
    return said.say("default", name) if choice == default else name


# --- the table


def _table(found: Comparison, said: _Said, stops: bool) -> Table:
    """A row for each combination: its choices, then the lines of money that count, those that
    move and, with ``stops``, what stops it."""
    shown = [o for o in found.outputs if o in found.moved or _counts(o, found)]
    combined = {name: None for c in found.combinations for name, _ in c.choices}
    infos = [r for r in found.readings if r.name in combined]
    rows = []
    for number, combination in enumerate(found.combinations, 1):
        chosen = dict(combination.choices)
        choices = [_choice(r.default, chosen[r.name], said) if r.name in chosen else "—"
                   for r in infos]  # fmt: skip
        values = [_value(combination.outcome.values.get(o.name), o, said) for o in shown]
        ending = [_ending(combination.outcome, said)] if stops else []
        rows.append((str(number), *choices, *values, *ending))
    head = (said.say("number"), *(said.name(r.name) for r in infos),
            *(said.name(o.name) for o in shown), *([""] if stops else []))  # fmt: skip
    if len(rows) <= SIDE_BY_SIDE:
        return _turned(head, rows)
    first = 1 + len(infos)
    return Table(head, tuple(rows), frozenset((0, *range(first, first + len(shown)))))


def _turned(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """A few combinations beside one another: long names then do not widen the table."""
    turned = tuple(zip(head, *rows, strict=True))
    return Table(turned[0], turned[1:], frozenset(range(1, len(rows) + 1)))


def _counts(output: Output, found: Comparison) -> bool:
    """Whether a line is a payment that is made or what the person bears."""
    paid = bool(output.fund) and bool(found.default.values.get(output.name))
    return output.code == PERSON or paid


# --- data


def readings_data(found: Comparison, program: Program, matter: str) -> dict[str, Any]:
    """The comparison as JSON data: values as decision files have them, names as in the policy."""
    identity = program.identity
    declared = [*found.readings, *found.without_effect]
    return {
        "format": FORMAT,
        "version": 1,
        "policy": {"title": identity.title, "digest": identity.digest},
        "matter": matter,
        "fixed": dict(found.fixed),
        "readings": [
            {"name": r.name, "english": r.english, "choices": list(r.choices),
             "default": r.default, "article": r.rule.article,
             "effective": r in found.readings}
            for r in declared
        ],
        "complete": found.complete,
        "combinations": [
            {"readings": dict(c.choices), **_outcome_data(c.outcome)} for c in found.combinations
        ],
        "effects": [
            {
                "reading": effect.reading,
                "choice": effect.choice,
                "alongside": dict(effect.alongside),
                "before": _outcome_data(effect.before),
                "after": _outcome_data(effect.after),
            }
            for effect in found.effects
        ],
    }  # fmt: skip


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "statement": {name: value_data(value) for name, value in outcome.values.items()},
        "problems": [problem.code for problem in outcome.problems],
        "refusals": [{"reason": reason, "index": index} for reason, index in outcome.refusals],
        "notices": [{"text": text, "kept": kept} for text, kept in outcome.notices],
    }
