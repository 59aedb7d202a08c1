"""Fields the engine itself has to know, found by their national code.

A policy may name its fields as it likes; what a discharge or a settlement number is says the
code. Where a vocabulary lacks a role its name is '' and nothing is checked of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from tiaowen.compiler.core import FieldInfo, Program


def named(fields: Mapping[str, FieldInfo], *codes: str) -> str:
    """The field whose code, or else alias, is the first of ``codes`` that any has; else ''."""
    for code in codes:
        for info in fields.values():
            if code == info.code or code in info.aliases:
                return info.name
    return ""


@frozen
class Roles:
    """Names of the fields of a claim that order and check it; '' where there is none."""

    admission: str
    discharge: str
    encounter: str
    midway: str
    settlement: str
    settled_at: str
    birth: str

    @classmethod
    def of(cls, program: Program) -> Roles:
        """The roles of a program's fields."""
        fields = program.fields
        return cls(
            admission=named(fields, "begntime", "begndate"),
            discharge=named(fields, "endtime", "enddate"),
            encounter=named(fields, "mdtrt_id"),
            midway=named(fields, "mid_setl_flag"),
            settlement=named(fields, "setl_id"),
            settled_at=named(fields, "setl_time"),
            birth=named(fields, "brdy"),
        )


@frozen
class LineRoles:
    """Names of the fields of a fee line whose figures must agree."""

    total: str
    parts: tuple[str, ...]
    count: str
    price: str

    @classmethod
    def of(cls, fields: Mapping[str, FieldInfo]) -> LineRoles:
        """The roles of a collection's fields; no parts unless all four are declared."""
        codes = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
        parts = tuple(named(fields, code) for code in codes)
        return cls(
            named(fields, "det_item_fee_sumamt"),
            parts if all(parts) else (),
            named(fields, "cnt"),
            named(fields, "pric"),
        )
