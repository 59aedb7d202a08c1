"""A batch from its options to its output: opened, bound, built, run, finished, accounted for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
from attrs import field, frozen

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.binding import Binding
from tiaowen.engine.batch.chunks import Reading
from tiaowen.engine.batch.counting import Counts
from tiaowen.engine.batch.finishing import finish
from tiaowen.engine.batch.ledger import Done, Ledger
from tiaowen.engine.batch.leftovers import Leftovers, in_place, leftovers
from tiaowen.engine.batch.manifest import FORM, digest_of, stamp_of, write_manifest
from tiaowen.engine.batch.matters import MED_TYPE, by_kind
from tiaowen.engine.batch.openings import OpeningBinding, bind_openings, refuse_unclear
from tiaowen.engine.batch.parts import write_part
from tiaowen.engine.batch.places import Places, path_of, places, refuse_foreign, refuse_replacing
from tiaowen.engine.batch.running import Progress, Refused, Run, run, settled_at_once
from tiaowen.engine.batch.settling import Part, Settling
from tiaowen.engine.batch.sources import (
    Source,
    connect,
    open_source,
    table_source,
)
from tiaowen.engine.batch.tables import bound, given, opened
from tiaowen.engine.batch.troubles import reading, without_password
from tiaowen.engine.batch.writing import unwritable, whole
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.kernel import Kernel, Unsupported, build
from tiaowen.engine.kernel.keeping import own_text


@frozen
class Options:
    """What a batch is asked to do. ``lines`` is a file of fee lines ('' where they are nested, or
    there are none), ``mapping`` gives matters by 医疗类别, ``only`` the matters to write."""

    claims: str
    output: str
    lines: str = ""
    rejects: str = ""
    opening: str = ""
    """A file of totals from before the claims; '' where there are none."""
    mapping: Mapping[str, str] = field(factory=dict)
    only: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(factory=dict)
    parameters: Mapping[str, ParameterValue] = field(factory=dict)
    parameter_files: tuple[str, ...] = ()
    """Where the parameters were read: for the manifest."""
    memory: str = "2GB"
    threads: int = 0
    resume: bool = False
    force: bool = False
    """Whether an output that is there already may be replaced."""
    strict: bool = False
    columns: tuple[str, ...] = ()
    """The outputs to write, by national code; all, where there are none."""
    rules: bool = False
    """Whether to write which rule decided each output, in columns ``rule_…``."""
    lang: Literal["zh", "en"] = "zh"


@frozen(eq=False)
class Outcome:
    """What a batch came to, and where its output, rejects and manifest are. ``totals`` are the
    columns that stood in place of fee lines."""

    counts: Counts
    output: Path
    rejects: Path
    manifest: Path
    unknown: tuple[str, ...]
    totals: tuple[str, ...] = ()


def settle_file(program: Program, options: Options, progress: Progress,
                expect: Progress | None = None) -> Outcome:  # fmt: skip
    """Settle the file of claims that ``options`` name. ``progress`` is told how many claims have
    been read, and ``expect`` before that how many there are.

    ``Rejected`` for what cannot be used: the files (TW0701, TW1330, TW1333, TW1339), their
    columns (TW0617, TW1334, TW1344), the output (TW0702, TW1336 to TW1338), and in a strict run the
    first claim that is rejected (TW1340).
    """
    with begun(program, options) as (ledger, done):
        with reading(options.claims):
            work = _prepared(program, options, ledger)
            read = work.reading
            left = leftovers(work.connection, read.source, read.lines, read.binding, options.lang)
            if expect is not None:
                expect(read.source.rows)
            if options.strict and len(left.rows):
                raise Refused(left.rows)
            done = run(work, done, progress)
        return finished(program, options, ledger, Finished(
            work.connection, range(1, done.parts + 1), Counts.of(done.counts),
            work.settling.binding, left))  # fmt: skip


@contextmanager
def begun(program: Program, options: Options) -> Iterator[tuple[Ledger, Done]]:
    """The place where the run's parts are gathered, beside its output, and what is there already.

    A claim that is refused in a strict run (``Refused``) ends it, and nothing is left."""
    found = _places(options)
    ledger = Ledger(found.parts, _key(program, options))
    done = ledger.open(resume=options.resume)
    try:
        refuse_foreign(found)
        if not options.force and not done.parts:
            refuse_replacing(found)
        yield ledger, done
    except Refused as refused:
        ledger.close()
        first = refused.rejected.slice(0, 1).to_pylist()[0]
        raise Rejected([diagnose("TW1340", place=f"{first['row']}", **first)]) from None
    finally:
        ledger.release()


def _places(options: Options) -> Places:
    read = {"claims": options.claims, "lines": options.lines, "opening": options.opening}
    return places(options.output, options.rejects, read)


def _prepared(program: Program, options: Options, ledger: Ledger) -> Run:
    """Everything a run needs, opened and built."""
    threads = options.threads or os.cpu_count() or 1
    connection = connect(options.memory, threads, ledger.folder / "sort")
    source, lines = opened(connection, options.claims, options.lines)
    reading, settling = built(program, connection, source, lines, options)
    return Run(connection, reading, settling, ledger, threads, options.strict)


def settle_table(program: Program, claims: Any, lines: Any, options: Options) -> Part:
    """Settle an Arrow table of claims, with another of fee lines or None where they are nested;
    of ``options`` the files are not looked at. ``Rejected`` as ``settle_file`` says."""
    if not len(claims):
        raise Rejected([diagnose("TW1339", path="claims")])
    threads = options.threads or os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect(options.memory, threads, Path(scratch))
        source = table_source(connection, "given_claims", claims)
        beside = None if lines is None else table_source(connection, "given_lines", lines)
        reading, settling = built(program, connection, source, beside, options)
        return settled_at_once(connection, reading, settling, threads)


def built(program: Program, connection: Any, source: Source, lines: Source | None,
          options: Options) -> tuple[Reading, Settling]:  # fmt: skip
    """The columns bound and the kernel made for them."""
    binding = bound(connection, program, source, lines)
    if options.mapping and MED_TYPE not in {at.slot.code for at in binding.fields.values()}:
        raise Rejected([diagnose("TW1334", name="医疗类别", code=MED_TYPE, nearest="")])
    before = None
    if options.opening:
        before = bind_openings(program, open_source(connection, options.opening))
        refuse_unclear(connection, before)
    kernel = kernel_of(program, binding, source.columns, options, opening=before is not None)
    settling = settling_of(program, binding, kernel, options, before)
    return Reading(source, binding, lines, openings=before), settling


def kernel_of(program: Program, binding: Binding, columns: Mapping[str, str], options: Options,
              *, opening: bool) -> Kernel:  # fmt: skip
    """The kernel for a table whose ``columns`` have these types of DuckDB's."""
    matters = matters_of(program, options.mapping)
    for name in options.only:
        if name in program.matters and name not in matters:
            raise Rejected([diagnose("TW1303", place=name, name=name)])
    try:
        return build(program, matters=matters, readings=options.readings,
                     parameters=options.parameters, columns=given(binding, columns, program),
                     telling=True, opening=opening, rules=options.rules,
                     outputs=options.columns or None)  # fmt: skip
    except Unsupported as unfit:
        where = unfit.where or unfit.what
        why = f"{unfit.what}: {unfit.reason}"
        problem = {"zh": f"核心里没有它的形式（{why}）", "en": f"kernels have none of it ({why})"}
        raise Rejected([diagnose("TW1301", place=where, name=where, problem=problem)]) from None


def settling_of(program: Program, binding: Binding, kernel: Kernel, options: Options,
                before: OpeningBinding | None) -> Settling:  # fmt: skip
    """What settles chunks as ``options`` say."""
    return Settling.of(program, binding, kernel, options.mapping, options.lang,
                       only=options.only, openings=before)  # fmt: skip


def matters_of(program: Program, mapping: Mapping[str, str]) -> list[str]:
    """The matters that rows can be of: those about an encounter whose conditions tell, and those
    that ``mapping`` names. ``Rejected`` with TW0208 for one that is not there, TW0605 for a
    医疗类别 that is not."""
    for name in mapping.values():
        if name not in program.matters:
            known = list(program.matters)
            raise Rejected([diagnose("TW0208", place=name, name=name, matters=known)])
    by_kind(program, mapping)
    return [
        name for name, matter in program.matters.items()
        if name in mapping.values() or (matter.subject == "人次" and matter.condition is not None)
    ]  # fmt: skip


def _key(program: Program, options: Options) -> dict[str, Any]:
    """What a run is of: the same key, the same output."""
    return {
        "form": FORM, "engine": own_text(), "policy": program.identity.digest,
        "claims": stamp_of(options.claims),
        "lines": stamp_of(options.lines), "opening": stamp_of(options.opening),
        "readings": dict(options.readings),
        "parameters": sha256(repr(sorted(options.parameters.items())).encode()).hexdigest(),
        "mapping": dict(options.mapping), "only": list(options.only),
        "columns": list(options.columns),
        "rules": options.rules,
    }  # fmt: skip


@frozen(eq=False)
class Finished:
    """What a run came to: the numbers of its parts in their order, counts, and what its columns
    were. ``connection`` makes the parts one."""

    connection: Any
    parts: Sequence[int]
    counts: Counts
    binding: Binding
    left: Leftovers | None = None


def finished(program: Program, options: Options, ledger: Ledger, of: Finished) -> Outcome:
    """The parts made into output and rejects, and the manifest beside them. ``Rejected`` with
    TW0702 where they cannot be written."""
    found = _places(options)
    rejected, settled = ([ledger.part(kind, n) for n in of.parts]
                         for kind in ("rejected", "settled"))  # fmt: skip
    if of.left is not None and len(of.left.rows):
        rejected = _with_leftovers(rejected, of.left, ledger)
        of.left.count(of.counts)
    finish(of.connection, rejected, found.rejects, ledger.folder)
    finish(of.connection, settled, found.output, ledger.folder)
    write_manifest(found.manifest, _told(program, options, of.counts))
    ledger.close()
    return Outcome(of.counts, path_of(found.output), path_of(found.rejects), found.manifest,
                   of.binding.unknown,
                   tuple(at.column for at in of.binding.totals.values()))  # fmt: skip


def _with_leftovers(rejected: Sequence[Path], left: Leftovers, ledger: Ledger) -> list[Path]:
    """The parts of the reject file, and one more for what was not taken in."""
    tables = [in_place(pq.read_table(part), left.unread) for part in rejected]
    names = tables[0].column_names
    tables.append(left.rows.select(names).cast(tables[0].schema))
    found = [ledger.folder / f"rejects-{number:05d}.parquet" for number in range(len(tables))]
    try:
        for table, path in zip(tables, found, strict=True):
            whole(path, partial(write_part, table))
    except OSError as error:
        raise Rejected([unwritable(ledger.folder, error)]) from None
    return found


def _told(program: Program, options: Options, counts: Counts) -> dict[str, Any]:
    """What the output is of, for whoever explains a row of it."""
    identity = program.identity
    return {
        "claims": without_password(options.claims), "claims_sha256": digest_of(options.claims),
        "lines": without_password(options.lines), "opening": without_password(options.opening),
        "policy": identity.source, "title": identity.title,
        "policy_digest": identity.digest, "readings": dict(options.readings),
        "mapping": dict(options.mapping), "params": list(options.parameter_files),
        "counts": counts.data(),
    }  # fmt: skip
