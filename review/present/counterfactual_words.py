"""How a change of fact reads, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod

from attrs import frozen

from tiaowen.compiler.core import FieldInfo, Program, Value
from tiaowen.dsl.catalogue import Lang
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.review.alternatives import Added, Alternative, Change, LeftOut, Place, Setting
from tiaowen.review.alternatives.standing import standings
from tiaowen.review.counterfactual.model import Changes, Gain, Measure
from tiaowen.review.present.reconciliation_words import Saying
from tiaowen.review.present.words import Words, labels_of

MOST_VALUES = 8
"""Values of one fact that are listed; the others are counted."""

SAID: Mapping[str, tuple[str, str]] = {
    "title": ("怎样的事实会改变结算 《{0}》 {1}",
              "Facts that would change the settlement 《{0}》 {1}"),
    "result": ("{0} {1}。", "{0}: {1}."),
    "how_read": ("以下各项，其余事实不变，只改变所说的事实，结果就会不同；"
                 "前面的数是对本人有利多少。能不能改变，要看有没有凭据。",
                 "Each entry changes the facts it names and nothing else; the figure before it is "
                 "what the person gains. Whether a fact can be shown to be so is for its papers."),
    "how_read_plain": ("以下各项，其余事实不变，只改变所说的事实，结果就会不同。"
                       "能不能改变，要看有没有凭据。",
                       "Each entry changes the facts it names and nothing else. Whether a fact can "
                       "be shown to be so is for its papers."),
    "better": ("对本人有利（{0}项）", "Better for the person ({0})"),
    "worse": ("对本人不利（{0}项）", "Worse for the person ({0})"),
    "more": ("还有{0}项没有列出，可用 --limit 多列。",
             "Not listed: {0} more; see --limit."),
    "worse_count": ("另有{0}项改变对本人不利，可用 --both 列出。",
                    "Changes that would make it worse: {0}; --both lists them."),
    "otherwise": ("另有{0}项改变只动结算单的其他行，{1}不变。",
                  "Changes that move other lines of the statement only: {0}; {1} stays."),
    "none": ("没有找到能够举证而对本人有利的事实。",
             "No fact that could be shown was found that would be better for the person."),
    "none_at_all": ("没有找到任何能够举证而会改变结果的事实。",
                    "No fact that could be shown was found that would change the result."),
    "stopped": ("这份数据没有结算出来：{0}", "The claim was not decided: {0}"),
    "decidable": ("这样就能够结算（{0}项）", "It would be decided with ({0})"),
    "undecidable": ("改变一两项事实都不能使它结算出来。",
                    "No change of one or two facts makes it decidable."),
    "both": ("{0}，并且{1}", "{0}, and {1}"),
    "apart": ("单独各为 {0}、{1}", "by themselves: {0}, {1}"),
    "nothing": ("不变", "nothing"),
    "undecided": ("不能结算", "not decided"),
    "to": ("{0} {1} → {2}", "{0}: {1} → {2}"),
    "becomes": ("{0} {1}", "{0}: {1}"),
    "not_given": ("未填", "not given"),
    "taken_as": ("未填（视为{0}）", "not given (taken as {0})"),
    "others": ("等{0}个", " and {0} more"),
    "as_well": ("（另有{0}种取值结果相同）", " (the same with {0} other values)"),
    "event": ("{0}（{1}）", "{0} ({1})"),
    "elsewhere": ("（{0}同样改变，各得同样结果）", " (the same change of {0} gives the same each)"),
    "line": ("第{0}项", "line {0}"),
    "lines": ("第{0}项", "lines {0}"),
    "left_out": ("没有既往的{0}", "without the earlier {0}"),
    "added": ("另有既往的{0}", "with an earlier {0} besides"),
    "or": ("或", " or "),
    "is": ("{0} = {1}", "{0} = {1}"),
    "stays": ("{0}仍为 {1}", "{0} stays {1}"),
    "at": ("{0}（{1}）", "{0} ({1})"),
    "gone": ("，不再适用{0}", ", {0} no longer applies"),
    "unchanged_facts": ("用到而没有考虑改变的事实", "Facts looked at that were left as they are"),
    "certain": ("当作确定的事实：{0}", "Facts held to be certain: {0}"),
    "aside": ("试过而得不出结果的改变", "Changes that were tried and give no result"),
    "times": ("{0}项：{1}", "{0}: {1}"),
    "searched": ("逐项试了{0}种改变，其中{1}种不影响结果；又把其中的{2}对放在一起试过。",
                 "Tried: {0} changes one by one, {1} of them without effect; and {2} pairs."),
    "not_paired": ("逐项试了{0}种改变，其中{1}种不影响结果；没有成对地试。",
                   "Tried: {0} changes one by one, {1} of them without effect; no pairs."),
    "pairs_left": ("还有{0}对没有试（先试的是一项使另一项起作用的）。",
                   "Pairs not tried: {0} (those where one makes the other count came first)."),
    "bounds": ("两条明细的改变没有放在一起试，三项以上的改变也没有试。",
               "Changes of two different fee lines were not tried together, nor three at once."),
    "chart": ("{0}：每项改变对本人有利多少（元）",
              "{0}: what the person gains by each change (yuan)"),
    "all_steps": ("全部变动的步骤（{0}）", "every step that changed ({0})"),
}  # fmt: skip


@frozen
class Telling:
    """Says changes of a claim of ``program`` in one language."""

    words: Words
    program: Program
    facts: Saying

    @classmethod
    def of(cls, program: Program, lang: Lang, items: Sequence[HistoryItem] = (),
           lines: Sequence[Mapping[str, Value]] = ()) -> Telling:  # fmt: skip
        words = Words(lang, labels_of(program))
        return cls(words, program, Saying.of(program, lang, items, lines))

    def say(self, key: str, *values: object) -> str:
        return SAID[key][0 if self.words.chinese else 1].format(*values)

    # --- changes

    def way(self, changes: Changes, alike: Iterable[Changes] = (),
            elsewhere: Iterable[Changes] = ()) -> str:  # fmt: skip
        """Changes with those that come to the same: "医院等级 二级甲等 → 一级甲等或无等级"."""
        same = list(alike)
        values, whole = _together([changes, *same])
        told = [self.change(change, values if whole else {}) for change in changes]
        text = told[0] if len(told) == 1 else self.say("both", *told)
        if same and not whole:
            text += self.say("as_well", len(same))
        numbers = [place.index + 1 for other in elsewhere for place in _touched(other)]
        if numbers:
            listed = self.words("list").join(map(str, numbers[:MOST_VALUES]))
            if len(numbers) > MOST_VALUES:
                count = len(numbers) if self.words.chinese else len(numbers) - MOST_VALUES
                listed += self.say("others", count)
            text += self.say("elsewhere", self.say("lines" if len(numbers) > 1 else "line", listed))
        return text

    def change(self, change: Alternative, values: Mapping[Place, Sequence[Value | None]]) -> str:
        """One change; ``values`` are all that each fact could be with the same result."""
        match change:
            case LeftOut(item=number):
                return self.say("left_out", self.facts.item(self.facts.items[number]))
            case Added(added=item):
                return self.say("added", self.facts.item(item))
            case Change(settings=settings, event=""):
                return self.words("semicolon").join(self._setting(s, values) for s in settings)
            case Change(settings=settings, event=name):
                event = standings(self.program).event(name)
                listed = [self.say("becomes", self.facts.fact(s.place), self._after(s, values))
                          for s in settings]  # fmt: skip
                called = event.zh if self.words.chinese else event.en
                return self.say("event", called, self.words("comma").join(listed))

    def _setting(self, setting: Setting, values: Mapping[Place, Sequence[Value | None]]) -> str:
        before = self.value(setting.place, setting.before)
        return self.say("to", self.facts.fact(setting.place), before, self._after(setting, values))

    def _after(self, setting: Setting, values: Mapping[Place, Sequence[Value | None]]) -> str:
        found = list(values.get(setting.place, [setting.after]))
        if len(found) > 1 and any(isinstance(v, date | int | Fraction) for v in found):
            nearest = self.value(setting.place, setting.after)
            return nearest + self.say("as_well", len(found) - 1)
        told = [self.value(setting.place, value) for value in found]
        if len(told) > MOST_VALUES:
            shown = self.words("list").join(told[:MOST_VALUES])
            count = len(told) if self.words.chinese else len(told) - MOST_VALUES
            return shown + self.say("others", count)
        if len(told) == 1:
            return told[0]
        if not self.words.chinese and any("," in name for name in told):
            return "; ".join(told[:-1]) + ";" + self.say("or") + told[-1]
        return self.words("list").join(told[:-1]) + self.say("or") + told[-1]

    def value(self, place: Place, value: Value | None) -> str:
        """The value of a fact, or what its absence means."""
        program = self.program
        fields: Mapping[str, FieldInfo] = program.fields
        if place.collection:
            fields = program.collections[place.collection].fields
        info = fields.get(place.field)
        kind = info.type.name if info is not None else "金额"
        if value is not None:
            return self.words.value(value, kind, place.field)
        if info is None or info.default is None or info.default == "":
            return self.say("not_given")
        return self.say("taken_as", self.words.value(info.default, kind, place.field))

    def brief(self, changes: Changes) -> str:
        """Changes in a few words: each fact with what it would be."""
        told = []
        for change in changes:
            if isinstance(change, Change) and change.event:
                event = standings(self.program).event(change.event)
                told.append(event.zh if self.words.chinese else event.en)
            elif isinstance(change, Change):
                told += [self._brief(setting) for setting in change.settings]
            else:
                told.append(self.change(change, {}))
        return " + ".join(told)

    def _brief(self, setting: Setting) -> str:
        place = setting.place
        name = self.words.name(place.field)
        if place.collection:
            line = self.say("line", place.index + 1)
            name = f"{line}{name}" if self.words.chinese else f"{line}: {name}"
        return f"{name} → {self.value(place, setting.after)}"

    # --- figures

    def measured(self, measure: Measure, value: Value | None) -> str:
        """A value of the line that results are compared by."""
        if value is None:
            return self.words("none")
        return self.words.value(value, measure.output.type.name, measure.output.name)

    def gain(self, measure: Measure, gain: Gain) -> str:
        """A gain with its sign; '' where the line is a yes or no."""
        kind = measure.output.type.name
        if kind == "是否":
            return ""
        kind = "百分点" if kind == "比例" else kind
        mark = "+" if gain >= 0 else "−"
        return mark + self.words.value(gain if gain >= 0 else -gain, kind)


def _touched(changes: Changes) -> list[Place]:
    """The fee lines' facts among those changed."""
    return [s.place for c in changes if isinstance(c, Change) for s in c.settings
            if s.place.collection][:1]  # fmt: skip


def _together(ways: Sequence[Changes]) -> tuple[dict[Place, list[Value | None]], bool]:
    """For each fact all the values it takes in ``ways``, and whether every combination of them
    is among ``ways``: then they can be said fact by fact."""
    found: dict[Place, dict[Value | None, None]] = {}
    for changes in ways:
        for change in changes:
            for setting in change.settings if isinstance(change, Change) else ():
                found.setdefault(setting.place, {})[setting.after] = None
    values = {place: list(known) for place, known in found.items()}
    return values, prod(map(len, values.values())) == len(ways)
