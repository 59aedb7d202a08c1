"""A kernel before it is machine code: its text, and what each of its arrays is."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.engine.kernel.columns import Column, Output
from tiaowen.engine.kernel.names import CodeTest, Joined
from tiaowen.engine.kernel.owning import OWNER
from tiaowen.engine.kernel.values import Stop


@frozen(eq=False)
class Generated:
    """A kernel's text and what its arrays are: ``arrays`` in the order of the function's
    parameters behind begin and end."""

    source: str
    arrays: tuple[str, ...]
    matters: tuple[str, ...]
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    stops: Mapping[int, Stop]
    tables: list[int]
    """what is looked up behind the days of the calendar"""
    tests: Mapping[str, CodeTest | Joined]
    codes: tuple[str, ...]
    texts: Mapping[str, int]
    members: Mapping[str, int]
    inputs: Mapping[str, str]
    """array -> the column, validity (?) or offsets ([) that it is"""
    written: Mapping[str, str]
    """array -> the output it is"""
    scratch: Mapping[str, str]
    """array -> rows (as long as the longest person) or years or one"""
    rules: tuple[c.Rule, ...]
    """the rules of the columns ``rule_…``, from 1"""
    opening: Mapping[str, str]
    """array -> what of the opening totals it is, behind ? whether that is stated"""

    @property
    def cells(self) -> dict[str, str]:
        """The type of each array's cells, in the order of ``arrays``."""
        fixed = {"person": "int32", "matter": "int16", "reject": "int32"}
        dtypes = {column.name: column.dtype for column in self.columns}

        def cell(array: str) -> str:
            if array in fixed:
                return fixed[array]
            if array.endswith(OWNER) and array in self.scratch:
                return fixed["person"]
            if array in self.written or array in self.scratch:
                return "int64"
            if array in self.opening:
                return "uint8" if self.opening[array].endswith("?") else "int64"
            key = self.inputs.get(array, "")
            if not key:
                return "int32"
            return "int64" if key.endswith("[") else "uint8" if key.endswith("?") else dtypes[key]

        return {array: cell(array) for array in self.arrays}
