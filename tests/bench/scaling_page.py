"""The tables of the pages about scaling: public figures and measured rates, multiplied.

The figures of the country are those of the National Healthcare Security Administration's
Statistical Bulletin on the Development of Healthcare Security (全国医疗保障事业发展统计公报): people
insured and hospitalisation rates of 2023; encounters paid for of 2022, raised by the growth that
the bulletin of 2023 states. A province is assumed to be as ill as the country.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen
from tests.bench.pages import Page
from tests.bench.tables import Lang

EMPLOYEES, RESIDENTS = 370_950_000, 962_940_000
STAYS = EMPLOYEES * Fraction("0.2186") + RESIDENTS * Fraction("0.207")
"""Employees' and residents' hospitalisation rates of 2023."""
ENCOUNTERS = 2_104_000_000 * Fraction("1.202") + 2_157_000_000 * Fraction("1.211")
"""Encounters paid for in 2022, employees' and residents', each with its growth in 2023."""
COUNTRY = EMPLOYEES + RESIDENTS
CORES = 16
"""Of the machine that the tables speak of."""


@frozen
class Place:
    """So many people insured."""

    zh: str
    en: str
    people: int


PLACES = (
    Place("三千万人的省（重庆那样大）", "a province of 30 million (as Chongqing)", 30_000_000),
    Place("一亿人的省", "a province of 100 million", 100_000_000),
    Place("全国", "the country", COUNTRY),
)


@frozen
class Need:
    """What a year of a place takes: claims, bytes of Parquet in and out, and core-seconds on one
    machine and on Spark."""

    place: Place
    claims: int
    size: float
    here: float
    spark: float


def needs(found: Mapping[str, Any], workload: str) -> Iterator[Need]:
    """A year of each place: of all encounters, as settlement totals, for ``langfang``; of stays
    with their fee lines for ``ziyang``."""
    rate = {each["engine"]: each for each in found["rates"] if each["workload"] == workload}
    year = ENCOUNTERS if workload == "langfang" else STAYS
    for place in PLACES:
        claims = round(year * place.people / COUNTRY)
        size = claims * (rate["local"]["bytes_in"] + rate["local"]["bytes_out"])
        seconds = {engine: claims * each["seconds"] for engine, each in rate.items()}
        yield Need(place, claims, size, seconds["local"], seconds["spark"])


_HEADS: Mapping[Lang, str] = {
    "zh": f"| 一年 | 就诊 | 进出的 Parquet | 一台机器，核时 | {CORES} 核最快要 | Spark，核时 | 一小时做完要几核 |",
    "en": f"| a year of | claims | Parquet in and out | one machine, core-hours | {CORES} cores at best |"
    " Spark, core-hours | cores to end in an hour |",
}
_TITLES: Mapping[str, Mapping[Lang, str]] = {
    "langfang": {"zh": "**全部就诊，用结算表上的合计**", "en": "**All encounters, by the totals of their settlements**"},
    "ziyang": {"zh": "**住院，每次十条费用明细**", "en": "**Stays, with ten fee lines each**"},
}  # fmt: skip


def part(found: Mapping[str, Any], lang: Lang) -> str:
    """What a page shows: the measured rates, then what follows from them."""
    lines = [*_rates(found, lang)]
    for workload, title in _TITLES.items():
        lines += ["", title[lang], "", _HEADS[lang], "| --- |" + " ---: |" * 6]
        lines += [_row(need, lang) for need in needs(found, workload)]
    return "\n".join([*lines, ""])


def _rates(found: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    yield {
        "zh": f"{found['date']} 在{found['processor']}上测得，每种用一个线程，每次结算的数目见表：",
        "en": f"Measured on {found['date']}, {found['processor']}, one thread each, over so many claims:",
    }[lang]
    yield ""
    yield {
        "zh": "| 数据 | 引擎 | 就诊 | 每次就诊 | 开工 | 内存 | 每次就诊，读 | 写 |",
        "en": "| claims | engine | rows | a claim | to begin | memory | a claim, in | out |",
    }[lang]
    yield "| --- | --- |" + " ---: |" * 6
    names = {"langfang": {"zh": "合计", "en": "totals"},
             "ziyang": {"zh": "十条明细", "en": "ten fee lines"},
             "local": {"zh": "一台机器", "en": "one machine"}, "spark": {"zh": "Spark", "en": "Spark"}}  # fmt: skip
    for rate in found["rates"]:
        yield (f"| {names[rate['workload']][lang]} | {names[rate['engine']][lang]} | {rate['rows']:,} "
               f"| {rate['seconds'] * 1e6:.2f} µs | {rate['begin']:.1f} s | {rate['peak'] / 2**30:.2f} GiB "
               f"| {rate['bytes_in']:.0f} B | {rate['bytes_out']:.0f} B |")  # fmt: skip


def _row(need: Need, lang: Lang) -> str:
    place = need.place.zh if lang == "zh" else need.place.en
    return (f"| {place} | {_many(need.claims, lang)} | {_size(need.size)} | {need.here / 3600:.2f} "
            f"| {_time(need.here / CORES, lang)} | {need.spark / 3600:.2f} "
            f"| {max(1, -(-round(need.spark) // 3600))} |")  # fmt: skip


def _many(count: int, lang: Lang) -> str:
    return f"{count / 1e8:.2f} 亿" if lang == "zh" else f"{count / 1e6:,.0f} million"


def _size(count: float) -> str:
    return f"{count / 1e9:,.0f} GB" if count < 1e12 else f"{count / 1e12:.1f} TB"


def _time(seconds: float, lang: Lang) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} 秒" if lang == "zh" else f"{seconds:.0f} s"
    return f"{minutes:.0f} 分钟" if lang == "zh" else f"{minutes:.0f} min"


PAGE = Page("scaling.md", "worked out", "scaling.json", part)
