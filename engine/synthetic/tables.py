"""Made-up claims as Arrow batches, under the names of the national settlement interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tiaowen.engine.decimals import decimals
from tiaowen.engine.synthetic import assumptions as a
from tiaowen.engine.synthetic.charges import Lines, lines, totals
from tiaowen.engine.synthetic.drawing import Ints
from tiaowen.engine.synthetic.encounters import Encounters, block_of
from tiaowen.engine.synthetic.people import People
from tiaowen.engine.synthetic.plan import BLOCK, Plan

if TYPE_CHECKING:
    import pyarrow as pa

MINUTE = 60
_DAY_SURGERY = [code for code, _ in a.KINDS_OF_STAYS].index("28")
_CHRONIC = [code for code, _ in a.KINDS_OF_VISITS].index("14")


def claims(plan: Plan, first: int = 0) -> Iterator[pa.RecordBatch]:
    """The claims of ``plan``, a batch a block of people, from block number ``first`` on; sorted by
    person and beginning."""
    for block in range(first, plan.blocks):
        yield _batch(plan, block)


def schema(plan: Plan) -> pa.Schema:
    """The columns that ``claims`` gives: money as decimal(16, 2), codes as dictionaries."""
    from attrs import evolve

    return _batch(evolve(plan, people=1), 0).schema


def _batch(plan: Plan, block: int) -> pa.RecordBatch:
    import pyarrow as pa

    who, found, draw = block_of(plan, block)
    made = lines(found, draw)
    columns = {
        **_person(plan, block, who, found),
        **_institution(plan, who, found),
        **_encounter(plan, block, who, found),
        **_bill(made),
    }
    if plan.lines:
        columns["feedetail"] = _lines(made)
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _person(plan: Plan, block: int, who: People, found: Encounters) -> dict[str, Any]:
    import pyarrow as pa

    groups = a.GROUPS[plan.insurance]
    number = found.person + block * BLOCK + 1
    size = len(found)
    employed = plan.insurance == "310"
    since = who.since[found.person].astype(np.int32)
    supplemented = who.supplemented[found.person]
    return {
        "psn_no": _numbered(plan.region, number, 14),
        "brdy": pa.array(who.born[found.person].astype(np.int32), pa.date32()),
        "gend": _codes(who.sex[found.person] - 1, ("1", "2")),
        "insutype": _codes(np.zeros(size, dtype=np.int64), (plan.insurance,)),
        "psn_type": _codes(who.group[found.person], [group.code for group in groups]),
        "insuplc_admdvs": _codes(who.home[found.person], plan.homes),
        "x_plan": _codes(np.zeros(size, dtype=np.int64), ("1",), np.full(size, not employed)),
        "x_benefit_from": pa.array(since, pa.date32()),
        "x_supp_flag": pa.array(supplemented),
        "x_supp_paid": pa.array(since, pa.date32(), mask=~supplemented),
    }


def _institution(plan: Plan, who: People, found: Encounters) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    place = _place(plan, who, found)
    grade = _codes(found.grade, [code for code, _ in a.GRADES_OF_STAYS])
    number = _numbered("", found.hospital, 2)
    text = pa.string()
    code = pc.binary_join_element_wise("H", place.cast(text), grade.cast(text), number, "")
    return {
        "fixmedins_code": code,
        "hosp_lv": grade,
        "fix_blng_admdvs": place,
        "x_tcm_hosp_flag": pa.array(found.hospital % 5 == 0),
        "x_grassroots_flag": pa.array(found.grade >= 4),
        "x_zero_markup_flag": pa.array(found.grade >= 4),
    }


def _encounter(plan: Plan, block: int, who: People, found: Encounters) -> dict[str, Any]:
    import pyarrow as pa

    number = np.arange(len(found), dtype=np.int64) + block * BLOCK * 1000
    encounter = _numbered(f"M{plan.region}", number, 13)
    elsewhere = found.place >= 0
    filed = elsewhere & (found.filing < len(a.FILINGS) - 1)
    before = np.where(found.moved, np.maximum(np.arange(len(found)) - 1, 0), -1)
    earlier = encounter.take(pa.array(before, mask=before < 0))
    disease = (found.kind == _CHRONIC) & ~found.stay
    settled = found.ended + np.where(found.stay, 30, 5)
    left = np.zeros(len(found), dtype=np.int64)
    left[:-1] = found.moved[1:]
    return {
        "mdtrt_id": encounter,
        "med_type": _codes(found.kind + np.where(found.stay, 0, len(a.KINDS_OF_STAYS)),
                           [code for code, _ in (*a.KINDS_OF_STAYS, *a.KINDS_OF_VISITS)]),
        "begntime": _moment(found.begun),
        "endtime": _moment(found.ended),
        "mdtrtarea_admdvs": _place(plan, who, found),
        "refl_old_mdtrt_id": earlier,
        "dscg_way": _codes(left, ("1", "2")),
        "x_day_surg_flag": pa.array(found.stay & (found.kind == _DAY_SURGERY)),
        "dise_codg": _codes(found.disease, [code for code, _ in a.DISEASES], ~disease),
        "rloc_rea": _codes(np.where(filed, found.filing, len(a.FILINGS) - 1),
                           [code for code, _ in a.FILINGS]),
        "rloc_admdvs": _place(plan, who, found, ~filed),
        "x_filing_date": pa.array(found.filed.astype(np.int32), pa.date32(), mask=~filed),
        "setl_id": _numbered(f"S{plan.region}", number, 13),
        "setl_time": _moment(settled),
        "x_reg_time": _moment(found.begun + 20),
    }  # fmt: skip


def _bill(made: Lines) -> dict[str, Any]:
    parts = totals(made)
    return {
        "medfee_sumamt": _money(parts.total),
        "fulamt_ownpay_amt": _money(parts.own),
        "overlmt_selfpay": _money(parts.over),
        "preselfpay_amt": _money(parts.first),
        "inscp_scp_amt": _money(parts.eligible),
    }


def _lines(made: Lines) -> pa.Array:
    """Each encounter's lines, as a list of records."""
    import pyarrow as pa

    offsets = np.concatenate([[0], np.cumsum(made.counts)]).astype(np.int32)
    ordinal = np.arange(len(made.amount)) - np.repeat(offsets[:-1], made.counts) + 1
    charges = [code for _, codes in sorted(a.CHARGES.items()) for code in codes]
    known = np.array([[charges.index(codes[n % len(codes)]) for n in range(60)]
                      for codes in (a.CHARGES[code] for code, _ in a.CATALOGUES)])  # fmt: skip
    share = np.array([a.OWN_SHARE_OF_CLASS[code] for code, _ in a.CLASSES])[made.grade]
    columns = {
        "feedetl_sn": _numbered("", ordinal, 3),
        "fee_ocur_time": _moment(made.day * 1440),
        "det_item_fee_sumamt": _money(made.amount),
        "cnt": decimals(made.number * 10_000, 16, 4),
        "pric": decimals(made.price * 10_000, 16, 6),
        "pric_uplmt_amt": decimals(made.limit * 10_000, 16, 6, ~made.limited),
        "selfpay_prop": decimals(share, 5, 4),
        "chrgitm_lv": _codes(made.grade, [code for code, _ in a.CLASSES]),
        "list_type": _codes(made.catalogue, [code for code, _ in a.CATALOGUES]),
        "med_chrgitm_type": _codes(known[made.catalogue, made.charge], charges),
    }
    records = pa.StructArray.from_arrays(list(columns.values()), names=list(columns))
    return pa.ListArray.from_arrays(pa.array(offsets), records)


# --- columns


def _place(plan: Plan, who: People, found: Encounters, hidden: Any = None) -> pa.Array:
    """Where care was given: the person's own division, or one elsewhere."""
    places = [plan.capital if code == "own capital" else code for code, _ in a.PLACES_ELSEWHERE]
    index = np.where(found.place >= 0, found.place + len(plan.homes), who.home[found.person])
    return _codes(index, [*plan.homes, *places], hidden)


def _codes(index: Ints, codes: Sequence[str], hidden: Any = None) -> pa.Array:
    import pyarrow as pa

    indices = pa.array(index.astype(np.int8 if len(codes) < 128 else np.int32), mask=hidden)
    return pa.DictionaryArray.from_arrays(indices, pa.array(codes, pa.string()))


def _numbered(head: str, number: Ints, digits: int) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_lpad(pa.array(number).cast(pa.string()), digits, "0")
    return pc.binary_join_element_wise(head, text, "") if head else text


def _moment(minutes: Ints) -> pa.Array:
    import pyarrow as pa

    return pa.array(minutes.astype(np.int64) * MINUTE, pa.timestamp("s"))


def _money(fen: Ints) -> pa.Array:
    return decimals(fen, 16, 2)
