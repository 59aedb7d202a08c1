"""The JSON form of an explanation and of a decision file.

The form is exact: what is read back equals what was written, to the 分 and the type. It is
versioned with the records (``explanation.VERSION``), and each record is an object with its
fields by name; fields that hold nothing beyond their default are left out.

=============  ===============================================================
value          in JSON
=============  ===============================================================
金额           a number: whole 分
other numbers  a whole number as a number, a ratio as ``{"fraction": "3/4"}``
是否           ``true``, ``false``
日期, 时刻     ``{"date": "2024-03-01"}``, ``{"moment": "2024-03-01T08:30:00"}``
text, codes    a string
several        a list of strings
none           ``null``
=============  ===============================================================

A decision file is an object with ``format`` ("tiaowen decision"), ``version``, ``engine``,
``policy`` (as in the explanation, with the ``digest`` of its texts), ``matter``, ``claim`` and
``history`` (as claim files have them), ``readings``, ``parameters``, ``problems`` (codes) and
``explanation``: all that is needed to decide again and compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from attrs import NOTHING, Factory, fields

import tiaowen
from tiaowen.compiler.core import Value
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.frames import ParameterValue
from tiaowen.engine.telling import explanation as x

FORMAT = "tiaowen decision"

T = TypeVar("T")


# --- values


def value_data(value: Value | None) -> Any:
    """A value as JSON data, its type told by its form."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value)


def read_value(data: Any, place: str) -> Value | None:
    """The value that ``data`` is; ``Rejected`` (TW0618) where it is none."""
    if data is None or isinstance(data, bool | int | str):
        return data
    if isinstance(data, list) and all(isinstance(item, str) for item in data):
        return tuple(data)
    if isinstance(data, dict) and len(data) == 1:
        ((tag, text),) = data.items()
        reader = _TAGGED.get(tag)
        if reader is not None and isinstance(text, str):
            try:
                return reader(text)
            except (ValueError, ZeroDivisionError):
                pass
    raise _misformed(place, {"zh": "值", "en": "a value"}, data)


_TAGGED: Mapping[str, Callable[[str], Value]] = {
    "fraction": Fraction, "date": date.fromisoformat, "moment": datetime.fromisoformat,
}  # fmt: skip


def _misformed(place: str, expected: Any, found: Any) -> Rejected:
    kinds = {dict: ("对象", "an object"), list: ("列表", "a list"), str: ("文本", "a text"),
             bool: ("是否值", "a truth"), int: ("数", "a number"), float: ("小数", "a decimal"),
             type(None): ("null", "null")}  # fmt: skip
    chinese, english = kinds.get(type(found), ("别的", "something else"))
    return Rejected(
        [
            diagnose(
                "TW0618",
                place=place,
                name=place,
                expected=expected,
                found={"zh": chinese, "en": english},
            )
        ]
    )


# --- records


def to_data(explanation: x.Explanation) -> dict[str, Any]:
    """``explanation`` as dicts, lists, strings, whole numbers, truths and null only."""
    return _record_data(explanation)


def from_data(data: Any) -> x.Explanation:
    """The explanation that ``to_data`` wrote as ``data``.

    Raises ``Rejected``: TW0704 (written by another version of the form), TW0618 (not of the
    form, with the place).
    """
    if isinstance(data, dict) and data.get("version") != x.VERSION:
        raise Rejected([diagnose("TW0704", found=data.get("version"), expected=x.VERSION)])
    return _read_record(x.Explanation, data, "explanation")


def _record_data(record: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute in fields(type(record)):
        value = getattr(record, attribute.name)
        if not _is_default(attribute.default, value):
            found[attribute.name] = _WRITERS[str(attribute.type)](value)
    return found


def _is_default(default: Any, value: Any) -> bool:
    if default is NOTHING:
        return False
    if isinstance(default, Factory):  # type: ignore[arg-type]
        return not value
    return type(value) is type(default) and bool(value == default)


def _read_record(cls: type[T], data: Any, place: str) -> T:
    if not isinstance(data, dict):
        raise _misformed(place, {"zh": "对象", "en": "an object"}, data)
    known = {attribute.name: attribute for attribute in fields(cls)}  # type: ignore[arg-type]
    values = {}
    for name, value in data.items():
        if name not in known:
            raise Rejected([diagnose("TW0603", place=f"{place}.{name}", name=name)])
        values[name] = _READERS[str(known[name].type)](value, f"{place}.{name}")
    absent = [n for n, a in known.items() if a.default is NOTHING and n not in values]
    if absent:
        raise Rejected([diagnose("TW0501", place=f"{place}.{absent[0]}", name=absent[0])])
    return cls(**values)


def _read_list(cls: type[T]) -> Callable[[Any, str], tuple[T, ...]]:
    def read(data: Any, place: str) -> tuple[T, ...]:
        if not isinstance(data, list):
            raise _misformed(place, {"zh": "列表", "en": "a list"}, data)
        return tuple(_read_record(cls, item, f"{place}[{n}]") for n, item in enumerate(data))

    return read


def _read_plain(*kinds: type) -> Callable[[Any, str], Any]:
    def read(data: Any, place: str) -> Any:
        if type(data) not in kinds:
            raise _misformed(place, {"zh": "文本或数", "en": "a text or a number"}, data)
        return data

    return read


def _read_strings(data: Any, place: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
        raise _misformed(place, {"zh": "文本的列表", "en": "a list of texts"}, data)
    return tuple(data)


def _read_map(data: Any, place: str) -> dict[str, Value]:
    if not isinstance(data, dict):
        raise _misformed(place, {"zh": "对象", "en": "an object"}, data)
    return {name: _present(value, f"{place}.{name}") for name, value in data.items()}


def _present(data: Any, place: str) -> Value:
    value = read_value(data, place)
    if value is None:
        raise _misformed(place, {"zh": "值", "en": "a value"}, data)
    return value


def _itself(value: Any) -> Any:
    return value


def _records(values: Sequence[Any]) -> list[dict[str, Any]]:
    return [_record_data(value) for value in values]


_RECORDS = {cls.__name__: cls for cls in (
    x.Term, x.Step, x.Skipped, x.StatementLine, x.RefusedItem, x.DutyNotice, x.UsedReading,
    x.UsedParameter,
)}  # fmt: skip

# What a field's annotation says -> how it is written and read. A record with a field of a new
# kind fails here, loudly, until its form is decided.
_WRITERS: dict[str, Callable[[Any], Any]] = {
    "str": _itself, "int": _itself, "bool": _itself, "bool | None": _itself,
    "int | None": _itself, "tuple[str, ...]": list, "Value": value_data,
    "Value | None": value_data, "Term": _record_data, "Citation": _record_data,
    "PolicyIdentity": _record_data,
    "Citation | None": lambda value: None if value is None else _record_data(value),
    "Term | None": lambda value: None if value is None else _record_data(value),
    "Mapping[str, Value]": lambda values: {n: value_data(v) for n, v in values.items()},
    **{f"tuple[{name}, ...]": _records for name in _RECORDS},
}  # fmt: skip
_READERS: dict[str, Callable[[Any, str], Any]] = {
    "str": _read_plain(str), "int": _read_plain(int), "bool": _read_plain(bool),
    "bool | None": _read_plain(bool, type(None)), "int | None": _read_plain(int, type(None)),
    "tuple[str, ...]": _read_strings, "Value": _present, "Value | None": read_value,
    "Term": lambda data, place: _read_record(x.Term, data, place),
    "Citation": lambda data, place: _read_record(x.Citation, data, place),
    "Citation | None": lambda data, place: (
        None if data is None else _read_record(x.Citation, data, place)),
    "Term | None": lambda data, place: (
        None if data is None else _read_record(x.Term, data, place)),
    "PolicyIdentity": lambda data, place: _read_record(x.PolicyIdentity, data, place),
    "Mapping[str, Value]": _read_map,
    **{f"tuple[{name}, ...]": _read_list(cls) for name, cls in _RECORDS.items()},
}  # fmt: skip


# --- decision files


def decision_data(explanation: x.Explanation, *, claim: Mapping[str, Any],
                  history: Sequence[Mapping[str, Any]] = (),
                  readings: Mapping[str, str] | None = None,
                  parameters: Mapping[str, ParameterValue] | None = None,
                  problems: Sequence[Diagnostic] = ()) -> dict[str, Any]:  # fmt: skip
    """A decision file: the explanation with all inputs, so that anybody can decide again.

    ``claim`` and ``history`` are data as ``claim_data`` and ``history_data`` give them;
    ``problems`` those of a decision that stopped. The engine is this one.
    """
    return {
        "format": FORMAT,
        "version": x.VERSION,
        "engine": tiaowen.__version__,
        "policy": _record_data(explanation.policy),
        "matter": explanation.matter,
        "claim": dict(claim),
        "history": [dict(item) for item in history],
        "readings": dict(readings or {}),
        "parameters": {name: parameter_data(value) for name, value in (parameters or {}).items()},
        "problems": [problem.code for problem in problems],
        "explanation": to_data(explanation),
    }


def parameter_data(given: ParameterValue) -> dict[str, Any]:
    """An open parameter as given: ``value`` or ``rows`` of ``keys`` and ``value``."""
    data: dict[str, Any] = {"source": given.source}
    if given.value is not None:
        data["value"] = value_data(given.value)
    if given.rows:
        data["rows"] = [{"keys": dict(k), "value": value_data(v)} for k, v in given.rows]
    return data


def read_parameter(data: Any, place: str) -> ParameterValue:
    """The parameter that ``parameter_data`` wrote; ``Rejected`` (TW0618) where it is none."""
    if not isinstance(data, dict) or not isinstance(data.get("rows", []), list):
        raise _misformed(place, {"zh": "对象", "en": "an object"}, data)
    rows = []
    for number, row in enumerate(data.get("rows", [])):
        inside = f"{place}.rows[{number}]"
        if not isinstance(row, dict) or not isinstance(row.get("keys"), dict):
            raise _misformed(inside, {"zh": "对象", "en": "an object"}, row)
        rows.append((row["keys"], _present(row.get("value"), inside)))
    return ParameterValue(
        read_value(data.get("value"), place), tuple(rows), str(data.get("source", ""))
    )
