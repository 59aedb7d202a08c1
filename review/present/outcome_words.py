"""How relative claims and what they show are said, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.values import format_money
from tiaowen.dsl.catalogue import Lang
from tiaowen.engine.claims.roles import named
from tiaowen.review.difference.outcomes.merging import merged
from tiaowen.review.difference.outcomes.records import (
    Cause,
    Compared,
    Facts,
    Level,
    Outcomes,
    Person,
    Point,
    Situation,
    Stretch,
    Whose,
)
from tiaowen.review.difference.outcomes.relative import KINDS, PLACES
from tiaowen.review.difference.records import Side
from tiaowen.review.present.outcome_said import SAID
from tiaowen.review.present.words import Words, labels_of


@frozen
class OutcomeWords(Words):
    """Says relative claims. ``sides`` are the short names of both policies."""

    sides: tuple[str, str] = ("A", "B")
    programs: tuple[Program, ...] = ()

    def say(self, key: str, *values: object) -> str:
        return SAID[key][0 if self.chinese else 1].format(*values)

    def join(self, parts: Sequence[str]) -> str:
        return self("list").join(parts)

    def side(self, whose: Whose) -> str:
        return self.sides[0 if whose == "first" else 1]

    def other(self, whose: Whose) -> str:
        return self.sides[1 if whose == "first" else 0]

    def money(self, fen: int) -> str:
        """An amount, without .00 where it is whole."""
        return format_money(fen, self.lang, short=True)

    # --- relative claims

    def level(self, level: Level) -> str:
        """By the name of a step of either scale that holds just these grades, else the grades."""
        for program in self.programs:
            for enum in program.enums.values():
                if enum.kind != "scale" and set(enum.codes) == set(level.grades):
                    return self.say("any_level")
                for step, members in enum.groups.items() if enum.kind == "scale" else ():
                    if members - {step} == frozenset(level.grades):
                        return self.name(step)
        return self.apart([self.name(g) for g in level.grades])

    def apart(self, names: Sequence[str]) -> str:
        """Names in a row, told apart also where they hold commas themselves."""
        return self.join(names) if self.chinese else " / ".join(names)

    def person(self, person: Person) -> str:
        return self._aged(person) + self._own(person)

    def _own(self, person: Person) -> str:
        """What only one policy distinguishes of a person, or both alike."""
        if person.first == person.second:
            return self.bracketed(self.facts(person.first))
        parts = [
            self.say("of_side", side, self.facts(facts))
            for side, facts in zip(self.sides, (person.first, person.second), strict=True) if facts
        ]  # fmt: skip
        return self.bracketed(self.join(parts))

    def bracketed(self, text: str) -> str:
        """``text`` in the brackets of the language, with what goes before them."""
        if not text:
            return ""
        return f"（{text}）" if self.chinese else f" ({text})"

    def persons(self, group: Sequence[Person], everyone: frozenset[str]) -> str:
        """Persons with equal results; ``everyone`` are the kinds that were compared at all."""
        own = list(dict.fromkeys(self._own(p).strip() for p in group))
        kinds = list(dict.fromkeys(
            k for p in group for k in (self._aged(p), *map(self.kind, p.alike))
        ))  # fmt: skip
        known = {k for p in group for k in (p.kind, *p.alike)}
        whole = known == everyone
        plain = all(p.age == KINDS[p.kind].age for p in group)
        only = "".join(own if len(own) == 1 else ())
        if whole and plain:
            return only.strip("（）()") or self.say("everyone")
        return self.join(kinds) + (only if self.chinese or not only else f" {only}")

    def _aged(self, person: Person) -> str:
        kind = self.kind(person.kind)
        if person.age == KINDS[person.kind].age:
            return kind
        return self.say("age", kind, person.age)

    def kind(self, kind: str) -> str:
        return KINDS[kind].chinese if self.chinese else KINDS[kind].english

    def facts(self, facts: Facts) -> str:
        """The values alone where they are names (一档), else with the field."""
        return self.join([
            self.name(v) if isinstance(v, str) else f"{self.name(n)} = {self.value(v, '')}"
            for n, v in facts
        ])  # fmt: skip

    def place(self, where: str) -> str:
        found = PLACES.get(where)
        if found is None:
            return self.division(where) if where.isdigit() else super().place(where)
        return found.chinese if self.chinese else found.english

    def levels(self, group: Sequence[Level], every: int) -> str:
        """Levels with equal results, where ``every`` are compared."""
        if len(group) == every > 1:
            return self.say("any_level")
        return self.apart([self.level(level) for level in group])

    def places(self, group: Sequence[str], everywhere: int) -> str:
        """Places with equal results, where ``everywhere`` are compared."""
        if len(group) == everywhere > 1:
            return self.say("everywhere")
        return self.apart([self.place(p) for p in group])

    def division(self, code: str) -> str:
        """A division by the name that the vocabulary gives it, else its code."""
        for program in self.programs:
            field = named(program.fields, "insuplc_admdvs")
            enum = program.enums.get(program.fields[field].type.name) if field else None
            fitting = [(len(c), n) for n, c in (enum.codes.items() if enum else ())
                       if code.startswith(c.rstrip("*"))]  # fmt: skip
            if fitting:
                return self.name(max(fitting)[1])
        return code

    def insurance(self, code: str) -> str:
        """A kind of insurance by its national code."""
        for program in self.programs:
            field = named(program.fields, "insutype")
            enum = program.enums.get(program.fields[field].type.name) if field else None
            for name, own in enum.codes.items() if enum else ():
                if own == code:
                    return self.name(name)
        return code

    def fact(self, situation: Situation) -> str:
        if situation.fact is None:
            return ""
        name, value = situation.fact
        said = self.name(value) if isinstance(value, str) else self.value(value, "是否")
        return f"{self.name(name)} = {said}"

    def situation(self, situation: Situation, exact: bool = False) -> str:
        """The claim in words; ``exact`` names the very grade."""
        level = situation.level
        grade = self.name(level.grade) if exact else self.level(level)
        parts = [self.say("hospital", grade), self.person(situation.person),
                 self.place(situation.place), self.fact(situation)]  # fmt: skip
        return self("comma").join(filter(None, parts))

    # --- what differs

    def cause(self, cause: Cause) -> str:
        """What differs, with the articles of both sides."""
        if not cause.quantity:
            whose = self.sides[0 if cause.first or not cause.second else 1]
            return self.say("cause_refused", whose)
        if cause.first and cause.second:
            said = self("comma").join(
                self.say("by_side", side, self.join(articles))
                for side, articles in zip(self.sides, (cause.first, cause.second), strict=True)
            )
            return self.say("cause", self.name(cause.quantity), said)
        one = 0 if cause.first else 1
        only = self.say("only", self.sides[one])
        only = self.say("by_side", only, self.join(cause.first or cause.second))
        return self.say("cause", self.name(cause.quantity), only)

    def stretch(self, stretch: Stretch, last: bool) -> str:
        """A range of cost with who pays more there; its ends in whole yuan."""
        low, high = (self.money(round(amount, -2)) for amount in (stretch.low, stretch.high))
        low_alone = low.removesuffix("元").removesuffix(" yuan")
        if stretch.low == 0:
            over = self.say("up_to", high)
        else:
            over = self.say("on", low) if last else self.say("range", low_alone, high)
        if not stretch.more:
            return self.say("of_range", over, self.say("same"))
        most = self.bracketed(self.say("most", self.money(abs(stretch.most.gap or 0))))
        return self.say("of_range", over, self.say("more", self.side(stretch.more)) + most)

    def stretches(self, compared: Compared) -> tuple[str, ...]:
        """The ranges of a situation, or who does not settle it."""
        if len(compared.refused) == 2:
            return (self.say("both_refuse"),)
        if compared.refused:
            return (self.say("refuses", self.side(compared.refused[0].whose)),)
        told = self.told_stretches(compared)
        if not told:
            return (self.say("same"),)
        return tuple(self.stretch(s, s is compared.stretches[-1]) for s in told)

    def told_stretches(self, compared: Compared) -> tuple[Stretch, ...]:
        """The ranges that are worth telling; none where both pay the same throughout."""
        if all(not s.more for s in compared.stretches):
            return ()
        return tuple(s for s in compared.stretches if _worth_telling(s))

    def most(self, outcomes: Outcomes, whose: Whose) -> str:
        """The largest difference in one side's favour, as a sentence."""
        found = home_largest(outcomes, whose) or outcomes.largest(whose)
        if found is None:
            return self.say("summary_never", self.side(whose))
        compared, point = found
        paid = (point.first, point.second) if whose == "first" else (point.second, point.first)
        return self.say(
            "summary_most", self.side(whose), self.situation(compared.situation),
            self.money(point.amount), self.money(paid[0] or 0), self.other(whose),
            self.money(paid[1] or 0), self.money(abs(point.gap or 0)),
        )  # fmt: skip


WORTH = 1000
"""分: a range over which both pay the same is told if it is wider, 10 yuan; one over which they
differ, if it is wider than a tenth of that or the difference larger."""


def _worth_telling(stretch: Stretch) -> bool:
    wide = stretch.high - stretch.low
    if not stretch.more:
        return wide >= WORTH
    return max(wide, abs(stretch.most.gap or 0)) >= WORTH // 10


def home_largest(outcomes: Outcomes, whose: Whose) -> tuple[Compared, Point] | None:
    """The largest difference among relative places; a division that one policy names apart is a
    matter of its own and is not the first thing to say."""
    found = [
        (one, point) for one in outcomes.compared
        if one.situation.place in PLACES and (point := one.largest(whose)) is not None
    ]  # fmt: skip
    return max(found, key=lambda pair: abs(pair[1].gap or 0), default=None)


def person_names(found: Outcomes, words: OutcomeWords) -> tuple[str, ...]:
    """What heads the columns of persons whose results are equal."""
    persons = {compared.situation.person for compared in found.compared}
    everyone = frozenset(kind for p in persons for kind in (p.kind, *p.alike))
    return tuple(words.persons(group, everyone) for group in merged(found.compared).columns)


def words_of(first: Side, second: Side, lang: Lang) -> OutcomeWords:
    """The words for comparing two policies: labels of both, short names of either."""
    labels = [labels_of(side.program) for side in (second, first)]
    joined = evolve(
        labels[1],
        names={**labels[0].names, **labels[1].names},
        prefixes={**labels[0].prefixes, **labels[1].prefixes},
        types={**labels[0].types, **labels[1].types},
    )
    programs = (first.program, second.program)
    plain = OutcomeWords(lang, joined, ("", ""), programs)
    return evolve(plain, sides=short_names(first, second, plain))


def short_names(first: Side, second: Side, words: OutcomeWords) -> tuple[str, str]:
    """What columns call the two policies: their cities; of one city the kind of insurance or the
    years; else A and B."""
    identities = (first.program.identity, second.program.identity)
    cities = [words.division(i.region) for i in identities]
    if cities[0] != cities[1]:
        return cities[0], cities[1]
    years = [str(i.in_force.year) if i.in_force else "" for i in identities]
    if all(years) and years[0] != years[1]:
        return f"{cities[0]} {years[0]}", f"{cities[1]} {years[1]}"
    if identities[0].title != identities[1].title or identities[0].digest != identities[1].digest:
        return words.say("base"), words.say("amended")
    return "A", "B"
