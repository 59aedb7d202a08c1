"""The ways of settling that are measured, and what each of them is."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

_PEERS = "tests.bench.peers."


@frozen
class Way:
    """One way of settling a workload. ``module`` has ``prepared`` for columns in memory;
    ``options`` go to it. ``threads`` are the numbers of threads it is measured with."""

    key: str
    zh: str
    en: str
    module: str
    options: Mapping[str, str] = field(factory=dict)
    threads: tuple[int, ...] = (1,)
    workloads: tuple[str, ...] = ("langfang", "ziyang")
    settles: bool = True
    """Whether its answers have to be ours."""


IN_MEMORY = (
    Way("kernel", "条文的内核", "tiaowen's kernel", _PEERS + "kernel", threads=(1, 2)),
    Way("c-blocks", "C，向量化", "C, in vectors", _PEERS + "loops_in_c",
        {"manner": "blocks"}, (1, 2)),
    Way("c-plain", "C，逐行", "C, row by row", _PEERS + "loops_in_c", {"manner": "plain"}, (1, 2)),
    Way("touch", "只读写内存", "touching memory", _PEERS + "loops_in_c",
        {"manner": "touch"}, workloads=("langfang",), settles=False),
    Way("numba", "numba，逐行", "numba, row by row", _PEERS + "loops_in_numba", threads=(1, 2)),
    Way("polars", "Polars", "Polars", _PEERS + "frames_in_polars", threads=(2,)),
    Way("duckdb", "DuckDB SQL", "DuckDB SQL", _PEERS + "sql_in_duckdb", threads=(2,)),
    Way("openfisca", "OpenFisca-core", "OpenFisca-core", _PEERS + "variables_in_openfisca"),
    Way("zen", "zen 规则引擎", "zen engine", _PEERS + "graphs_in_zen"),
)  # fmt: skip
"""Columns in memory, in and out. Peers are compared with the fastest C."""

OF_FILES = (
    Way("batch", "tiaowen batch", "tiaowen batch", "", threads=(2, 1)),
    Way("duckdb", "DuckDB SQL", "DuckDB SQL", _PEERS + "sql_in_duckdb", threads=(2,)),
    Way("polars", "Polars", "Polars", _PEERS + "frames_in_polars", threads=(2,)),
    Way("copy-claims", "抄写数据", "copy of the claims", "",
        threads=(2,), settles=False),
    Way("copy-settled", "抄写结果", "copy of the settled", "",
        threads=(2,), settles=False),
)  # fmt: skip
"""A Parquet file in, a Parquet file out, as a process of its own."""


def way(level: tuple[Way, ...], key: str) -> Way:
    """The way of that name."""
    return next(found for found in level if found.key == key)
