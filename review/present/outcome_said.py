"""The words around a comparison of outcomes: Chinese, English."""

from __future__ import annotations

from collections.abc import Mapping

SAID: Mapping[str, tuple[str, str]] = {
    "outcomes": ("同样的申报，各付多少", "What each pays for the same claims"),
    "summary_all": (
        "按两份办法各自的界限设{0}笔申报，双方都能结算的有{1}笔，其中{2}笔（{3}）的“{4}”不同。",
        "Of {0} claims set at the boundaries of both policies, both settle {1}; on {2} of them "
        "({3}) “{4}” differs."),
    "summary_none": (
        "按两份办法各自的界限设{0}笔申报，双方都能结算的有{1}笔，“{2}”全部相同。",
        "Of {0} claims set at the boundaries of both policies, both settle {1}; “{2}” is the same "
        "in all of them."),
    "summary_refused": (
        "按两份办法各自的界限设{0}笔申报，没有一笔双方都能结算；各自的原因见“不能结算的申报”。",
        "Of {0} claims set at the boundaries of both policies, there is none that both settle; see "
        "the refused claims for the reasons."),
    "summary_most": (
        "{0}多付最多的一笔：{1}，费用{2}，{0}付{3}，{4}付{5}，多{6}。",
        "{0} pays most above the other for: {1}, cost {2}: {0} pays {3}, {4} {5}, {6} more."),
    "summary_never": ("没有一笔申报是{0}付得多。", "On no claim does {0} pay more."),
    "no_matter": ("这一事项不结算单笔费用，没有可比的申报。",
                  "This matter settles no single claim of care; there is nothing to compare."),
    "measure": ("比较的是结算单的“{0}”。", "Compared is the line “{0}” of the statement."),
    "gains": ("谁在哪里多得", "Who is better off where"),
    "gains_note": ("各格是费用的范围（取整到元）和付得多的一方，括号内是该范围内相差最多的数额。",
                   "Ranges of cost (to the yuan) with the side that pays more and the largest "
                   "difference inside it."),
    "same": ("相同", "the same"),
    "more": ("{0}多付", "{0} pays more"),
    "of_range": ("{0}：{1}", "{0}: {1}"),
    "any_level": ("各级", "of any grade"),
    "everywhere": ("各地，不论备案与否", "everywhere, filed or not"),
    "everyone": ("各类参保人", "everyone"),
    "idle": ("不影响这一笔", "does not count here"),
    "most": ("最多{0}", "up to {0}"),
    "on": ("{0}以上", "{0} and above"),
    "up_to": ("{0}以下", "up to {0}"),
    "range": ("{0}～{1}", "{0}–{1}"),
    "place": ("就医地", "place of care"),
    "level": ("医院", "hospital"),
    "person": ("参保人", "person"),
    "fact": ("另有一项事实", "one more fact"),
    "refuses": ("{0}不能结算", "{0} does not settle"),
    "both_refuse": ("双方都不能结算", "neither settles"),
    "refused": ("不能结算的申报", "Claims that one side refuses"),
    "refused_of": ("{0}：{1}", "{0}: {1}"),
    "situations": ("{0}种情形：{1}", "{0} situations: {1}"),
    "and_more": ("等", " and others"),
    "impossible": ("{0}没有“{1}”，不作比较。", "{0} has no “{1}”; not compared."),
    "witnesses": ("每一处不同的最简单的一笔", "The simplest claim that shows each difference"),
    "cause": ("{0}：{1}", "{0}: {1}"),
    "cause_refused": ("{0}不能结算", "{0} does not settle it"),
    "only": ("只有{0}规定", "only {0} has it"),
    "silent": ("未规定", "no rule"),
    "claim": ("{0}，费用{1}，全部是甲类。", "{0}; cost {1}, all of class A."),
    "pays": ("{0}付{1}", "{0} pays {1}"),
    "gap": ("相差{0}", "a difference of {0}"),
    "others": ("这一笔里还有别的不同：{0}。", "Also at work in this claim: {0}."),
    "shows": ("这一不同见于{0}种情形。", "It shows in {0} situations."),
    "steps": ("从第一处不同起", "From the first step that differs"),
    "quantity": ("项目", "item"),
    "taken": ("申报怎样落到各地", "How the claims were made concrete"),
    "taken_day": ("{0}：{1}入院，险种{2}，参保地{3}。",
                  "{0}: admitted on {1}, insurance {2}, place of insurance {3}."),
    "taken_places": ("就医地：{0}。", "Places of care: {0}."),
    "assumed": ("另设：{0}。", "Assumed besides: {0}."),
    "parameters": ("{0}所用另行规定的数额", "Figures from other documents used for {0}"),
    "source": ("来源：{0}", "source: {0}"),
    "beyond": ("{0}只能算到“{1}”，其后缺少：{2}。",
               "{0} can be worked out only as far as “{1}”; what follows lacks: {2}."),
    "deductible": ("起付", "deductible"),
    "cap": ("封顶", "cap"),
    "age": ("{0}，{1}岁", "{0} of {1}"),
    "alike": ("{0}（{1}相同）", "{0} (also: {1})"),
    "hospital": ("{0}医院", "hospital ({0})"),
    "cost": ("医疗费（{0}）", "cost ({0})"),
    "paid": ("{0}（{1}）", "{0} ({1})"),
    "picture": ("{0}，{1}，{2}", "{0}; {1}; {2}"),
    "heat": ("费用{0}：{2} − {1}（元）", "Cost {0}: {2} − {1} (yuan)"),
    "page": ("政策比较", "Two policies compared"),
    "versus": ("{0} 与 {1}", "{0} and {1}"),
    "not_own": ("{0}有数额由别的文件规定，这里取自：{1}。它们不是条文中的数额。",
                "Some figures of {0} are left to other documents and are taken from: {1}. "
                "They are not the regulation's own."),
    "result": ("结果", "result"),
    "foot": ("条文引擎 {0} · 政策指纹 {1}、{2}", "tiaowen {0} · policy digests {1}, {2}"),
    "pictures": ("费用与支付", "Cost against payment"),
    "pictures_note": (
        "最常见的参保人在参保地住院，费用全部是甲类。圆点是折点，注明起作用的数额和条文。",
        "The usual person, treated at home, all of the cost of class A. Dots are bends, with the "
        "figure and the article that cause them."),
    "witness_note": (
        "每一处不同选一笔最简单的申报：别的不同最少，事实最平常，金额最整。两边的步骤从第一处不同列起。",
        "Of each difference the simplest claim: the fewest other differences, the most usual "
        "facts, the roundest amount. The steps begin with the first that differs."),
    "alone": ("只有一方有的", "What only one of them has"),
    "open": ("另行规定的数额与不同读法", "What is left to other documents, and readings"),
    "base": ("原办法", "as it was"),
    "amended": ("修改后", "as amended"),
    "of_side": ("{0}{1}", "{0} {1}"),
    "by_side": ("{0} 〔{1}〕", "{0} 〔{1}〕"),
}  # fmt: skip
