"""The words around a decision, in Chinese and English, and the names of what a policy speaks of.

Whatever comes from the regulation (its articles, its words, its rules) is shown as it stands in
either language. Names of quantities, fields and codes have English labels where the policy or
the vocabulary gives them; without a label the Chinese name stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, frozen

from tiaowen.compiler.core import Program, Value
from tiaowen.compiler.values import format_value
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import visible
from tiaowen.engine.telling.explanation import Explanation

CHROME: Mapping[str, tuple[str, str]] = {
    "title": ("结算说明", "Settlement explained"),
    "policy": ("依据", "policy"),
    "number": ("文号", "document number"),
    "state": ("效力", "state"),
    "draft": ("征求意见稿，尚未施行", "a draft, not in force"),
    "in_force": ("自 {0} 起施行", "in force from {0}"),
    "expires": ("至 {0} 止", "until {0}"),
    "matter": ("事项", "matter"),
    "masked": ("个人信息已隐去", "personal data masked"),
    "facts": ("案情", "Facts"),
    "statement": ("结算单", "Settlement statement"),
    "steps": ("计算步骤", "Steps"),
    "lines": ("费用明细", "Fee lines"),
    "line_rules": ("各项所依规则", "Rules for the lines"),
    "refusals": ("不予支付", "Not paid"),
    "notices": ("手续与时限", "Duties"),
    "readings": ("所取口径", "Readings taken"),
    "parameters": ("另行规定的数额", "Figures from other documents"),
    "defaults": ("未填事项的推定", "Declared defaults used"),
    "skipped": ("看过而未适用的规则", "Rules looked at that did not apply"),
    "problems": ("未能算出的原因", "Why it stops"),
    "stopped": (
        "本案未能算出全部结果，以下是能够算出的部分。",
        "This claim cannot be decided in full; what could be worked out follows.",
    ),
    "help": ("建议", "help"),
    "rules_shown": ("展开或折叠", "show or hide"),
    "page_title": ("结算说明：{0}", "Settlement explained: {0}"),
    "foot": ("条文引擎 {0} · 政策指纹 {1}", "tiaowen {0} · policy digest {1}"),
    "foot_digest": ("政策指纹 {0}", "policy digest {0}"),
    "national": ("国家结算接口", "national settlement order"),
    "none": ("不适用", "not applicable"),
    "not_ruled": ("本办法没有规定", "no rule of this policy"),
    "not_found": ("未能算出", "not worked out"),
    "when": ("当 {0}", "when {0}"),
    "because": ("因 {0}", "because {0}"),
    "unchanged": ("仍为 {0}", "stays {0}"),
    "rounded": ("四舍五入到分", "rounded half up to 0.01"),
    "row": ("表中 {0}", "row: {0}"),
    "under": ("另据 {0}", "also {0}"),
    "of_policy": ("政策原文", "rule"),
    "line": ("第{0}项", "line {0}"),
    "claim": ("整案", "the claim"),
    "kept": ("已履行", "kept"),
    "broken": ("未履行", "not kept"),
    "untold": ("所给事实不足以判断", "cannot be told from the facts given"),
    "default_reading": ("默认", "default"),
    "chosen_reading": ("另选，非默认", "chosen, not the default"),
    "not_its_figure": (
        "来源：{0}（不是本办法条文中的数额）",
        "source: {0} (not the regulation's own figure)",
    ),
    "no_source": ("未注明", "not stated"),
    "taken_as": ("{0}：未填，视为{1}", "{0}: not given, taken as {1}"),
    "did_not_hold": ("未适用，{0}", "did not apply: {0}"),
    "items": ("共{0}项", "{0} items"),
    "history_none": ("此前没有", "none before"),
    "parts_sum": ("各部分合计", "sum of the parts"),
    "spread": ("按“{0}”依次分摊所得", "its share under “{0}”"),
    "taken_given": ("案例给定", "given with the case"),
    "billed": (
        "申报的费用合计，照样采用，不由明细算出",
        "a total of the bill as the claim gives it, not worked out from fee lines",
    ),
    "changed_fact": ("按所给事实", "given"),
    "in_order": ("依次分摊", "in order"),
    "in_proportion": ("按比例分摊", "in proportion"),
    "run": ("连续月数", "months in a row"),
    "gap": ("最长中断", "longest gap"),
    "zeros": ("没有适用的规则另行规定，均为 {0}", "no rule that applies says otherwise: {0}"),
    "settled_as": ("按{0}结算", "settled as {0}"),
    "parameter_note": ("{0} 是另行规定的数额", "{0} is a figure from another document"),
    "number_column": ("序号", "no."),
    "name_column": ("项目", "item"),
    "part_column": ("部分", "part"),
    "amount_column": ("金额", "amount"),
    "total_row": ("合计", "total"),
    "reading_note": ("口径 {0} = {1}", "reading {0} = {1}"),
    "rest": ("判断条件时用到的量", "Looked at in conditions"),
    "not_in": ("不", "not "),
    "no_ground": ("没有一项理由成立", "no ground holds"),
    "every_line": ("每项", "every line"),
    "ordinary_lines": (
        "没有给出费用明细，只有合计：每条费用都视为普通费用",
        "no fee lines are given, only totals: each line is taken to be ordinary",
    ),
    "taken_as_lines": ("{0} · {1}：未填，视为{2}", "{0} · {1}: not given, taken as {2}"),
    "separator": ("：", ": "),
    "list": ("、", ", "),
    "comma": ("，", ", "),
    "semicolon": ("；", "; "),
}
"""What is said around the figures: Chinese, English."""

OPERATIONS: Mapping[str, tuple[str, str]] = {
    "add": ("加", "plus"), "subtract": ("减", "less"), "multiply": ("乘", "times"),
    "raise": ("提高", "raised by"), "lower": ("降低", "lowered by"),
    "step_up": ("上调", "up by"), "step_down": ("下调", "down by"),
    "at_least": ("不低于", "at least"), "at_most": ("不高于", "at most"),
    "set_to": ("改为", "set to"),
}  # fmt: skip
"""Amendments in words."""

FUNCTIONS: Mapping[str, str] = {
    "较小": "smaller", "较大": "larger", "周岁": "age", "月数": "months", "年份": "year",
    "月份": "month", "日期部分": "date of", "元旦": "new year", "工作日数": "working days",
    "取整": "floor", "向上取整": "ceiling", "同统筹区": "same area", "合计": "sum",
    "项数": "count", "最高": "highest", "最低": "lowest", "任一": "any", "全部": "all",
    "首项": "first", "每项": "each", "已填": "given", "分段": "bands", "非": "not", "且": "and",
    "或": "or", "属于": "in",
}  # fmt: skip
"""The language's own words inside a formula, in English."""

AGGREGATES = {"sum": "合计", "count": "项数", "max": "最高", "min": "最低", "any": "任一",
              "all": "全部", "first": "首项"}  # fmt: skip
"""An aggregate's kind -> the word of the language."""

YEARS = {"年度", "年份"}
"""Numbers that are years."""

EARLIER = {"申报": "claim", "结算": "settlement", "期初": "opening total"}
"""What an earlier item of the person's history is."""

_REASONS = "不予支付"


@frozen
class Labels:
    """English names, and the codes of enumerations that keep the raw code as their value.

    ``prefixes``: type -> (code prefix, member), longest first.
    """

    names: Mapping[str, str] = Factory(dict)
    prefixes: Mapping[str, tuple[tuple[str, str], ...]] = Factory(dict)
    types: Mapping[str, str] = Factory(dict)
    """field -> its type's Chinese name"""


def labels_of(program: Program) -> Labels:
    """The English names that ``program`` declares, of whatever kind, and its coded types."""
    names: dict[str, str] = {_REASONS: "not paid"}
    for enum in program.enums.values():
        names.update(enum.english)
    for collection in program.collections.values():
        names[collection.name] = collection.english
        names.update({f.name: f.english for f in collection.fields.values()})
    names.update({f.name: f.english for f in program.fields.values()})
    names.update({p.name: p.english for p in program.parameters.values()})
    names.update({r.name: r.english for r in program.readings.values()})
    names.update(program.labels)
    for matter in program.matters.values():
        names.update({o.name: o.english for o in matter.outputs})
    prefixes = {
        enum.name: tuple(sorted(((code.rstrip("*"), member) for member, code in enum.codes.items()),
                                key=lambda pair: -len(pair[0])))
        for enum in program.enums.values() if enum.kind == "prefix"
    }  # fmt: skip
    types = {f.name: f.type.name for f in program.fields.values()}
    return Labels({k: v for k, v in names.items() if v}, prefixes, types)


def labels_in(explanation: Explanation) -> Labels:
    """The English names that stand in the explanation itself."""
    names = {_REASONS: "not paid"}
    names.update(
        {s.quantity: s.english for s in explanation.steps if s.english not in ("", s.quantity)}
    )
    names.update({line.name: line.english for line in explanation.statement if line.english})
    return Labels(names)


@frozen
class Words:
    """Says things in one language."""

    lang: Lang
    labels: Labels

    def __call__(self, key: str, *values: object) -> str:
        """The words for ``key`` with ``values`` in their places."""
        return CHROME[key][0 if self.lang == "zh" else 1].format(*values)

    @property
    def chinese(self) -> bool:
        return self.lang == "zh"

    def name(self, name: str) -> str:
        """A quantity, field, code or matter as it is called in this language."""
        return name if self.chinese else self.labels.names.get(name, name)

    def function(self, name: str) -> str:
        return name if self.chinese else FUNCTIONS.get(name, name)

    def operation(self, name: str) -> str:
        chinese, english = OPERATIONS.get(name, (name, name))
        return chinese if self.chinese else english

    def earlier(self, kind: str) -> str:
        return kind if self.chinese else EARLIER.get(kind, kind)

    def value(self, value: Value | None, kind: str, name: str = "") -> str:
        """A value with its unit; a code with what it stands for; ``name`` tells a year, which
        is not grouped by threes. A control character of a text is shown as a sign: no text of
        a claim steers the terminal or breaks the layout."""
        if kind == "数量" and name in YEARS and isinstance(value, int):
            return str(value)
        if isinstance(value, str):
            for prefix, member in self.labels.prefixes.get(kind, ()):
                if value.startswith(prefix):
                    return f"{visible(value)} {self.name(member)}"
            return visible(self.name(value)) if value else ("无" if self.chinese else "none")
        if isinstance(value, tuple):
            return self("list").join(value) if value else ("无" if self.chinese else "none")
        return format_value(value, kind, self.lang)

    def place(self, where: str) -> str:
        """Which part or inner settlement; fee lines count from 1."""
        import re

        shown = re.sub(r"\[(\d+)\]", lambda m: f" {int(m[1]) + 1}", where)
        return shown if self.chinese else " · ".join(self.name(p) for p in shown.split(" · "))
