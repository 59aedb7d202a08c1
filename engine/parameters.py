"""Figures that a regulation leaves to another document, given in a file of their own.

A file says which document its figures come from, and from when and where they hold; nothing
without a source is used. Values carry their units as in rules, and a name that the policy does
not declare is never ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.compiler import types as ty
from tiaowen.compiler.bad_value import BadValue
from tiaowen.compiler.core import Value
from tiaowen.compiler.moments import as_date, parse_date
from tiaowen.compiler.spelling import nearest
from tiaowen.compiler.types import Type
from tiaowen.compiler.values import format_date
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.claims.literals import WrongLiteral, literal
from tiaowen.engine.claims.misfit import Misfit, figure, is_blank, kind_of, unknown_member
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.toml_text import read_toml

_HEADS = {
    "来源": "source", "施行": "from", "失效": "to", "地区": "region", "参数": "parameters",
    "source": "source", "from": "from", "to": "to", "region": "region", "parameters": "parameters",
}  # fmt: skip
_VALUE_KEYS = ("值", "value")
Row = tuple[Mapping[str, str], Value]


@frozen
class ParameterFile:
    """What one file gives: its document, when (inclusive) and where it holds, its figures."""

    name: str
    source: str
    since: date | None
    until: date | None
    region: str
    values: Mapping[str, ParameterValue]


def read_parameters(
    text: str, name: str, program: c.Program, on: date | None = None, region: str | None = None
) -> dict[str, ParameterValue]:
    """The parameters of one file, for a decision on day ``on`` in ``region``.

    Raises ``Rejected`` as ``read_parameter_file`` and ``merge`` do.
    """
    return merge([read_parameter_file(text, name, program)], on, region)


def read_parameter_file(text: str, name: str, program: c.Program) -> ParameterFile:
    """The parameter file ``text``, called ``name``. Raises ``Rejected`` with all that is wrong:
    TW0501 (no source), TW0510 (wrong unit), TW0513 (unknown parameter), TW0514 (twice),
    TW0603 and TW0605 (unknown key or member), TW0624 (not TOML).
    """
    reader = _Reader(name, program)
    made = reader.file(read_toml(text, name))
    if reader.found:
        raise Rejected(reader.found)
    return made


def merge(
    files: Iterable[ParameterFile], on: date | None = None, region: str | None = None
) -> dict[str, ParameterValue]:
    """The parameters valid on day ``on`` in ``region``; without these every file is.

    Raises ``Rejected`` (TW0514) where two valid files give a parameter, and where only files
    that are not valid do.
    """
    valid: dict[str, tuple[ParameterFile, ParameterValue]] = {}
    unfit: dict[str, Diagnostic] = {}
    found: list[Diagnostic] = []
    for file in files:
        problem = _not_valid(file, on, region)
        for name, value in file.values.items():
            if problem is not None:
                unfit[name] = diagnose("TW0514", place=file.name, name=name, problem=problem)
            elif name in valid:
                first, second = valid[name][0], file
                found.append(
                    diagnose(
                        "TW0514",
                        place=file.name,
                        name=name,
                        problem={
                            "zh": f"给了两次：{first.name}与{second.name}",
                            "en": f"it is given twice, in {first.name} and in {second.name}",
                        },
                    )
                )
            else:
                valid[name] = file, value
    found += [diagnostic for name, diagnostic in unfit.items() if name not in valid]
    if found:
        raise Rejected(found)
    return {name: value for name, (_, value) in valid.items()}


def area(code: str) -> str:
    """What the codes inside a division begin with: a province's two digits, a city's four."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _not_valid(file: ParameterFile, on: date | None, region: str | None) -> dict[str, str] | None:
    """Why ``file`` is not valid, in both languages; None where it is."""
    if region and file.region and not region.startswith(area(file.region)):
        return {
            "zh": f"属于地区{file.region}，不用于{region}",
            "en": f"it is of region {file.region}, not of {region}",
        }
    if on is None:
        return None
    day = as_date(on)
    if file.since is not None and day < file.since:
        return {
            "zh": f"自{format_date(file.since)}起施行，在{format_date(day)}无效",
            "en": f"it holds from {file.since}, not on {day}",
        }
    if file.until is not None and day > file.until:
        return {
            "zh": f"至{format_date(file.until)}失效，在{format_date(day)}无效",
            "en": f"it held to {file.until}, not on {day}",
        }
    return None


class _Reader:
    """One reading of one file."""

    def __init__(self, name: str, program: c.Program) -> None:
        self.name = name
        self.program = program
        self.found: list[Diagnostic] = []

    def file(self, data: Mapping[str, Any]) -> ParameterFile:
        heads: dict[str, Any] = {}
        for key, value in data.items():
            head = _HEADS.get(key)
            if head is None:
                self._report("TW0603", key, name=key, nearest=nearest(key, _HEADS))
            elif head in heads:
                self._twice(key)
            else:
                heads[head] = value
        source = heads.get("source")
        if not isinstance(source, str) or is_blank(source):
            self._report("TW0501", "来源", name="来源", code="source")
            source = ""
        since, until = (self._day(heads.get(head), head) for head in ("from", "to"))
        if since is not None and until is not None and until < since:
            self._report(
                "TW0514",
                "失效",
                name="失效",
                problem={"zh": "早于施行日期", "en": "it is before the date in force"},
            )
        values = self._parameters(heads.get("parameters"), source)
        return ParameterFile(self.name, source, since, until, self._region(heads), values)

    def _day(self, raw: Any, head: str) -> date | None:
        if raw is None:
            return None
        try:
            return parse_date(raw)
        except BadValue as bad:
            self._report("TW0604", head, name=head, expected=ty.DATE, found=bad)
            return None

    def _region(self, heads: Mapping[str, Any]) -> str:
        raw = heads.get("region", "")
        text = figure(raw) if isinstance(raw, str | int) else "?"
        if text and not (text.isascii() and text.isdigit() and len(text) == 6):
            self._report(
                "TW0604",
                "地区",
                name="地区",
                code="region",
                found=kind_of(raw),
                expected={"zh": "六位区划代码", "en": "a division code of six digits"},
            )
        return text

    # --- figures

    def _parameters(self, raw: Any, source: str) -> dict[str, ParameterValue]:
        if raw is None or raw == {}:
            self._report("TW0501", "参数", name="参数", code="parameters")
            return {}
        if not isinstance(raw, dict):
            self._report(
                "TW0618",
                "参数",
                found=kind_of(raw),
                expected={"zh": "表 [参数]", "en": "the table [parameters]"},
            )
            return {}
        values: dict[str, ParameterValue] = {}
        known = self.program.parameters
        for name, given in self._flat(raw, ""):
            info = known.get(name)
            if info is None:
                self._report("TW0513", f"参数.{name}", name=name, nearest=nearest(name, known))
            elif name in values:
                self._twice(name)
            elif isinstance(given, list):
                values[name] = ParameterValue(None, tuple(self._rows(info, given)), source)
            elif (value := self._literal(info, given, f"参数.{name}")) is not None:
                values[name] = ParameterValue(value, (), source)
        return values

    def _flat(self, raw: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
        """Names and values; a dotted name without quotes has become tables."""
        for key, value in raw.items():
            if isinstance(value, dict):
                yield from self._flat(value, f"{before}{key}.")
            else:
                yield before + key, value

    def _rows(self, info: c.ParameterInfo, given: list[Any]) -> Iterator[Row]:
        seen: dict[frozenset[tuple[str, str]], str] = {}
        if not given:
            self._report("TW0501", f"参数.{info.name}", name=info.name)
        for index, row in enumerate(given):
            place = f"参数.{info.name}[{index}]"
            if not isinstance(row, dict):
                self._report(
                    "TW0618",
                    place,
                    found=kind_of(row),
                    expected={"zh": "有键和值的一行", "en": "a row of keys and a value"},
                )
                continue
            keys = dict(self._keys(info, row, place))
            values = [row[key] for key in _VALUE_KEYS if key in row]
            if len(values) != 1:
                self._report("TW0501", place, name="值", code="value")
                continue
            if seen.setdefault(frozenset(keys.items()), place) != place:
                self._report(
                    "TW0514",
                    place,
                    name=info.name,
                    problem={"zh": "同样的键给了两次", "en": "the same keys are given twice"},
                )
            if (value := self._literal(info, values[0], place)) is not None:
                yield keys, value

    def _keys(
        self, info: c.ParameterInfo, row: Mapping[str, Any], place: str
    ) -> Iterator[tuple[str, str]]:
        for key, member in row.items():
            if key in _VALUE_KEYS:
                continue
            if key not in info.keys:
                self._report(
                    "TW0603",
                    f"{place}.{key}",
                    name=key,
                    nearest=nearest(key, [*info.keys, *_VALUE_KEYS]),
                )
                continue
            try:
                yield key, _member(member, key_type(self.program, key), self.program)
            except Misfit as misfit:
                self._report(misfit.code, f"{place}.{key}", **{"name": key, **misfit.args_named})

    def _literal(self, info: c.ParameterInfo, raw: Any, place: str) -> Value | None:
        try:
            return literal(raw, info.type, self.program)
        except WrongLiteral as wrong:
            self._report(
                "TW0510",
                place,
                name=info.name,
                value=wrong.shown,
                problem=wrong.problem,
                expected=wrong.expected,
            )
        except Misfit as misfit:
            self._report(misfit.code, place, **{"name": info.name, **misfit.args_named})
        return None

    def _twice(self, name: str) -> None:
        self._report(
            "TW0514", name, name=name, problem={"zh": "给了两次", "en": "it is given twice"}
        )

    def _report(self, code: str, place: str, /, **args: Any) -> None:
        self.found.append(diagnose(code, place=f"{self.name}: {place}", **args))


def key_type(program: c.Program, name: str) -> Type:
    """The type of a key of a parameter: of the field or of the quantity it is called by."""
    if name in program.fields:
        return program.fields[name].type
    if name in program.enums:
        info = program.enums[name]
        return Type(name, info.kind, info.base)
    return next(
        (
            program.nodes[node].type
            for matter in program.matters.values()
            for (level, quantity), node in matter.final.items()
            if quantity == name and not level
        ),
        ty.TEXT,
    )


def _member(raw: Any, kind: Type, program: c.Program) -> str:
    """The member, group or value that a row of a keyed parameter is for, by its name."""
    if kind == ty.TRUTH and (isinstance(raw, bool) or raw in ("是", "否")):
        return str(raw is True or raw == "是")
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Misfit("TW0604", expected=kind, found=kind_of(raw))
    text = figure(raw).strip()
    if not kind.enumerated:
        return text
    names: dict[str, str] = {}
    for info in filter(None, (program.enums.get(kind.base), program.enums.get(kind.name))):
        names |= {code: name for name, code in info.codes.items() if code}
        names |= {name: name for name in (*info.codes, *info.steps)}
        if info.kind != "prefix":
            names |= {name: name for name in info.groups}
    if text not in names:
        raise unknown_member(text, list(dict.fromkeys(names.values())))
    return names[text]
