"""``tiaowen explain settled.parquet --encounter ID``: a row of a batch, decided again and told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiaowen.apps.cli.deciding import Asked, Made, conclude, rendered
from tiaowen.apps.cli.output import Terminal

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.dsl.diagnostics import Diagnostic
    from tiaowen.engine.decision import Decision


def explain_row(asked: Asked, encounter: str, claims: str | None, terminal: Terminal) -> int:
    """Explain the row of ``encounter`` in the output ``asked.claim``; what comes out has to equal
    the row (TW1342)."""
    made = _made(asked, encounter, claims)
    text, problems = rendered(made, asked, terminal)
    terminal.deliver(text, asked.output)
    code = conclude(made, asked, problems, terminal)
    differing = list(_differing(asked.claim, encounter, made.decision, made.program))
    terminal.report(differing)
    return 1 if differing else code


def _made(asked: Asked, encounter: str, claims: str | None) -> Made:
    """The decision of the row, as the manifest beside the output says it was made."""
    from tiaowen.apps.files import read_text
    from tiaowen.apps.programs import load_program
    from tiaowen.dsl.extras import need
    from tiaowen.engine.parameters import merge, read_parameter_file
    from tiaowen.engine.person import decide_person

    need("duckdb", "batch")
    from tiaowen.engine.batch.tracing import trace

    manifest = _manifest(asked.claim)
    program = load_program(asked.policy or manifest["policy"])
    named = [*asked.params] or manifest["params"]
    parameters = merge([read_parameter_file(read_text(n), n, program) for n in named])
    found = trace(program, claims or manifest["claims"], manifest["lines"], encounter,
                  manifest["mapping"], manifest["opening"])  # fmt: skip
    readings: dict[str, str] = manifest["readings"]
    person = decide_person(program, found.claim, found.earlier, readings=readings,
                           parameters=parameters)  # fmt: skip
    return Made(program, person, found.earlier, readings, parameters)


def _manifest(output: str) -> Mapping[str, Any]:
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    try:
        found = json.loads(Path(f"{output.rstrip('/')}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Rejected([diagnose("TW1343", path=output)]) from None
    assert isinstance(found, dict)
    return found


def _differing(output: str, encounter: str, decision: Decision,
               program: Program) -> Iterator[Diagnostic]:  # fmt: skip
    """What of the row differs from the decision: outputs, and the rules that decided them."""
    from tiaowen.dsl.diagnostics import diagnose
    from tiaowen.engine.explain import explain
    from tiaowen.engine.kernel.ruling import RULE
    from tiaowen.engine.rule_names import deciding_rules

    row = _row(output, encounter)
    if row is None:
        return
    rules = deciding_rules(explain(decision)) if any(c.startswith(RULE) for c in row) else {}
    for stated in decision.frame.matter.outputs:
        if stated.code not in row:
            continue
        written, found = row[stated.code], _as_written(decision.values.get(stated.name), stated)
        if written != found:
            yield diagnose("TW1342", name=stated.name, code=stated.code, written=str(written),
                           found=str(found))  # fmt: skip
        rule = row.get(RULE + stated.code) or ""
        if stated.code in rules and rule != rules[stated.code]:
            yield diagnose("TW1342", name=stated.name, code=RULE + stated.code, written=rule,
                           found=rules[stated.code])  # fmt: skip


def _row(output: str, encounter: str) -> Mapping[str, Any] | None:
    """The row of the output; None where the claim was rejected."""
    from tiaowen.engine.batch.sources import connect, open_source

    connection = connect("1GB", 1, Path())
    source = open_source(connection, output)
    written = encounter.replace("'", "''")
    sql = f"SELECT * FROM {source.sql} WHERE CAST(mdtrt_id AS VARCHAR) = '{written}' LIMIT 1"
    rows = connection.sql(sql).to_arrow_table().to_pylist()
    return rows[0] if rows else None


def _as_written(value: Any, stated: Any) -> Any:
    """An output as the file holds it."""
    if value is None or isinstance(value, str | bool):
        return value
    if stated.type.name == "金额":
        return Decimal(int(value)).scaleb(-2)
    if isinstance(value, Fraction) and value.denominator != 1:
        return Decimal(value.numerator) / Decimal(value.denominator)
    return int(value) if isinstance(value, Fraction) else value
