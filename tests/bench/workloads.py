"""The two workloads, as columns in memory and as Parquet files.

Every row follows from its number: a workload of n rows is the beginning of every longer one, so
a peer that can only take a part is compared on that part. Rows stand by person and, within a
person, by time; no two stays of a person overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from tests.bench import provisions as p

Array: TypeAlias = NDArray[Any]
Draw: TypeAlias = np.random.Generator

PEOPLE = 1 << 17
"""People of one block, which is made from the seed and its number alone."""
SEED = 7
FIRST_DAY = 19_358
"""2023-01-01, in days from 1970."""
MOST = 2_000_000_000
"""No amount is above this many 分."""


@frozen(eq=False)
class Work:
    """Rows as columns: amounts in 分, days from 1970, codes by their place in ``provisions``.
    ``lines`` are those of fee lines, of row n from ``offsets[n]`` to ``offsets[n + 1]``."""

    name: str
    columns: Mapping[str, Array]
    lines: Mapping[str, Array]
    offsets: Array

    @property
    def rows(self) -> int:
        return len(self.columns["person"])

    def first(self, rows: int) -> Work:
        """The first ``rows`` rows."""
        last = int(self.offsets[rows]) if self.lines else 0
        return Work(
            self.name,
            {name: column[:rows] for name, column in self.columns.items()},
            {name: column[:last] for name, column in self.lines.items()},
            self.offsets[: rows + 1],
        )


def save(name: str, rows: int, folder: Path) -> None:
    """Keep the columns of a workload as files that ``loaded`` reads, block by block."""
    folder.mkdir(parents=True)
    ends = 0
    for part in blocks(name, rows):
        cells = {f"column.{key}": column for key, column in part.columns.items()}
        cells |= {f"line.{key}": column for key, column in part.lines.items()}
        if part.lines:
            cells["offsets.rows"] = part.offsets[1:] + ends
            ends += int(part.offsets[-1])
        for key, column in cells.items():
            with (folder / f"{key}.{column.dtype}").open("ab") as file:
                column.tofile(file)


def loaded(name: str, folder: Path, rows: int) -> Work:
    """The first ``rows`` rows of what ``save`` kept."""

    def found(kind: str, count: int) -> dict[str, Array]:
        files = [path.name.split(".") for path in sorted(folder.glob(f"{kind}.*"))]
        return {key: np.fromfile(folder / f"{kind}.{key}.{dtype}", dtype, count)
                for _, key, dtype in files}  # fmt: skip

    ends = found("offsets", rows).get("rows", np.zeros(0, np.int64))
    offsets = np.concatenate([[0], ends]) if len(ends) else ends
    lines = found("line", int(ends[-1])) if len(ends) else {}
    return Work(name, found("column", rows), lines, offsets)


def blocks(name: str, rows: int) -> Iterator[Work]:
    """The workload ``name`` of ``rows`` rows, a part at a time, whole people but for the last."""
    make, number = MAKERS[name], 0
    while rows > 0:
        found = make(np.random.default_rng((SEED, number)), number * PEOPLE)
        found = found.first(min(rows, found.rows))
        yield found
        rows, number = rows - found.rows, number + 1


def workload(name: str, rows: int) -> Work:
    """The workload ``name`` of ``rows`` rows, whole."""
    parts = list(blocks(name, rows))

    def joined(pick: Callable[[Work], Mapping[str, Array]]) -> dict[str, Array]:
        return {key: np.concatenate([pick(part)[key] for part in parts]) for key in pick(parts[0])}

    ends, offsets = 0, [np.zeros(1, np.int64)]
    for part in parts:
        if part.lines:
            offsets.append(part.offsets[1:] + ends)
            ends += int(part.offsets[-1])
    lines = joined(lambda part: part.lines)
    return Work(name, joined(lambda part: part.columns), lines,
                np.concatenate(offsets) if lines else np.zeros(0, np.int64))  # fmt: skip


def _stays(draw: Draw, first: int) -> dict[str, Array]:
    """Who is in hospital, and when: stays of 1 to 20 days, 1 to 200 days apart."""
    stays = np.minimum(draw.geometric(0.4, PEOPLE), 12)
    who = np.repeat(np.arange(PEOPLE), stays)
    length = draw.integers(1, 21, len(who))
    gone = np.cumsum(length + draw.integers(1, 200, len(who)))
    before = np.concatenate([[0], gone[:-1]])
    begin = FIRST_DAY + draw.integers(0, 365, PEOPLE)[who]
    begin = begin + before - before[np.cumsum(stays) - stays][who]
    return {
        "person": who + first + 1,
        "begin": begin.astype(np.int32),
        "end": (begin + length).astype(np.int32),
        "kind": draw.choice(3, len(who), p=(0.9, 0.04, 0.06)).astype(np.int16),
    }


def _langfang(draw: Draw, first: int) -> Work:
    found = _stays(draw, first)
    size = len(found["person"])
    chance = np.array((36, 30, 14, 10, 5, 2.8, 2, 0.1, 0.1)) / 100
    area = draw.choice(len(chance), size, p=chance).astype(np.int32)
    # A stay inside the area is settled midway at the turn of the year; few come as one.
    turn = (found["begin"].astype("M8[D]").astype("M8[Y]") + 1).astype("M8[D]").astype(np.int32)
    inside = np.array(p.LANGFANG_SCOPE)[area] == p.INSIDE
    whole = inside & (draw.random(size) < 0.95)
    found["end"] = np.where(whole, np.minimum(found["end"], turn - 1), found["end"])
    grades = np.array((0, 20, 12, 0, 30, 10, 0, 12, 6, 0, 10)) / 100
    total = np.minimum(draw.lognormal(13.4, 1.2, size), MOST).astype(np.int64) + 1
    own, over, paid_first = (
        total * draw.integers(0, most, size) // 1000 for most in (150, 20, 120)
    )
    found |= {
        "grade": draw.choice(len(grades), size, p=grades).astype(np.int16), "area": area,
        "total": total, "own": own, "over": over, "first": paid_first,
        "eligible": total - own - over - paid_first,
    }  # fmt: skip
    return Work("langfang", found, {}, np.zeros(0, np.int64))


def _ziyang(draw: Draw, first: int) -> Work:
    found = _stays(draw, first)
    who = found["person"] - first - 1
    size = len(who)
    age = draw.integers(20, 92, PEOPLE)
    born = (53 - age).astype("M8[Y]").astype("M8[D]").astype(np.int64)
    # No 29 February: a year's day from 0 to 58 is in January or on to 28 February.
    born = (born + draw.integers(0, 59, PEOPLE)).astype(np.int32)
    grades = np.array((0.1, 24, 16, 0, 26, 14, 0.1, 8, 5, 0, 6.8)) / 100
    found |= {
        "born": born[who],
        "retired": (age + draw.integers(-4, 5, PEOPLE) >= 60)[who].astype(np.int16),
        "grade": draw.choice(len(grades), size, p=grades).astype(np.int16),
        "area": draw.choice(5, size, p=(0.5, 0.2, 0.15, 0.1, 0.05)).astype(np.int32),
    }
    count = 1 + draw.poisson(9, size)
    offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    kinds = np.array(((0, 0), (1, 0), (0, 1), (1, 1), (2, 0)))
    kind = kinds[draw.choice(5, offsets[-1], p=(0.45, 0.2, 0.15, 0.15, 0.05))]
    severity = np.repeat(draw.lognormal(0, 1.1, size), count)
    price = draw.lognormal(9.9, 1.3, offsets[-1]) * severity
    price = np.minimum(price, MOST // 100).astype(np.int64) + 1
    lines = {
        "amount": price * draw.integers(1, 6, len(price)), "price": price,
        "class": kind[:, 0].astype(np.int16), "catalogue": kind[:, 1].astype(np.int16),
    }  # fmt: skip
    return Work("ziyang", found, lines, offsets)


MAKERS: Mapping[str, Callable[[Draw, int], Work]] = {"langfang": _langfang, "ziyang": _ziyang}
