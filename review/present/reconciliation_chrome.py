"""What a reconciliation's page says around its figures: Chinese, English."""

from __future__ import annotations

from collections.abc import Mapping

from tiaowen.review.reconciliation.search import NOT_TOGETHER, OUT_OF_BUDGET

PAGE: Mapping[str, tuple[str, str]] = {
    "title": ("核对结算 《{0}》 {1}", "Settlement reconciled 《{0}》 {1}"),
    "discords": ("结算单自己的数字互相矛盾", "The charged figures contradict one another"),
    "no_discords": ("结算单自己的数字互相相符。", "The charged figures agree with one another."),
    "is_not": ("{0} {1}，按其余数字应为 {2}：{3}", "{0} {1}, by the others it would be {2}: {3}"),
    "broken": ("不合“{0}”：{1}", "against “{0}”: {1}"),
    "bound": ("{0} 大于 {1}", "{0} is more than {1}"),
    "left_out": ("下面找原因时不计这些行：{0}。", "Left out where causes are looked for: {0}."),
    "stated": ("结算单所写的事实与数据不同", "Facts on which the sheet and the claim differ"),
    "lines": ("逐行核对（元）", "Line by line (yuan)"),
    "line": ("项目", "line"),
    "policy": ("按政策", "by the policy"),
    "charged": ("收取", "charged"),
    "difference": ("相差", "difference"),
    "agree": ("收取的每一行都与政策相同。", "Every charged line is the policy's."),
    "differ": ("{0}行不同。最先不同的是{1}：按政策 {2}，收取 {3}。",
               "Lines that differ: {0}. The first is {1}: {2} by the policy, {3} charged."),
    "apart": ("除去与自己矛盾的行，收取的都与政策相同。",
              "Apart from the line that contradicts the others, all that was charged is the "
              "policy's."),
    "how": ("政策如何得出", "How the policy comes to it"),
    "undecided": ("按政策不能算出全部结果：{0}", "the policy does not give every line: {0}"),
    "found": ("怎样才会收取这些数字", "What gives exactly the charged figures"),
    "single": ("以下{0}种解释各自都恰好得出收取的数字，最简单的在前。",
               "Each of these {0} explanations gives exactly the charged figures; the simplest "
               "stands first."),
    "only": ("以下解释恰好得出收取的数字。", "This explanation gives exactly the charged figures."),
    "number": ("解释{0}", "Explanation {0}"),
    "any": ("解释{0}：以下任何一种（从数字上分不出）",
            "Explanation {0}: any of these (no figure tells them apart)"),
    "both": ("解释{0}：两处一起", "Explanation {0}: two together"),
    "one_of": ("以下任何一种", "any of these"),
    "and_one_of": ("再加以下任何一种", "and any of these"),
    "and": ("再加 {0}", "and {0}"),
    "more": ("另有{0}种", "{0} more"),
    "or_pair": ("或者", "or"),
    "step": ("最先改变的一步：{0}，{1} → {2}", "the first step it changes: {0}, {1} → {2}"),
    "step_line": ("第{0}项的{1}", "{1} of fee line {0}"),
    "rest": ("还有{0}种，见 JSON。", "{0} more are in the JSON form."),
    "none": ("没有找到能得出收取数字的一处或两处原因。",
             "No cause, and no two, was found that gives the charged figures."),
    "near": ("最接近、但仍得不出收取数字的是：{0}",
             "The nearest, which does not give them, is: {0}"),
    "left": ("{0}：这样得 {1}，收取 {2}", "{0}: {1} in that case, {2} charged"),
    "with": ("{0}；并且 {1}", "{0}; and {1}"),
    "effort": ("试了{0}种单独的原因、{1}对原因，共结算{2}次。",
               "{0} single causes and {1} pairs were tried, in {2} decisions."),
    OUT_OF_BUDGET: ("结算次数用完了，其余的没有试；--budget 可以放宽。",
                    "The decisions allowed were used up and the rest was not tried; --budget "
                    "allows more."),
    NOT_TOGETHER: ("没有试的：单独都不改变最先不同那一行、合起来才改变的两处原因；三处以上的原因。",
                   "Not tried: two causes neither of which alone bears on the first line that "
                   "differs; three causes or more."),
}  # fmt: skip
