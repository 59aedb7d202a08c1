"""The words of a comparison besides those of decisions, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from tiaowen.compiler import types as ty
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import format_value
from tiaowen.dsl.catalogue import Lang
from tiaowen.review.difference.records import MatterPair, Side
from tiaowen.review.present.words import Words

SAID: Mapping[str, tuple[str, str]] = {
    "title": ("政策比较：《{0}》与《{1}》", "Two policies compared: 《{0}》 and 《{1}》"),
    "first": ("{first}", "{first}"),
    "second": ("{second}", "{second}"),
    "both": ("{first}、{second}", "{first} and {second}"),
    "a": ("甲", "A"),
    "b": ("乙", "B"),
    "side": ("{0}：《{1}》", "{0}: 《{1}》"),
    "side_named": ("{0}（{1}）：《{2}》", "{0} ({1}): 《{2}》"),
    "region": ("地区 {0}，险种 {1}", "region {0}, insurance {1}"),
    "chosen": ("口径 {0}", "readings {0}"),
    "given": ("另行规定的数额取自 {0}", "figures of other documents from {0}"),
    "identical": ("两份政策的正文和规则完全相同，没有差别。",
                  "Both are the very same text and rules: no difference."),
    "matters": ("比较的事项", "Matters compared"),
    "paired": ("{0}（{first}）对 {1}（{second}）", "{0} ({first}) with {1} ({second})"),
    "only_first": ("只有{first}有", "{first} only"),
    "only_second": ("只有{second}有", "{second} only"),
    "nameable": ("同一接口而没有配对的，可用“甲的事项:乙的事项”指定，例如 {0}",
                 "unpaired matters of one interface can be named as “A's matter:B's matter”, for "
                 "instance {0}"),
    "overview": ("一览", "At a glance"),
    "kind": ("内容", "what"),
    "count_same": ("相同", "same"),
    "count_different": ("不同", "differ"),
    "figures": ("数额", "Figures"),
    "rules": ("规则", "Rules"),
    "deductible": ("起付标准", "Deductibles"),
    "ratio": ("支付比例", "Ratios"),
    "limit": ("限额与定额", "Caps and fixed sums"),
    "first_pay": ("费用项目的先行自付", "First-pay by kind of line"),
    "line_standard": ("费用项目的标准", "Standards of fee lines"),
    "area": ("异地就医", "Care outside the area"),
    "days": ("天数", "Days"),
    "waiting": ("等待期、期限与年龄", "Periods, time limits, ages"),
    "amount": ("其他数额", "Other amounts"),
    "exclusion": ("不予支付", "Not paid"),
    "duty": ("手续与时限", "Duties"),
    "parameter": ("另行规定的数额", "Left to other documents"),
    "reading": ("条文的不同读法（口径）", "Readings of the text"),
    "figure_of": ("{0}（{1}）", "{0} ({1})"),
    "every_matter": ("各项待遇", "every benefit"),
    "gap": ("{second}−{first}", "B − A"),
    "points": ("{0}个百分点", "{0} points"),
    "left": ("另行规定", "left open"),
    "left_note": ("{0}，另行规定：“{1}”", "{0}, left to other documents: “{1}”"),
    "given_note": ("{0} 是另行规定的数额，取自 {1}", "{0} is a figure from another document: {1}"),
    "not_provided": ("没有规定", "no rule"),
    "formula": ("见注", "see note"),
    "under_reading": ("按口径 {0}", "under the reading {0}"),
    "step": ("{0}（{1}）", "{0} ({1})"),
    "none": ("—", "—"),
    "adjusted": ("在此基础上：", "On top of this:"),
    "same_figures": ("两方相同", "The same in both"),
    "all_alike": ("所比较的数额没有不同。", "The figures compared do not differ."),
    "no_rules": ("规则没有不同。", "The rules do not differ."),
    "kept": ("两方说法相同的规则 {0} 条。", "{0} rules say the same in both."),
    "condensed": ("其余只在一方，以下按条文列出；逐条的规则和原文见 --only rules。",
                  "The others stand on one side only and are listed by article below; each rule "
                  "with its words: --only rules."),
    "added": ("增加", "Added"),
    "removed": ("删去", "Removed"),
    "changed": ("改动", "Changed"),
    "reordered": ("次序改变，结果可能不同", "In another order, so results may differ"),
    "moved": ("移到别处，内容不变", "Moved, saying the same"),
    "reworded": ("规则不变，条文的字句不同", "The same rules under other words"),
    "renamed": ("只是改了名称", "Only called otherwise"),
    "renamed_to": ("{0} → {1}", "{0} → {1}"),
    "count_rules": ("{0}（{1}条）", "{0} ({1})"),
    "alone_first": ("只有{first}有", "Only in {first}"),
    "alone_second": ("只有{second}有", "Only in {second}"),
    "elsewhere": ("两方说法相同", "The same in both"),
    "rule_definition": ("定义", "definition"),
    "rule_amendment": ("增减", "amendment"),
    "rule_exclusion": ("不予支付", "not paid"),
    "rule_duty": ("手续", "duty"),
    "rule_property": ("性质", "property"),
    "rule_matter": ("事项", "matter"),
    "rule_settled": ("参照结算", "settled as another"),
    "rule_parts": ("分部", "parts"),
    "rule_parameter": ("参数", "parameter"),
    "rule_reading": ("口径", "reading"),
    "rule_table": ("表", "table"),
    "words": ("字句", "words"),
    "alike": ("两方相同的{0}项", "{0} the same in both"),
    "articles": ("{first} {0}，{second} {1}", "{first} {0}, {second} {1}"),
    "lines": ("费用项目", "fee lines"),
    "keyed": ("，可按 {0}", ", may go by {0}"),
    "default": ("{0}（默认）", "{0} (default)"),
}  # fmt: skip


@frozen
class Said(Words):
    """The words of a comparison. ``sides`` are what the two policies are called for short."""

    sides: tuple[str, str] = ("A", "B")

    def say(self, key: str, *values: object) -> str:
        first, second = self.sides
        return SAID[key][0 if self.chinese else 1].format(*values, first=first, second=second)

    def matter(self, pair: MatterPair) -> str:
        """A matter, or both names of a pair that is called differently."""
        names = dict.fromkeys(self.name(n) for n in (pair.first, pair.second) if n)
        return " / ".join(names)

    def gap(self, gap: int | Fraction, kind: Type) -> str:
        """How much B's figure is above A's; of ratios in percentage points."""
        if not gap:
            return self.say("count_same")
        sign = "+" if gap > 0 else "−"
        size = gap if gap > 0 else -gap
        if kind == ty.RATIO:
            return sign + self.say("points", format_value(size * 100, "数量", self.lang))
        return sign + format_value(size, kind.name, self.lang)

    def choices(self, readings: Mapping[str, str]) -> str:
        return self("list").join(f"{self.name(n)} = {self.name(c)}" for n, c in readings.items())


def said_of(first: Side, second: Side, lang: Lang) -> Said:
    """Words with the names of both; what both name means the same in the shared vocabulary."""
    from tiaowen.review.present.outcome_words import words_of

    words = words_of(first, second, lang)
    plain = words.sides == ("A", "B")
    sides = (SAID["a"], SAID["b"]) if plain else ()
    names = tuple(pair[0 if lang == "zh" else 1] for pair in sides) or words.sides
    return Said(lang, words.labels, (names[0], names[1]))
