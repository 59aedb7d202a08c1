"""Decisions to look at: one small policy, and claims that show each part of an explanation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from tiaowen.compiler.core import Program
from tiaowen.compiler.program import compile_policy
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.engine.claims.reading import read_claim
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.data import read_history
from tiaowen.engine.history.earlier import HistoryItem
from tiaowen.engine.history.person import decide_person
from tiaowen.engine.telling.explain import explain
from tiaowen.engine.telling.explanation import Explanation

FOLDER = Path(__file__).parent / "scenes"


@cache
def program() -> Program:
    """The scenes' policy, compiled."""
    documents = [
        read_document(Source(name, (FOLDER / name).read_text(encoding="utf-8")))
        for name in ("interface.tiao", "policy.md")
    ]
    return compile_policy(documents).demand()


@frozen
class Scene:
    """A claim with what it is decided under; ``decision`` and ``explanation`` are of it."""

    claim: Claim
    items: tuple[HistoryItem, ...] = ()
    readings: dict[str, str] = Factory(dict)
    parameters: dict[str, ParameterValue] = Factory(dict)

    @property
    def decision(self) -> Decision:
        return decide_person(
            program(), self.claim, self.items, readings=self.readings, parameters=self.parameters
        ).decision

    @property
    def explanation(self) -> Explanation:
        return explain(self.decision, engine="0.1.0", why_not=True)


def line(name: str, amount: str, grade: str, **more: Any) -> dict[str, Any]:
    return {"项目名称": name, "金额": amount, "收费项目等级": grade, **more}


PERSON = {"人员编号": "13100000000000230917", "姓名": "王秀兰", "出生日期": "1966-08-14"}
CATASTROPHIC = {"大病起付标准": ParameterValue(2_000_000, source="市医保发〔2023〕8号 第三条")}
TRANSFER_LINES = [
    line("普通床位费", "1200.00", "甲"),
    line("头孢曲松钠", "860.50", "甲"),
    line("阿托伐他汀钙片", "432.15", "乙"),
    line("冠状动脉支架", "8600.00", "乙"),
    line("Ⅱ级护理", "540.00", "甲"),
    line("空调费", "300.00", "丙"),
    line("健康体检套餐", "500.00", "甲", 健康体检="是"),
    line("CT 平扫", "940.00", "乙"),
]


def transfer(**readings: str) -> Scene:
    """Taken over from a secondary hospital the next day; one line excluded, a figure from
    another document, a default used."""
    earlier = read_history([{"申报": {
        "事项": "住院", **PERSON, "就诊ID": "MD20240301", "医院等级": "二级甲等",
        "入院时间": "2024-03-01 08:00", "出院时间": "2024-03-10 09:00", "就医地": "131002",
        "明细": [line("治疗费", "10000.00", "甲")]}}], program())  # fmt: skip
    claim = read_claim({
        "事项": "住院", **PERSON, "就诊ID": "MD20240311", "机构名称": "廊坊市人民医院",
        "医院等级": "三级甲等", "入院时间": "2024-03-11 10:30", "出院时间": "2024-03-20 10:15",
        "就医地": "131002", "转院前就诊ID": "MD20240301", "结算ID": "ST20240320000233",
        "明细": TRANSFER_LINES}, program())  # fmt: skip
    return Scene(claim, earlier, readings, CATASTROPHIC)


def parts() -> Scene:
    """Outside the area, filed late, with a purchase elsewhere: a decision in two parts."""
    claim = read_claim({
        "事项": "住院", **PERSON, "就诊ID": "MD20240502", "机构名称": "北京某医院",
        "医院等级": "三级甲等", "中医医院": "是", "入院时间": "2024-05-06 08:00",
        "出院时间": "2024-05-16 09:00", "就医地": "110105", "备案日期": "2024-05-13",
        "明细": [line("手术费", "26000.00", "甲"), line("外购抗菌药", "3200.00", "乙", 外购="是")],
    }, program())  # fmt: skip
    return Scene(claim, (), {}, CATASTROPHIC)


def stopped() -> Scene:
    """Neither the place of care nor the figure of the other document is given."""
    claim = read_claim({
        "事项": "住院", **PERSON, "就诊ID": "MD20240502", "医院等级": "二级甲等",
        "入院时间": "2024-05-06 08:00", "出院时间": "2024-05-16 09:00",
        "明细": [line("手术费", "36000.00", "甲")],
    }, program())  # fmt: skip
    return Scene(claim)


SCENES = {"transfer": transfer, "same-day": lambda: transfer(转院连续="同日"), "parts": parts,
          "stopped": stopped}  # fmt: skip
