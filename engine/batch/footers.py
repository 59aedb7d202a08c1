"""Footers of Parquet files, read and written: what is needed to move them on.

A footer is a record in Thrift's compact form. It is read here into plain records, whatever
their fields mean, so that what this module does not know of is written again as it was.
Source: https://parquet.apache.org/docs/file-format/metadata/ and
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from attrs import define

Record: TypeAlias = dict[int, tuple[int, Any]]
"""The fields of a record by number: the type of each and its value."""

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, RECORD = range(1, 13)

_ROWS, _GROUPS = 3, 4  # of the file
_COLUMNS, _GROUP_AT, _ORDINAL = 1, 5, 7  # of a row group
_COLUMN_AT, _ABOUT, _INDEXES = 2, 3, (4, 6)  # of a column
_PAGES = (9, 10, 11, 14)  # of what is said about a column
_TAIL = 8
"""Bytes behind a footer: its length, and four letters."""


def footer_of(path: Path) -> tuple[Record, int]:
    """The footer of a Parquet file, and where it begins."""
    with path.open("rb") as file:
        size = file.seek(-_TAIL, 2) + _TAIL
        length = int.from_bytes(file.read(4), "little")
        begin = file.seek(size - _TAIL - length)
        return _Reading(file.read(length)).record(), begin


def moved(footer: Record, by: int) -> Record:
    """``footer`` with everything it gives the place of ``by`` bytes further on."""
    _, (_, groups) = footer[_GROUPS]
    for group in groups:
        _move(group, (_GROUP_AT,), by)
        for column in group[_COLUMNS][1][1]:
            _move(column, (_COLUMN_AT, *_INDEXES), by)
            _move(column[_ABOUT][1], _PAGES, by)
    return footer


def _move(record: Record, fields: Sequence[int], by: int) -> None:
    for field in fields:
        kind, place = record.get(field, (I64, 0))
        if place:
            record[field] = kind, place + by


def footer_text(footers: Sequence[Record]) -> bytes:
    """One footer for the row groups of all, which have one schema."""
    groups = [group for footer in footers for group in footer[_GROUPS][1][1]]
    for ordinal, group in enumerate(groups):
        if group.pop(_ORDINAL, None) and ordinal < 1 << 15:
            group[_ORDINAL] = I16, ordinal
    rows = sum(footer[_ROWS][1] for footer in footers)
    joined = {**footers[0], _ROWS: (I64, rows), _GROUPS: (LIST, (RECORD, groups))}
    text = bytearray()
    _write_record(text, joined)
    return bytes(text)


@define
class _Reading:
    """The bytes of a footer, and how far they are read."""

    text: bytes
    at: int = 0

    def record(self) -> Record:
        found: Record = {}
        number = 0
        while head := self.byte():
            kind, step = head & 15, head >> 4
            number = number + step if step else self.signed()
            found[number] = kind, self.value(kind)
        return found

    def value(self, kind: int) -> Any:
        """A value of a field; truths are in their types."""
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind == BYTE:
            return self.byte()
        if kind in (I16, I32, I64):
            return self.signed()
        if kind == DOUBLE:
            return self.bytes(8)
        if kind == BINARY:
            return self.bytes(self.number())
        if kind in (LIST, SET):
            return self.listed()
        if kind == RECORD:
            return self.record()
        raise ValueError(f"a footer with a value of type {kind}")

    def listed(self) -> tuple[int, list[Any]]:
        """The type of a list's elements, and they: a truth among them is a byte."""
        head = self.byte()
        size = head >> 4 if head >> 4 < 15 else self.number()
        of = head & 15
        return of, [self.value(BYTE if of in (TRUE, FALSE) else of) for _ in range(size)]

    def byte(self) -> int:
        self.at += 1
        return self.text[self.at - 1]

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.text[self.at - size : self.at]

    def number(self) -> int:
        found = shift = 0
        while (byte := self.byte()) & 128:
            found |= (byte & 127) << shift
            shift += 7
        return found | byte << shift

    def signed(self) -> int:
        found = self.number()
        return (found >> 1) ^ -(found & 1)


def _write_record(text: bytearray, record: Record) -> None:
    last = 0
    for number, (kind, value) in sorted(record.items()):
        step = number - last
        if 0 < step < 16:
            text.append(step << 4 | kind)
        else:
            text.append(kind)
            _write_signed(text, number)
        last = number
        _write(text, kind, value)
    text.append(0)


def _write(text: bytearray, kind: int, value: Any) -> None:
    if kind == BYTE:
        text.append(value)
    elif kind in (I16, I32, I64):
        _write_signed(text, value)
    elif kind == DOUBLE:
        text += value
    elif kind == BINARY:
        _write_number(text, len(value))
        text += value
    elif kind in (LIST, SET):
        _write_list(text, *value)
    elif kind == RECORD:
        _write_record(text, value)


def _write_list(text: bytearray, of: int, values: Sequence[Any]) -> None:
    text.append(min(len(values), 15) << 4 | of)
    if len(values) >= 15:
        _write_number(text, len(values))
    for value in values:
        _write(text, BYTE if of in (TRUE, FALSE) else of, value)


def _write_number(text: bytearray, number: int) -> None:
    while number > 127:
        text.append(number & 127 | 128)
        number >>= 7
    text.append(number)


def _write_signed(text: bytearray, number: int) -> None:
    _write_number(text, number << 1 if number >= 0 else (-number << 1) - 1)
