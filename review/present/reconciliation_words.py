"""What a cause of a wrong settlement is called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import frozen

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.core import Rule as CoreRule
from tiaowen.dsl.catalogue import Lang
from tiaowen.engine.claims.roles import Roles, named
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement
from tiaowen.review.alternatives.model import Change, Place, Setting
from tiaowen.review.alternatives.standing import standings
from tiaowen.review.present.words import Words, labels_of
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    SkippedRule,
    StatedFact,
    WrongFact,
    WrongRow,
)

MOST_VALUES = 5
"""Values of one fact that are listed; the others are counted."""

SAID: Mapping[str, tuple[str, str]] = {
    "fact": ("{0}按{1}结算，而数据是“{2}”", "{0} taken as {1}; the claim says “{2}”"),
    "fact_new": ("{0}按{1}结算，而数据没有填", "{0} taken as {1}; the claim does not give it"),
    "fact_gone": ("没有用上{0}（数据是“{1}”）", "{0} not taken into account (the claim: “{1}”)"),
    "others": ("另外{0}个值", "{0} other values"),
    "event": ("{0}：{1}", "{0}: {1}"),
    "stated": ("结算单自己写明 {0}", "the sheet itself says so: {0}"),
    "line": ("第{0}项{1}的{2}", "{2} of fee line {0}{1}"),
    "element": ("{0}第{1}项的{2}", "{2} of no. {1} of {0}"),
    "earlier": ("既往{0}的{1}", "{1} of {0}"),
    "reading": ("口径“{0}”取“{1}”，而不是“{2}”", "reading “{0}” taken as “{1}”, not “{2}”"),
    "missed": ("漏看了既往的{0}", "{0} was not looked at"),
    "missed_reversal": ("没有理会对结算{0}的撤销", "the reversal of settlement {0} was not heeded"),
    "added_stay": ("另计了一次既往记录里没有的{0}（如{1}出院，{2}）",
                   "an earlier {0} was counted that the history does not have (say discharged on "
                   "{1}, {2})"),
    "added_total": ("另计了既往记录里没有的本年待遇：{0}",
                    "benefits of this year were counted that the history does not have: {0}"),
    "times": ("{0}{1}次", "{1} × {0}"),
    "figure": ("参数“{0}”沿用旧值{1}，而不是{2}（{3}）",
               "parameter “{0}” at its earlier {1}, not {2} ({3})"),
    "figure_table": ("参数“{0}”沿用旧表（{1}）", "parameter “{0}” by its earlier table ({1})"),
    "figures": ("参数{0}都沿用旧值（{1}）", "parameters {0} all at their earlier values ({1})"),
    "figure_row": ("参数“{0}”看错了行：取“{1}”的{2}",
                   "parameter “{0}” read in another row: {2}, of “{1}”"),
    "version": ("按早先的版本结算：《{0}》{1}", "settled by an earlier version: 《{0}》{1}"),
    "row": ("“{0}”的表看错了行：取“{1}”，而不是“{2}”",
            "the table of “{0}” read at “{1}”, not at “{2}”"),
    "row_any": ("“{0}”的表看错了行：取“{1}”", "the table of “{0}” read at “{1}”"),
    "bands": ("“{0}”的分段比例看错了档：“{2}”按“{1}”算",
              "the bands of “{0}” mistaken: “{2}” at the ratio of “{1}”"),
    "definition": ("“{0}”用了另一条规则：{1}", "“{0}” by another of its rules: {1}"),
    "skipped": ("漏了规则：{0}", "a rule passed over: {0}"),
    "ground": ("没有理会不予支付的理由“{0}”", "the ground of exclusion “{0}” not heeded"),
    "settlement": ("结算{0}", "settlement {0}"),
    "claim": ("{0}（{1}）", "{0} ({1})"),
    "opening": ("{0}年期初累计", "the opening totals of {0}"),
    "nameless": ("没有编号", "without a number"),
}  # fmt: skip


@frozen
class Saying:
    """Says causes of ``program`` in one language."""

    words: Words
    program: Program
    items: tuple[HistoryItem, ...] = ()
    lines: Sequence[Mapping[str, Value]] = ()

    @classmethod
    def of(cls, program: Program, lang: Lang, items: Sequence[HistoryItem] = (),
           lines: Sequence[Mapping[str, Value]] = ()) -> Saying:  # fmt: skip
        return cls(Words(lang, labels_of(program)), program, tuple(items), lines)

    def say(self, key: str, *values: object) -> str:
        return SAID[key][0 if self.words.chinese else 1].format(*values)

    # --- causes

    def cause(self, cause: Cause) -> str:
        """What one cause supposes."""
        match cause:
            case StatedFact():
                return self.say("stated", self._change(cause.change))
            case WrongFact():
                return self._change(cause.change)
            case OtherReading():
                names = (cause.reading, cause.choice, cause.instead)
                return self.say("reading", *map(self.words.name, names))
            case MissedItem():
                return self._missed(cause.item)
            case AddedItem():
                return self._added(cause.item)
            case OtherFigure():
                return self._figure(cause)
            case OtherVersion():
                identity = cause.program.identity
                number = identity.document_number
                return self.say("version", identity.title, f"（{number}）" if number else "")
            case WrongRow():
                return self._row(cause)
            case SkippedRule():
                site = cause.site
                if site.kind == "ground":
                    return self.say("ground", site.reason)
                return self.say("skipped", site.rule.text if site.rule else site.quantity)

    def causes(self, causes: Sequence[Cause]) -> str:
        """Causes that set one fact to one value or another, or one cause."""
        first = causes[0]
        if len(causes) == 1 or not isinstance(first, WrongFact):
            return self.cause(first)
        (setting,) = first.change.settings
        after = [c.change.settings[0].after for c in causes if isinstance(c, WrongFact)]
        return self._setting(setting, after)

    def article(self, cause: Cause) -> str:
        """The article of the regulation that a cause is about, '' where it is about none."""
        rule: CoreRule | None = None
        match cause:
            case OtherReading():
                rule = self.program.readings[cause.reading].rule
            case OtherFigure():
                rule = self.program.parameters[next(iter(cause.values))].rule
            case WrongRow() | SkippedRule():
                rule = cause.site.rule
        return self.place_of(rule) if rule is not None else ""

    def place_of(self, rule: CoreRule) -> str:
        """The article of a rule, or the national order."""
        return rule.article or self.words("national")

    # --- facts

    def _change(self, change: Change) -> str:
        parts = self.words("semicolon").join(self._setting(s) for s in change.settings)
        if not change.event:
            return parts
        event = standings(self.program).event(change.event)
        return self.say("event", event.zh if self.words.chinese else event.en, parts)

    def _setting(self, setting: Setting, values: Sequence[Value | None] = ()) -> str:
        """A fact set to another value, or to any of ``values``."""
        where, kind = self.fact(setting.place), self._type(setting.place)
        name = setting.place.field
        if setting.after is None:
            return self.say("fact_gone", where, self.words.value(setting.before, kind, name))
        given = values or (setting.after,)
        shown = [f"“{self.words.value(value, kind, name)}”" for value in given]
        if len(shown) > MOST_VALUES:
            shown = [*shown[: MOST_VALUES - 1], self.say("others", len(shown) - MOST_VALUES + 1)]
        after = ("、" if self.words.chinese else " or ").join(shown)
        if setting.before is None:
            return self.say("fact_new", where, after)
        return self.say("fact", where, after, self.words.value(setting.before, kind, name))

    def fact(self, place: Place) -> str:
        """A fact by name, with the fee line or earlier item it is of."""
        name = self.words.name(place.field)
        if place.collection:
            record = self.lines[place.index] if place.index < len(self.lines) else {}
            fields = self.program.collections[place.collection].fields
            item = str(record.get(named(fields, "medins_list_name"), "") or "")
            quoted = (f"“{item}”" if self.words.chinese else f" “{item}”") if item else ""
            if named(fields, "det_item_fee_sumamt"):
                name = self.say("line", place.index + 1, quoted, name)
            else:
                collection = self.words.name(place.collection)
                name = self.say("element", collection, place.index + 1, name)
        if place.item >= 0:
            name = self.say("earlier", self.item(self.items[place.item]), name)
        return name

    def _type(self, place: Place) -> str:
        program = self.program
        fields = (
            program.collections[place.collection].fields if place.collection else program.fields
        )
        return fields[place.field].type.name if place.field in fields else "金额"

    # --- earlier items

    def item(self, item: HistoryItem) -> str:
        """What an earlier item is called."""
        match item:
            case EarlierClaim(claim=claim):
                roles = Roles.of(self.program)
                day = claim.fields.get(roles.discharge) or claim.fields.get(roles.admission)
                number = claim.fields.get(roles.settlement) or claim.fields.get(roles.encounter)
                shown = str(day)[:10] if isinstance(day, date) else str(number or "")
                name = self.words.name(claim.matter)
                return self.say("claim", name, shown) if shown else name
            case Settlement():
                day = item.settled_at or item.discharged
                shown = item.id or (str(day)[:10] if day else self.say("nameless"))
                return self.say("settlement", shown)
            case Opening():
                return self.say("opening", item.year)
        return self.say("settlement", item.settlement_id)

    def _missed(self, item: HistoryItem) -> str:
        if isinstance(item, EarlierClaim | Settlement | Opening):
            return self.say("missed", self.item(item))
        return self.say("missed_reversal", item.settlement_id)

    def _added(self, item: HistoryItem) -> str:
        if isinstance(item, Opening):
            counts = [self.say("times", self.words.name(m), n) for m, n in item.counts.items()]
            amounts = [
                f"{self.words.name(name)} {self.words.value(value, '金额')}"
                for name, value in item.values.items()
                if value
            ]
            return self.say("added_total", self.words("list").join([*counts, *amounts]))
        if not isinstance(item, EarlierClaim):
            return self.item(item)
        fields, roles = item.claim.fields, Roles.of(self.program)
        grade = fields.get(named(self.program.fields, "hosp_lv"), "")
        day = str(fields.get(roles.discharge, ""))[:10]
        return self.say("added_stay", self.words.name(item.claim.matter), day,
                        self.words.name(str(grade)))  # fmt: skip

    # --- figures and rows

    def _figure(self, cause: OtherFigure) -> str:
        if len(cause.values) > 1:
            names = self.words("list").join(f"“{self.words.name(n)}”" for n in cause.values)
            return self.say("figures", names, cause.source)
        name, before, after = cause.shown[0]
        kind = self.program.parameters[name].type.name
        named_so = self.words.name(name)
        if cause.row:
            row = self.words("comma").join(self.words.name(key) for key in cause.row)
            return self.say("figure_row", named_so, row, self.words.value(after, kind))
        if before is None or after is None:
            return self.say("figure_table", named_so, cause.source)
        values = (self.words.value(after, kind), self.words.value(before, kind))
        return self.say("figure", named_so, *values, cause.source)

    def _row(self, cause: WrongRow) -> str:
        site, option = cause.site, cause.option
        quantity = self.words.name(site.quantity)
        if site.kind == "definition":
            return self.say("definition", quantity, option.text)
        if site.kind == "bands":
            return self.say("bands", quantity, option.text, option.instead)
        if option.instead:
            return self.say("row", quantity, option.text, option.instead)
        return self.say("row_any", quantity, option.text)
