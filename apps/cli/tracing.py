"""``tiaowen explain settled.parquet --encounter ID``: a row of a batch, decided again and told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiaowen.apps.cli.deciding import Asked, Made, conclude, rendered
from tiaowen.apps.cli.output import Terminal

if TYPE_CHECKING:
    from tiaowen.compiler.core import Output, Program
    from tiaowen.dsl.diagnostics import Diagnostic
    from tiaowen.engine.decision import Decision


def explain_row(asked: Asked, encounter: str, claims: str | None, terminal: Terminal) -> int:
    """Explain the row of ``encounter`` in the output ``asked.claim``; what comes out has to equal
    the row (TW1342)."""
    made = _made(asked, encounter, claims, terminal)
    text, problems = rendered(made, asked, terminal)
    terminal.deliver(text, asked.output)
    code = conclude(made, asked, problems, terminal)
    differing = list(_differing(asked.claim, encounter, made.decision, made.program))
    terminal.report(differing)
    return 1 if differing else code


def _made(asked: Asked, encounter: str, claims: str | None, terminal: Terminal) -> Made:
    """The decision of the row, as the manifest beside the output says it was made."""
    from tiaowen.apps.files import read_text
    from tiaowen.apps.programs import load_program
    from tiaowen.dsl.diagnostics import diagnose
    from tiaowen.dsl.extras import need
    from tiaowen.engine.history.person import decide_person
    from tiaowen.engine.parameters import merge, read_parameter_file

    need("duckdb", "batch")
    from tiaowen.engine.batch.manifest import digest_of, read_manifest
    from tiaowen.engine.batch.tracing import trace

    manifest = read_manifest(asked.claim)
    program = load_program(asked.policy or manifest["policy"])
    named = [*asked.params] or manifest["params"]
    parameters = merge([read_parameter_file(read_text(n), n, program) for n in named])
    read = claims or _found(manifest["claims"], asked.claim)
    if manifest.get("claims_sha256") not in ("", None, digest_of(read)):
        terminal.report([diagnose("TW1356", path=read)])
    lines, opening = (_found(manifest[name], asked.claim) for name in ("lines", "opening"))
    found = trace(program, read, lines, encounter, manifest["mapping"], opening)
    readings: dict[str, str] = manifest["readings"]
    person = decide_person(program, found.claim, found.earlier, readings=readings,
                           parameters=parameters)  # fmt: skip
    return Made(program, person, found.earlier, readings, parameters)


def _found(named: str, output: str) -> str:
    """Where a file that the manifest names is: as it was named, or beside the output where both
    were moved together."""
    if not named or "://" in named:
        return named
    place, _, table = named.partition("#")
    beside = Path(output.partition("#")[0].rstrip("/")).parent
    for candidate in (Path(place), beside / place, beside / Path(place).name):
        if candidate.exists():
            return f"{candidate}#{table}" if table else str(candidate)
    return named


def _differing(output: str, encounter: str, decision: Decision,
               program: Program) -> Iterator[Diagnostic]:  # fmt: skip
    """What of the row differs from the decision: outputs, and the rules that decided them."""
    from tiaowen.dsl.diagnostics import diagnose
    from tiaowen.engine.kernel.ruling import RULE
    from tiaowen.engine.telling.explain import explain
    from tiaowen.engine.telling.rule_names import deciding_rules

    row = _row(output, encounter)
    if row is None:
        return
    rules = deciding_rules(explain(decision)) if any(c.startswith(RULE) for c in row) else {}
    for stated in decision.frame.matter.outputs:
        found = _exact(decision.values.get(stated.name), stated, program)
        for written in _cells(row, stated.code):
            if _read(written, found) != found:
                yield diagnose("TW1342", name=stated.name, code=stated.code, written=str(written),
                               found=_shown(found))  # fmt: skip
        rule = row.get(RULE + stated.code) or ""
        if RULE + stated.code in row and rule != rules[stated.code]:
            yield diagnose("TW1342", name=stated.name, code=RULE + stated.code, written=rule,
                           found=rules[stated.code])  # fmt: skip


def _row(output: str, encounter: str) -> Mapping[str, Any] | None:
    """The row of the output; None where the claim was rejected."""
    from tiaowen.engine.batch.finishing import SETTLED
    from tiaowen.engine.batch.sources import connect, open_source
    from tiaowen.engine.batch.troubles import reading

    settled = output if Path(output).suffix != ".duckdb" else f"{output}#{SETTLED}"
    written = encounter.replace("'", "''")
    with tempfile.TemporaryDirectory() as scratch, reading(output):
        connection = connect("1GB", 1, Path(scratch))
        source = open_source(connection, settled)
        sql = f"SELECT * FROM {source.sql} WHERE CAST(mdtrt_id AS VARCHAR) = '{written}' LIMIT 1"
        rows = connection.sql(sql).to_arrow_table().to_pylist()
    return rows[0] if rows else None


def _cells(row: Mapping[str, Any], code: str) -> Iterator[Any]:
    """The cell of an output, or its two, one over the other; none where it was not written."""
    if code in row:
        yield row[code]
    elif f"{code}_num" in row:
        above, below = row[f"{code}_num"], row[f"{code}_den"]
        yield None if above in (None, "") else Fraction(int(above), int(below))


def _exact(value: Any, stated: Output, program: Program) -> Fraction | str | None:
    """An output of a decision as a row holds it: a number (money in 元), else words or a code."""
    if value is None:
        return None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value) / (100 if stated.type.name == "金额" else 1)
    kind = program.enums.get(stated.type.name)
    codes = kind.codes if kind is not None else {}
    return codes.get(str(value)) or str(value)


def _shown(found: Fraction | str | None) -> str:
    if isinstance(found, Fraction):
        return str(Decimal(found.numerator) / Decimal(found.denominator))
    return found or ""


def _read(written: Any, like: Fraction | str | None) -> Fraction | str | None:
    """A cell to be compared with ``like``; a file without types has everything as text."""
    if written is None or written == "":
        return None
    if isinstance(like, Fraction):
        try:
            return Fraction(str(written))
        except ValueError:
            return str(written)
    truth = str(written).capitalize()
    return truth if truth in ("True", "False") else str(written)
