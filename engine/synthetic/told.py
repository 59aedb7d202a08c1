"""The assumptions in words, from the figures that are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from tiaowen.engine.synthetic import assumptions as a

Told = tuple[str, str]
"""What is assumed, and its figures."""


def told(lang: Literal["zh", "en"], name: Callable[[str, str], str]) -> Iterator[Told]:
    """Each assumption as a heading and its figures; ``name`` gives the label of a national
    field's code (``hosp_lv``, ``02`` -> 三级甲等)."""

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    def shares(field: str, table: Iterable[tuple[str, float]]) -> str:
        rows = list(table)
        whole = sum(weight for _, weight in rows)
        return _joined(
            (home if code == "own capital" else name(field, code), _share(weight / whole))
            for code, weight in rows
        )

    home = say("本省省会", "the province's capital")
    for code, groups in a.GROUPS.items():
        people = ((group.code, group.weight) for group in groups)
        yield name("insutype", code), shares("psn_type", people)
    yield (
        say("每人每年住院次数，按年龄", "stays a person and year, by age"),
        _joined((say(f"{age}岁起", f"from {age}"), f"{rate:g}") for age, rate in a.STAYS_BY_AGE),
    )
    yield (
        say("同龄人之间的差别", "how people of one age differ"),
        say(f"Γ分布，形状 {a.FRAILTY_SHAPE}", f"gamma of shape {a.FRAILTY_SHAPE}"),
    )
    yield say("住院医院等级", "grades of hospitals, stays"), shares("hosp_lv", a.GRADES_OF_STAYS)
    yield say("门诊医院等级", "grades of hospitals, visits"), shares("hosp_lv", a.GRADES_OF_VISITS)
    yield say("住院类别", "kinds of stays"), shares("med_type", a.KINDS_OF_STAYS)
    yield say("门诊类别", "kinds of visits"), shares("med_type", a.KINDS_OF_VISITS)
    yield (
        say("住院费用中位数（元）", "median cost of a stay (yuan)"),
        _joined((name("hosp_lv", g), f"{c // 100:,}") for g, c in a.MEDIAN_COST.items()),
    )
    yield say("门诊费用中位数（元）", "median cost of a visit (yuan)"), f"{a.MEDIAN_VISIT // 100:,}"
    tail = _share(a.TAIL_SHARE)
    yield (
        say("费用的分布", "how costs spread"),
        say(
            f"对数正态，对数标准差 {a.COST_SPREAD}；{tail} 再乘以帕累托（{a.TAIL_SHAPE}）",
            f"log-normal, deviation {a.COST_SPREAD} of the logarithm; {tail} of them times a "
            f"Pareto draw ({a.TAIL_SHAPE})",
        ),
    )
    yield say("住院日中位数", "median days of a stay"), f"{a.STAY_DAYS:g}"
    yield say("转院", "transfers"), _share(a.TRANSFER_SHARE)
    yield say("异地就医", "care elsewhere"), _share(a.ELSEWHERE_SHARE)
    yield say("就医地", "where"), shares("mdtrtarea_admdvs", a.PLACES_ELSEWHERE)
    yield say("异地备案", "filings for care elsewhere"), shares("rloc_rea", a.FILINGS)
    yield say("入院之后才备案", "filed after admission"), _share(a.LATE_FILING_SHARE)
    yield say("明细的等级", "classes of fee lines"), shares("chrgitm_lv", a.CLASSES)
    yield (
        say("单据上的自付比例", "own share on the bill"),
        _joined(
            (name("chrgitm_lv", c), _share(s / 10_000)) for c, s in a.OWN_SHARE_OF_CLASS.items()
        ),
    )
    yield say("明细的目录", "catalogues of fee lines"), shares("list_type", a.CATALOGUES)
    yield (
        say("高于限价的非药品明细", "lines above their limit, no medicine"),
        _share(a.OVER_LIMIT_SHARE),
    )


def _share(part: float) -> str:
    return f"{part * 100:.3g}%"


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "  ".join(f"{name} {figure}" for name, figure in pairs)
