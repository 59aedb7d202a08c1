"""The results as tables: on the terminal, and as Markdown for the page on speed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from attrs import frozen
from tests.bench.ways import IN_MEMORY, OF_FILES, Way, way

Lang = Literal["zh", "en"]
Row = Mapping[str, Any]
GIB = 2**30
_PLACES = {"langfang": ("廊坊", "Langfang (廊坊)"), "ziyang": ("资阳", "Ziyang (资阳)")}


@frozen
class Shown:
    """A table in words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(found: Mapping[str, Any], lang: Lang) -> Iterator[Shown]:
    """Every section of the results, in their order."""
    for name in dict.fromkeys(row["workload"] for row in found["memory"]):
        yield _memory([row for row in found["memory"] if row["workload"] == name], name, lang)
    for name in dict.fromkeys(row["workload"] for row in found["files"]):
        yield _files([row for row in found["files"] if row["workload"] == name], name, lang)
    if found["memory"] or found["files"]:
        yield _second_thread(found, lang)
    if found["growth"]:
        yield _growth(found["growth"], lang)
    if found["compile"]:
        yield _compile(found["compile"], lang)


def _memory(rows: Sequence[Row], name: str, lang: Lang) -> Shown:
    base = _base(rows)
    title = {
        "zh": f"{_PLACES[name][0]}：内存中的列",
        "en": f"{_PLACES[name][1]}: columns in memory",
    }
    heads = {
        "zh": ("做法", "线程", "行数", "每条", "每秒", "C = 1", "GiB", "结果"),
        "en": ("way", "threads", "rows", "a claim", "a second", "C = 1", "GiB", "results"),
    }
    cells = tuple(_measured(row, way(IN_MEMORY, row["way"]), base, lang) for row in rows)
    return Shown(title[lang], heads[lang], cells)


def _files(rows: Sequence[Row], name: str, lang: Lang) -> Shown:
    base = next((_each(row) for row in rows if row["way"] == "copy-claims" and "wall" in row), None)
    title = {"zh": f"{_PLACES[name][0]}：从文件到文件", "en": f"{_PLACES[name][1]}: file to file"}
    heads = {
        "zh": ("做法", "线程", "行数", "全程", "每秒", "读写 = 1", "GiB", "结果"),
        "en": ("way", "threads", "rows", "in all", "a second", "copy = 1", "GiB", "results"),
    }
    cells = tuple(_measured(row, way(OF_FILES, row["way"]), base, lang, whole=True) for row in rows)
    return Shown(title[lang], heads[lang], cells)


def _measured(
    row: Row, of: Way, base: float | None, lang: Lang, whole: bool = False
) -> tuple[str, ...]:
    name = of.zh if lang == "zh" else of.en
    if "wall" not in row:
        return (name, str(row["threads"]), *("—",) * 5, _why(row, lang))
    each = _each(row)
    time = f"{each * row['rows']:.2f} s" if whole else _small(each)
    ratio = "" if base is None else f"{each / base:.2f}"
    return (name, str(row["threads"]), _many(row["rows"]), time, _many(1 / each), ratio,
            f"{row['peak'] / GIB:.2f}", _same(row, lang))  # fmt: skip


def _why(row: Row, lang: Lang) -> str:
    """Why there is no figure."""
    if "failed" in row:
        return str(row["failed"])
    return {"zh": "没有：", "en": "not here: "}[lang] + str(row["missing"])


def _same(row: Row, lang: Lang) -> str:
    if "differs" not in row:
        return (
            "—" if row["way"] not in ("kernel", "batch") else {"zh": "基准", "en": "measure"}[lang]
        )
    if row["differs"]:
        return str(row["differs"])
    return {"zh": "相同", "en": "equal"}[lang]


def _second_thread(found: Mapping[str, Any], lang: Lang) -> Shown:
    """How many times as fast two threads are."""
    title = {"zh": "第二个线程", "en": "The second thread"}
    heads = {
        "zh": ("数据", "做法", "两线程的倍数"),
        "en": ("workload", "way", "two threads, times one"),
    }
    cells = []
    for section, level in (("memory", IN_MEMORY), ("files", OF_FILES)):
        by = {(r["workload"], r["way"], r["threads"]): r for r in found[section] if "wall" in r}
        for (name, key, threads), row in by.items():
            if threads == 2 and (one := by.get((name, key, 1))):
                label = way(level, key).zh if lang == "zh" else way(level, key).en
                place = _PLACES[name][0 if lang == "zh" else 1]
                cells.append((place, label, f"{_each(one) / _each(row):.2f}"))
    return Shown(title[lang], heads[lang], tuple(cells))


def _growth(rows: Sequence[Row], lang: Lang) -> Shown:
    title = {"zh": "tiaowen batch 的内存（廊坊）", "en": "Memory of tiaowen batch (Langfang)"}
    heads = {"zh": ("行数", "GiB", "全程"), "en": ("rows", "GiB", "in all")}
    cells = []
    for row in rows:
        if "wall" not in row:
            cells.append((f"{row['rows']:,}", "—", _why(row, lang)))
        else:
            wall = f"{_middle(row):.1f} s"
            cells.append((f"{row['rows']:,}", f"{row['peak'] / GIB:.2f}", wall))
    return Shown(title[lang], heads[lang], tuple(cells))


def _compile(rows: Sequence[Row], lang: Lang) -> Shown:
    few = rows[0]["rows"]
    title = {"zh": "第一条数据之前", "en": "Before the first claim"}
    heads = {
        "zh": ("政策", "", "读入并检查", "内核", f"batch，{few:,} 行"),
        "en": ("policy", "", "read and checked", "kernel", f"batch of {few:,} rows"),
    }
    cases = {
        "cold": {"zh": "初次", "en": "first time"}[lang],
        "cached": {"zh": "再次", "en": "again"}[lang],
    }
    cells = tuple(
        (_PLACES[row["workload"]][0 if lang == "zh" else 1], label,
         *(f"{row[case][key]:.2f} s" for key in ("read", "made", "command")))
        for row in rows if "cold" in row for case, label in cases.items()
    )  # fmt: skip
    return Shown(title[lang], heads[lang], cells)


def _base(rows: Sequence[Row]) -> float | None:
    """Seconds a claim of the fastest C on one thread."""
    times = [_each(row) for row in rows
             if row["way"].startswith("c-") and row["threads"] == 1 and "wall" in row]  # fmt: skip
    return min(times, default=None)


def _each(row: Row) -> float:
    """Seconds a claim, the median of the runs."""
    return _middle(row) / float(row["rows"])


def _middle(row: Row) -> float:
    return float(statistics.median(row["wall"]))


def _many(count: float) -> str:
    """A count in few figures: 10 M, 20 k, 123."""
    for unit, sign in ((1e6, "M"), (1e3, "k")):
        if count >= unit:
            return f"{count / unit:.3g} {sign}"
    return f"{count:.0f}"


def _small(seconds: float) -> str:
    return f"{seconds * 1e9:,.1f} ns" if seconds < 1e-6 else f"{seconds * 1e6:,.1f} µs"


def markdown(shown: Shown) -> str:
    """A table for a page; all but the first column to the right where they are figures."""
    figures = [all(any(c.isdigit() or c == "—" for c in row[n][:1]) for row in shown.rows)
               for n in range(len(shown.heads))]  # fmt: skip
    rule = ["---:" if figure and n else "---" for n, figure in enumerate(figures)]
    lines = [shown.heads, tuple(rule), *shown.rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"**{shown.title}**\n\n{body}\n"
