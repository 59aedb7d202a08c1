"""What the groups of an impact are called: codes and keys as a reader knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.render.cells import visible
from tiaowen.review.impact.reasons import Reason
from tiaowen.review.impact.records import Breakdown, Fund, Row
from tiaowen.review.present.words import Labels, Words, labels_of

LEVEL, KIND = "hosp_lv", "psn_type"
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "matter": ("事项", "matter"), "level": ("医院等级", "hospital grade"),
    "age": ("年龄", "age"), "kind": ("人员类别", "category of person"),
    "place": ("就医地", "place of care"), "decile": ("费用十等分", "tenth by cost"),
}  # fmt: skip
"""A dimension -> its title: Chinese, English."""
PLACES: Mapping[str, tuple[str, str]] = {
    "area": ("参保地统筹区内", "in the insured's own area"),
    "province": ("省内其他地方", "elsewhere in the province"),
    "elsewhere": ("省外", "outside the province"),
}  # fmt: skip
DECILES: Mapping[str, tuple[str, str]] = {
    "01": ("费用最低的一成", "lowest-cost tenth"),
    **{f"{n:02d}": (f"第{'一二三四五六七八九'[n - 1]}成", f"tenth no. {n}") for n in range(2, 10)},
    "10": ("费用最高的一成", "highest-cost tenth"),
}
_NOT_GIVEN = ("未填", "not given")


@frozen
class ImpactNames:
    """Words for the labels of groups in one language.

    ``matters`` are by name, ``levels`` by the code of the hospital's grade, ``kinds`` by the code
    of the category of person or its beginning. A label that nothing names stands as it is.
    """

    lang: Lang
    matters: Mapping[str, str]
    levels: Mapping[str, str]
    kinds: Mapping[str, str]
    labels: Labels = Labels()

    @classmethod
    def of(cls, program: Program, lang: Lang, others: Sequence[Program] = ()) -> ImpactNames:
        """The names that ``program`` declares, then those that only ``others`` do."""
        matters: dict[str, str] = {}
        levels: dict[str, str] = {}
        kinds: dict[str, str] = {}
        for each in reversed((program, *others)):
            english = labels_of(each).names
            matters |= {m: english.get(m, m) if lang == "en" else m for m in each.matters}
            levels |= _codes(each, LEVEL, lang)
            kinds |= _codes(each, KIND, lang)
        return cls(lang, matters, levels, kinds, labels_of(program))

    def dimension(self, dimension: str) -> str:
        """The title of a column of groups; an unknown dimension is titled by its key."""
        return self._pick(DIMENSIONS.get(dimension, (dimension, dimension)))

    def group(self, dimension: str, label: str) -> str:
        """What the group ``label`` of ``dimension`` is called; '' is a fact that was not given."""
        if not label:
            return self._pick(_NOT_GIVEN)
        fixed = {"place": PLACES, "decile": DECILES}.get(dimension, {})
        if label in fixed:
            return self._pick(fixed[label])
        named = {"matter": self.matters, "level": self.levels, "kind": self.kinds}
        return visible(named.get(dimension, {}).get(label, label))

    def fund(self, fund: Fund) -> str:
        """What a fund is called; '' for what no fund is named for."""
        named = self.labels.names.get(fund.name, fund.name) if self.lang == "en" else fund.name
        return visible(named or fund.code) if fund.name or fund.code else ""

    def step(self, reason: Reason) -> str:
        """The quantity that is otherwise, with its values before and after."""
        words = Words(self.lang, self.labels)
        before, after = (
            words("none") if value is None else words.value(value, reason.type, reason.quantity)
            for value in (reason.before, reason.after)
        )
        return f"{words.name(reason.quantity)} {before} → {after}"

    def ordered(self, breakdown: Breakdown) -> tuple[Row, ...]:
        """The groups as they are shown: places from near to far, all others as they come."""
        if breakdown.dimension != "place":
            return breakdown.rows
        order = {label: number for number, label in enumerate(("", *PLACES))}
        return tuple(sorted(breakdown.rows, key=lambda row: order.get(row.label, len(order))))

    def _pick(self, both: tuple[str, str]) -> str:
        return both[0 if self.lang == "zh" else 1]


def _codes(program: Program, field: str, lang: Lang) -> Mapping[str, str]:
    """The members of the enumeration that the field of national code ``field`` takes, by code and,
    as a file may say either, by name."""
    named: dict[str, str] = {}
    for info in program.fields.values():
        enum = program.enums.get(info.type.name)
        if info.code != field or enum is None:
            continue
        for member, code in enum.codes.items():
            said = enum.english.get(member, member) if lang == "en" else member
            named[code.rstrip("*")] = named[member] = said
    return named
