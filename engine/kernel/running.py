"""A kernel that runs: columns in, columns out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from tiaowen.compiler.core import Rule
from tiaowen.engine.kernel import lookup
from tiaowen.engine.kernel.columns import Column, Output
from tiaowen.engine.kernel.generating import Generated
from tiaowen.engine.kernel.graph import FUNCTIONS
from tiaowen.engine.kernel.values import Stop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

YEARS = 1100
"""The years of the language, 1900 to 2999."""

REFUSED = -1
"""The reject of a row whose matter is none of the kernel's."""


@frozen(eq=False)
class Settled:
    """What came of the rows. ``reject`` is 0 for a row that was decided, else a number of the
    kernel's ``stops``; the outputs of a row that was not are 0."""

    reject: NDArray[np.int32]
    outputs: Mapping[str, NDArray[np.int64]]


@frozen(eq=False)
class Openings:
    """Totals of years before the rows begin, in the order of ``person``: one entry for each year
    of a person. ``values`` are by ``Kernel.opening_keys``, money in 分; ``stated`` says which
    are (all, where a key is not named). A key that has no values is stated for nobody."""

    person: NDArray[np.int64]
    year: NDArray[np.int64]
    values: Mapping[str, NDArray[np.int64]]
    stated: Mapping[str, NDArray[np.uint8]] = field(factory=dict)


@define(eq=False)
class Kernel:
    """A policy's matters under chosen readings and parameters, as one loop over rows.

    ``matters`` are numbered from 1, as in the column of matters. ``codes`` open the dictionary
    of prefix codes, ``texts`` number the texts that the policy names; ``members`` number the
    members of enumerations in outputs. A kernel may be pickled: its machine code goes along, and
    on another kind of machine it is made anew.
    """

    generated: Generated
    call: Callable[..., None] | None = field(default=None, repr=False)
    """The machine code; None where the text is run as Python."""
    code: bytes = field(default=b"", repr=False)
    """What ``call`` was loaded from, and the machine (``machine_name``) that it is for."""
    machine: str = field(default="", repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (self.generated, self.code, self.machine)

    @property
    def matters(self) -> tuple[str, ...]:
        return self.generated.matters

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the rows have to give, in no order."""
        return self.generated.columns

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What is written, in the order of the matters' statements."""
        return self.generated.outputs

    @property
    def collections(self) -> tuple[str, ...]:
        """The national codes of the nested columns' collections, whose offsets are needed."""
        return tuple(key[:-1] for key in self.generated.inputs.values() if key.endswith("["))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that the columns ``rule_…`` number, from 1; 0 is none."""
        return self.generated.rules

    @property
    def opening_keys(self) -> tuple[str, ...]:
        """What totals before the rows may state: quantities, alone or behind their matter and a
        point, and counts of decisions (``次数.`` and the matter)."""
        fixed = ("opening_from", "opening_to", "opening_year")
        keys = (key for key in self.generated.opening.values() if key not in fixed)
        return tuple(key for key in keys if not key.endswith("?"))

    @property
    def codes(self) -> tuple[str, ...]:
        return self.generated.codes

    @property
    def texts(self) -> Mapping[str, int]:
        return self.generated.texts

    @property
    def members(self) -> Mapping[str, int]:
        return self.generated.members

    @property
    def stops(self) -> Mapping[int, Stop]:
        """Why a row is not decided, by the number in ``reject``."""
        return {REFUSED: Stop("TW1303", ""), **self.generated.stops}

    def run(
        self,
        columns: Mapping[str, NDArray[Any]],
        *,
        person: NDArray[np.int64],
        matter: NDArray[np.int16],
        valid: Mapping[str, NDArray[np.uint8]] | None = None,
        offsets: Mapping[str, NDArray[np.int64]] | None = None,
        codes: Sequence[str] = (),
        openings: Openings | None = None,
        trusted: bool = False,
    ) -> Settled:
        """Settle rows that stand by person, each person's in the order of their claims.

        ``person`` tells whose a row is, ``matter`` which (a number of ``matters``). ``columns``
        are by national code, as ``self.columns`` describes them; ``valid`` says of those that
        may be empty which cells are not (all, where a column is not named). ``offsets`` says
        for each collection where the elements of row n begin and, in n+1, end. ``codes`` is the
        dictionary of prefix codes, beginning with ``self.codes``. ``openings`` are used by a
        kernel that was built with ``opening``. Raises ``ValueError`` where a column does not
        hold what ``self.columns`` says of it; ``trusted`` columns are not looked through.
        """
        import numpy as np

        rows = len(person)
        arrays: dict[str, Any] = {"person": _people(person), "matter": _as(matter, "int16")}
        arrays["reject"] = np.zeros(rows, np.int32)
        self._inputs(arrays, columns, valid or {}, offsets or {}, rows)
        if not trusted:
            self._check(arrays, len(codes) or len(self.codes))
        if self.generated.opening:
            self._opening(arrays, openings, person)
        for array in self.generated.written:
            arrays[array] = np.zeros(rows, np.int64)
        self._scratch(arrays)
        entries = tuple(codes) or self.codes
        if entries[: len(self.codes)] != self.codes:
            raise ValueError("the dictionary of codes does not begin with the kernel's own")
        for name, test in self.generated.tests.items():
            if name in self.generated.arrays:
                arrays[name] = np.array(test.cells(entries) or [0], np.int32)
        arrays[lookup.ARRAY] = self._looked_up
        self._call(0, rows, arrays)
        written = {code: arrays[array] for array, code in self.generated.written.items()}
        return Settled(arrays["reject"], written)

    @cached_property
    def _looked_up(self) -> Any:
        return lookup.array(self.generated.tables)

    def _inputs(self, arrays: dict[str, Any], columns: Mapping[str, Any], valid: Mapping[str, Any],
                offsets: Mapping[str, Any], rows: int) -> None:  # fmt: skip
        import numpy as np

        lengths = {"": rows}
        lacking = [column.name for column in self.columns if column.name not in columns]
        lacking += [f"offsets of {code}" for code in self.collections if code not in offsets]
        if lacking:
            raise ValueError(f"not given: {', '.join(lacking)}")
        kinds = {column.name: column for column in self.columns}
        for array, key in self.generated.inputs.items():
            if key.endswith("["):
                arrays[array] = _as(offsets[key[:-1]], "int64")
                lengths[key[:-1]] = int(arrays[array][-1]) if rows else 0
        for array, key in self.generated.inputs.items():
            if key.endswith("["):
                continue
            length = lengths[key.split(".")[0] if "." in key else ""]
            if key.endswith("?"):
                given = valid.get(key[:-1])
                arrays[array] = np.ones(length, np.uint8) if given is None else _as(given, "uint8")
            else:
                arrays[array] = _as(columns[key], kinds[key].dtype)
            if len(arrays[array]) < length:
                raise ValueError(f"column {key} has {len(arrays[array])} of {length} rows")

    def _check(self, arrays: Mapping[str, Any], entries: int) -> None:
        """The code reads by what columns hold: a day or a code out of bounds must not reach it."""
        kinds = {column.name: column for column in self.columns}
        for array, key in self.generated.inputs.items():
            cells = arrays[array]
            if (
                key.endswith("[")
                and len(cells)
                and (cells[0] < 0 or (cells[1:] < cells[:-1]).any())
            ):
                raise ValueError(f"the offsets of {key[:-1]} do not ascend")
            if key in kinds and len(cells):
                column, lowest, highest = kinds[key], int(cells.min()), int(cells.max())
                hi = entries - 1 if column.kind == "code" else column.hi
                if (lowest < min(column.lo, 0) or highest > max(hi, 0)) and column.kind != "text":
                    raise ValueError(f"column {key} holds {lowest} to {highest}, "
                                     f"not {column.lo} to {hi}")  # fmt: skip

    def _opening(self, arrays: dict[str, Any], given: Openings | None, person: Any) -> None:
        import numpy as np

        none = np.zeros(0, np.int64)
        openings = given or Openings(none, none, {})
        entries = len(openings.person)
        for array, key in self.generated.opening.items():
            name = key.removesuffix("?")
            if key in ("opening_from", "opening_to"):
                side: Any = "left" if key == "opening_from" else "right"
                arrays[array] = np.searchsorted(openings.person, person, side)
            elif key == "opening_year":
                arrays[array] = _as(openings.year, "int64")
            elif name != key:
                stated = openings.stated.get(name, np.full(entries, name in openings.values))
                arrays[array] = _as(stated, "uint8")
            else:
                arrays[array] = _as(openings.values.get(key, np.zeros(entries)), "int64")

    def _scratch(self, arrays: dict[str, Any]) -> None:
        import numpy as np

        looked_back = "rows" in self.generated.scratch.values()
        longest = _longest(arrays["person"]) if looked_back else 0
        sizes = {"rows": max(1, longest), "years": YEARS, "one": 1}
        cells = self.generated.cells
        for array, size in self.generated.scratch.items():
            arrays[array] = np.zeros(sizes[size], cells[array])

    def _call(self, begin: int, end: int, arrays: dict[str, Any]) -> None:
        ordered = [arrays[name] for name in self.generated.arrays]
        if self.call is not None:
            self.call(begin, end, ordered)
            return
        names: dict[str, Any] = dict(FUNCTIONS)
        exec(compile(self.generated.source, "<kernel>", "exec"), names)
        lists = [array.tolist() for array in ordered]
        names["run"](begin, end, *lists)
        for array, cells in zip(ordered, lists, strict=True):
            if array.flags.writeable:
                array[:] = cells


def _as(array: Any, dtype: str) -> Any:
    import numpy as np

    return np.ascontiguousarray(array, dtype=dtype)


def _arrived(generated: Generated, code: bytes, machine: str) -> Kernel:
    """A kernel that was made elsewhere, ready to run here."""
    from tiaowen.engine.kernel.loading import loaded, machine_name, object_code
    from tiaowen.engine.kernel.machine import module_text

    if not code:
        return Kernel(generated)
    here = machine_name()
    if machine != here:
        code = object_code(module_text(generated.source, generated.cells))
    return Kernel(generated, loaded(code), code, here)


def _people(person: Any) -> Any:
    """Numbers that change where the person does, of 32 bits."""
    import numpy as np

    if len(person) and person.dtype != np.int32 and int(np.abs(person).max()) >= 1 << 31:
        person = np.cumsum(np.diff(person, prepend=person[0]) != 0)
    return _as(person, "int32")


def _longest(person: Any) -> int:
    """The rows of the person who has most."""
    import numpy as np

    if not len(person):
        return 0
    begins = np.flatnonzero(np.diff(person)) + 1
    return int(np.diff(begins, prepend=0, append=len(person)).max())
