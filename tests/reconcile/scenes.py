"""Stays that a hospital might have settled, made up at random under three policies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from attrs import frozen
from tests.review.reconciliation.small import program as small

from tiaowen.apps.programs import load_program
from tiaowen.compiler.core import Program
from tiaowen.engine.claims.reading import claim_data, read_claim
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem
from tiaowen.engine.parameters import read_parameters

ROOT = Path(__file__).parents[2]
MATTER = "住院"
GRADES = ("三级甲等", "三级乙等", "二级甲等", "二级乙等", "一级甲等", "无等级")
FLAGS = ("",) * 8 + ("特需医疗", "挂床期间", "科研试验", "养生保健")
"""What a fee line may be that is not paid, mostly nothing."""


@frozen
class Town:
    """A policy with what its claims look like."""

    name: str
    policy: str
    insurance: str
    persons: tuple[str, ...]
    place: str
    elsewhere: tuple[str, ...]
    year: int
    parameters: str
    extra: Callable[[Random, date], dict[str, Any]]


def _langfang(rng: Random, begin: date) -> dict[str, Any]:
    return {"中医医院": rng.random() < 0.2, "登记时间": f"{begin} 10:00"}


def _ziyang(rng: Random, begin: date) -> dict[str, Any]:
    joined = rng.random() < 0.4
    paid = {"参加补充保险": True, "补充缴费日期": f"{begin.year}-01-20"} if joined else {}
    return {"统筹方式": "统账结合", "转院手续": rng.random() < 0.3, **paid}


def _chongqing(rng: Random, begin: date) -> dict[str, Any]:
    return {}


_ZIYANG = """"来源" = "试验用的参数"
[参数]
"平均工资" = "80000元"
"大额起付线" = "6000元"
"""

TOWNS = (
    Town("廊坊", "langfang/resident-2024-draft.md", "390", ("居民成年", "居民老年", "居民未成年"),
         "131000", ("370102", "110101", "131002"), 2024, "", _langfang),
    Town("资阳", "ziyang/employee-2023.md", "310", ("在职", "退休"), "512000",
         ("510104", "500103"), 2024, _ZIYANG, _ziyang),
    Town("重庆", "chongqing/employee-2011.md", "310", ("在职", "退休"), "500101",
         ("500103", "510104"), 2012,
         (ROOT / "examples" / "chongqing-parameters.toml").read_text(encoding="utf-8"), _chongqing),
)  # fmt: skip


@frozen(eq=False)
class Scene:
    """A stay with the person's earlier ones, under the policy of a town."""

    town: Town
    program: Program
    claim: Claim
    items: tuple[HistoryItem, ...]
    parameters: dict[str, ParameterValue]


SMALL = Town("试验", "", "390", ("",), "139000", (), 2024, "", lambda rng, begin: {})
"""The policy of the hand-worked tests: so few causes that hundreds of stays take no time."""


@cache
def program_of(town: Town) -> Program:
    return load_program(ROOT / "policies" / town.policy) if town.policy else small()


def scene(town: Town, rng: Random) -> Scene:
    """A stay in the middle of the year with up to two before it."""
    program = program_of(town)
    given = read_parameters(town.parameters, town.name, program) if town.parameters else {}
    person = {
        "人员编号": "1", "险种": town.insurance, "参保地": town.place,
        "人员类别": rng.choice(town.persons),
        "出生日期": f"{rng.randint(town.year - 80, town.year - 20)}-05-06",
    }  # fmt: skip
    begin = date(town.year, 7, 1) + timedelta(days=rng.randint(0, 60))
    make = _stay if town.policy else _small_stay
    claim = make(town, rng, person, begin, "0")
    earlier = []
    for number in range(rng.choice((0, 0, 1, 2))):
        begin -= timedelta(days=rng.randint(35, 70))
        earlier.append(make(town, rng, person, begin, str(number + 1)))
    items = tuple(EarlierClaim(read_claim(data, program, MATTER)) for data in reversed(earlier))
    return Scene(town, program, read_claim(claim, program, MATTER), items, given)


def _stay(
    town: Town, rng: Random, person: dict[str, Any], begin: date, number: str
) -> dict[str, Any]:
    away = rng.random() < 0.3
    place = rng.choice(town.elsewhere) if away else town.place
    filed = {}
    if away and rng.random() < 0.6:
        kind = rng.choice(("异地长期居住", "异地转诊", "其他临时外出", "异地急诊抢救"))
        filed = {"备案类别": kind, "备案地": place, "备案日期": f"{begin - timedelta(days=3)}"}
    return {
        **person, **filed, **town.extra(rng, begin),
        "医院等级": rng.choice(GRADES), "机构区划": place, "就医地": place,
        "就诊ID": f"M{number}", "结算ID": f"S{number}",
        "医疗类别": rng.choice(("普通住院", "普通住院", "急诊转住院")),
        "入院时间": f"{begin} 08:00",
        "出院时间": f"{begin + timedelta(days=rng.randint(3, 20))} 08:00",
        "明细": [_line(rng, begin) for _ in range(rng.randint(3, 5))],
    }  # fmt: skip


def _small_stay(town: Town, rng: Random, person: dict[str, Any], begin: date,
                number: str) -> dict[str, Any]:  # fmt: skip
    return {
        "等级": rng.choice(("一级", "二级", "三级")), "高龄": rng.random() < 0.4,
        "结算ID": f"S{number}", "入院时间": f"{begin} 08:00",
        "出院时间": f"{begin + timedelta(days=4)} 08:00",
        "明细": [
            {"金额": f"{rng.randint(2000, 90000) / 100:.2f}", "自费": rng.random() < 0.2}
            for _ in range(rng.randint(2, 5))
        ],
    }  # fmt: skip


def _line(rng: Random, begin: date) -> dict[str, Any]:
    level = rng.choice(("甲", "甲", "甲", "乙", "乙", "丙"))
    kind = rng.choice(("西药中成药", "医疗服务项目", "医用耗材"))
    share = {"甲": ("0%",), "乙": ("10%", "20%"), "丙": ("100%",)}[level]
    amount = f"{rng.randint(100, 500000) / 100:.2f}"
    flag = rng.choice(FLAGS)
    return {
        **({flag: True} if flag else {}), "金额": amount, "单价": amount, "收费项目等级": level, "目录类别": kind,
        "收费项目类别": "西药费" if kind == "西药中成药" else "治疗费",
        "自付比例": rng.choice(share), "发生时间": f"{begin} 09:00", "数量": "1",
    }  # fmt: skip


def another_stay(made: Scene, rng: Random) -> EarlierClaim:
    """A stay of the same person some weeks before all that is on file."""
    roles = ("人员编号", "险种", "参保地", "人员类别", "出生日期")
    person = {n: v for n, v in claim_data(made.claim, made.program).items() if n in roles}
    begin = date(made.town.year, 1, 25) + timedelta(days=rng.randint(0, 20))
    make = _stay if made.town.policy else _small_stay
    data = make(made.town, rng, person, begin, "9")
    return EarlierClaim(read_claim(data, made.program, MATTER))
