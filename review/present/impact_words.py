"""The words of an impact, in Chinese and English, and how its figures are written.

Amounts are exact to the 分; a percentage is rounded half up to two decimals, which the page says.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from tiaowen.compiler.values import format_money, round_half_up
from tiaowen.dsl.catalogue import Lang, entry
from tiaowen.dsl.render.cells import visible
from tiaowen.review.impact.records import Bin, Comparison, Policy, Refusals, Side

MASK = "…"
SEEN = 4
"""Characters of a person's number that are shown, at most."""

SAID: Mapping[str, tuple[str, str]] = {
    "title": ("政策调整的影响测算", "What a change of policy does"),
    "policy": ("办法", "policy"), "number": ("文号", "document number"),
    "file": ("文件", "file"), "readings": ("选用的口径：{0}。", "Readings chosen: {0}."),
    "reading": ("{0} {1}={2}", "{0} {1}={2}"),
    "state": ("效力", "state"), "is_draft": ("尚未施行", "not in force"),
    "in_force": ("施行", "in force"),
    "base": ("基准", "base"), "draft": ("草案", "draft"), "draft_no": ("草案{0}", "draft {0}"),
    "population": ("同一批结算申报：{0}，{1}。", "The same claims under each: {0} of {1}."),
    "how": ("金额只计基准与草案都能结算的申报，单位为元，精确到分；"
            "平均数四舍五入到分，百分数四舍五入到两位小数。",
            "Amounts are of the claims that both the base and the draft settle, in yuan, exact to "
            "0.01. Averages are rounded half up to 0.01, percentages to two decimals."),
    "weighted": ("申报是样本，代表{0}、{1}：金额和人数都按权数推算，件数是样本里的。",
                 "The claims are a sample and stand for {0} of {1}: amounts and people are what "
                 "they stand for, claims are those of the sample."),
    "fund_sentence": ("基金支付：{0} → {1}，{2}。", "The funds pay {0} → {1}, {2}."),
    "more": ("增加{0}", "{0} more"), "less": ("减少{0}", "{0} less"), "same": ("不变", "no change"),
    "people_sentence": ("{0}；{1}；{2}不变。", "{0}; {1}; unchanged: {2}."),
    "gain": ("{0}少付（平均{1}，最多{2}，合计{3}）",
             "Paying less: {0} (on average {1}, at most {2}, together {3})"),
    "lose": ("{0}多付（平均{1}，最多{2}，合计{3}）",
             "paying more: {0} (on average {1}, at most {2}, together {3})"),
    "nobody_gains": ("没有人少付", "Paying less: nobody"),
    "nobody_loses": ("没有人多付", "paying more: nobody"),
    "settled_sentence": ("{0}两边都能结算；只有基准能结算的{1}，只有草案能结算的{2}，都不能的{3}。",
                         "Both settle {0}; only the base settles {1}, only the draft {2}, neither "
                         "{3}."),
    "nothing_both": ("没有一件申报是两边都能结算的，金额无从比较。",
                     "There is no claim that both settle: no amounts to compare."),
    "interval": ("按人重抽{0}次，基金支付的变化有95%落在 {1} 至 {2} 之间。",
                 "In 95% of {0} resamplings of people the change of the funds lies between {1} and "
                 "{2}."),
    "interval_note": ("区间：整个人连同全部申报按均值为1的泊松分布重抽（种子固定），取中间95%；"
                      "样本占总体的比例大时偏宽。",
                      "Intervals: whole people with all their claims are drawn again, each as "
                      "often as a Poisson draw of mean 1 (of a fixed seed) says, and the middle "
                      "95% is given; too wide where the sample is a large part of all."),
    "low": ("增减下限", "change from"), "high": ("增减上限", "change to"),
    "compared": ("各草案比较", "The drafts compared"), "fund": ("基金支付", "The funds"),
    "people": ("参保人", "The people"), "caps": ("封顶与起付", "Caps and deductibles"),
    "refused": ("不能结算的申报", "Claims not settled"),
    "most": ("变化最大的人", "The people most changed"),
    "claims": ("件数", "claims"), "weight": ("权数", "weight"),
    "before": ("原基金支付", "funds before"),
    "after": ("新基金支付", "funds after"), "change": ("增减", "change"), "percent": ("增减%", "%"),
    "own_change": ("个人增减", "own change"), "total": ("合计", "total"),
    "gaining": ("少付人数", "pay less"), "losing": ("多付人数", "pay more"),
    "refused_only": ("仅草案不能结算", "refused only by it"),
    "fund_name": ("基金", "fund"), "other_funds": ("其他", "other"),
    "paid_before": ("原支付件数", "claims before"), "paid_after": ("新支付件数", "claims after"),
    "by_group": ("按组分的少付与多付：每人在该组各件申报上的合计。",
                 "Who pays less and more by group: of each person all claims of the group "
                 "together."),
    "less_mean": ("平均少付", "mean gain"), "more_mean": ("平均多付", "mean loss"),
    "less_most": ("最多少付", "largest gain"), "more_most": ("最多多付", "largest loss"),
    "people_between": ("（95%：{0}–{1}）", " (95%: {0}–{1})"),
    "chart_fund": ("基金支付的变化，按{0}（元）", "Change of what the funds pay, by {0} (yuan)"),
    "chart_people": ("个人负担的变化：人数", "Change of the own payment: people"),
    "bins_note": ("个人负担的变化（新减原），各档含数值较小的一端，不含另一端。",
                  "Change of the own payment (after less before); each range has its lower end and "
                  "not its upper."),
    "paying_less": ("少付", "paying less"), "paying_more": ("多付", "paying more"),
    "together": ("合计", "together"), "mean": ("平均", "on average"),
    "at_most": ("最多", "at most"),
    "range": ("个人负担", "own payment"), "number_of_people": ("人数", "people"),
    "less_by": ("少付{0}", "{0} less"), "more_by": ("多付{0}", "{0} more"),
    "between": ("{0}–{1}元", "{0}–{1} yuan"), "beyond": ("{0}元以上", "over {0} yuan"),
    "up_to": ("{0}元以内", "up to {0} yuan"),
    "crossing": ("一年之内", "in a year"),
    "cut": ("被最高支付限额截去", "cut by a cap"), "deducted": ("付起付线", "paying a deductible"),
    "unpaid": ("基金分文未付", "paid nothing by the funds"),
    "met_before": ("原有人数", "people before"), "met_after": ("新有人数", "people after"),
    "newly": ("新增", "newly"), "no_longer": ("不再", "no longer"),
    "amount_before": ("原金额", "amount before"), "amount_after": ("新金额", "amount after"),
    "crossing_note": ("按人计，任何一件申报遇到即算；"
                      "金额依次是截去的、付的起付线、这些人的个人负担。",
                      "By person, in any claim; amounts are what is cut, the deductibles, and "
                      "what those people bear."),
    "side": ("哪一边", "side"), "code": ("代码", "code"), "reason": ("原因", "reason"),
    "unknown": ("（目录中没有此代码）", "(not in the catalogue)"),
    "refused_note": ("两边都不能结算的申报，在两边各计一次；一件申报只计最先的原因。",
                     "A claim that both refuse counts once at each; of a claim's reasons the "
                     "first counts."),
    "where": ("项目", "where"), "billed": ("费用", "cost"), "example": ("例如", "for one"),
    "base_only_fund": ("只有基准能结算的{0}，基准支付{1}，不在上面的金额里。",
                       "For the {0} that only the base settles it pays {1}, which is in no amount "
                       "above."),
    "draft_only_fund": ("只有草案能结算的{0}，草案支付{1}，不在上面的金额里。",
                        "For the {0} that only the draft settles it pays {1}, which is in no "
                        "amount above."),
    "neither_billed": ("两边都不能结算的{0}，费用合计{1}。",
                       "The {0} that neither settles cost {1} together."),
    "none_refused": ("两边都能结算全部申报。", "Both settle every claim."),
    "no_change": ("没有人的个人负担有变化。", "Nobody's own payment changes."),
    "person": ("人员", "person"), "own_before": ("原个人负担", "own before"),
    "own_after": ("新个人负担", "own after"),
    "encounter": ("变化最大的就诊", "encounter changing most"),
    "masked": ("人员编号只显示最后几位；就诊ID可用来找到那一件申报。",
               "Of a person's number only the end is shown; the encounter's ID finds the claim."),
    "why_number": ("原因", "reason"),
    "why": ("那一件申报按两边重算，最先不同的一步：",
            "That claim decided again under both, the first step that is otherwise:"),
    "why_not": ("没有找到", "not found"),
    "why_of": ("{0}. {1}（{2}）", "{0}. {1} ({2})"),
    "says": ("{0}：“{1}”", "{0}: “{1}”"), "says_nothing": ("{0}", "{0}"),
    "left_out": ("终端里放不下的列没有列出，见 HTML 与 JSON。",
                 "Columns that do not fit the terminal are left out; HTML and JSON have them."),
    "foot": ("条文引擎 {0}", "tiaowen {0}"),
}  # fmt: skip


@frozen
class Said:
    """Says an impact in one language; ``several`` drafts are told apart by number."""

    lang: Lang
    several: bool = False

    def __call__(self, key: str, *values: object) -> str:
        return SAID[key][0 if self.lang == "zh" else 1].format(*values)

    # --- figures

    def money(self, fen: int) -> str:
        """An amount of 分 with its unit; a minus is a true one."""
        return format_money(fen, self.lang).replace("-", "−")

    def bare(self, fen: int) -> str:
        """The same for a column whose page says the unit."""
        return self.money(fen).removesuffix("元").removesuffix(" yuan")

    def signed(self, fen: int) -> str:
        """A change for such a column."""
        return f"{'+' if fen > 0 else ''}{self.bare(fen)}"

    def percent(self, change: int, before: int) -> str:
        """``change`` of ``before`` in 100, rounded half up to two decimals; '—' of nothing."""
        if not before:
            return "—"
        whole, rest = divmod(round_half_up(Fraction(abs(change) * 10_000, abs(before))), 100)
        sign = "+" if change > 0 else "−" if change < 0 else ""
        return f"{sign}{whole:,}.{rest:02d}%"

    def claims(self, count: int) -> str:
        return self._many(count, "件", "claim", "claims")

    def people(self, count: int) -> str:
        return self._many(count, "人", "person", "people")

    def _many(self, count: int, unit: str, one: str, more: str) -> str:
        return (
            f"{count:,}{unit}" if self.lang == "zh" else f"{count:,} {one if count == 1 else more}"
        )

    # --- who

    def between(self, side: Side) -> str:
        """How many people the resamplings give; '' for a whole population."""
        if side.interval is None:
            return ""
        return self("people_between", f"{side.interval.low:,}", f"{side.interval.high:,}")

    def policy(self, key: str) -> str:
        """A side by its key: the base, the draft, or one of several by its number."""
        if key == "base":
            return self("base")
        return self("draft_no", key) if self.several else self("draft")

    def state(self, policy: Policy) -> str:
        return self("is_draft" if policy.draft else "in_force")

    # --- sentences

    def sentences(self, found: Comparison) -> tuple[str, ...]:
        """What matters most: the funds, the people, and what only one side settles."""
        settled = self.settled(found.refusals)
        if not found.total.claims:
            return (self("nothing_both"), settled)
        said = [self.fund(found)]
        total = found.total
        if total.interval is not None:
            low, high = map(self.money, (total.interval.low, total.interval.high))
            said[0] += ("" if self.lang == "zh" else " ") + self(
                "interval", f"{total.interval.samples:,}", low, high
            )
        sides = (self.side(total.winners, "gain"), self.side(total.losers, "lose"))
        people = self("people_sentence", *sides, self.people(total.unchanged))
        return (*said, people, settled)

    def fund(self, found: Comparison) -> str:
        """Before and after, the difference and what it is in 100."""
        before, after = found.total.fund_before, found.total.fund_after
        change = after - before
        said = self("same")
        if change:
            said = self("more" if change > 0 else "less", self.money(abs(change)))
            part = self.percent(change, before)
            said += f"（{part}）" if self.lang == "zh" else f" ({part})"
        return self("fund_sentence", self.money(before), self.money(after), said)

    def settled(self, found: Refusals) -> str:
        """How many claims both settle, one only, and neither."""
        counts = (found.both, found.base_only, found.draft_only, found.neither)
        return self("settled_sentence", *map(self.claims, counts))

    def side(self, side: Side, which: str) -> str:
        if not side.people:
            return self("nobody_gains" if which == "gain" else "nobody_loses")
        amounts = map(self.money, (side.mean, side.most, side.total))
        return self(which, self.people(side.people) + self.between(side), *amounts)

    # --- smaller things

    def range(self, found: Bin) -> str:
        """A range of changes: how much less or more people pay, in whole yuan where it is."""
        low, high = found.low, found.high
        less = high is not None and high <= 0
        near, far = (high, low) if less else (low, high)
        key = "less_by" if less else "more_by"
        if far is None:
            return self(key, self("beyond", self._short(near or 0)))
        if not near:
            return self(key, self("up_to", self._short(far)))
        return self(key, self("between", self._short(near), self._short(far)))

    def _short(self, fen: int) -> str:
        shown = format_money(abs(fen), self.lang, short=True)
        return shown.removesuffix("元").removesuffix(" yuan")

    def reason(self, code: str) -> str:
        """The title of a diagnostic's code."""
        try:
            return entry(code).title.say(self.lang)
        except KeyError:
            return self("unknown")


def masked(person: str) -> str:
    """The end of a person's number: four characters, never more than half of it."""
    shown = min(SEEN, len(person) // 2)
    return MASK + visible(person[len(person) - shown :])
