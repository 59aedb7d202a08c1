"""Which matter of one policy is compared with which of the other.

The shared vocabulary aligns them: a matter with the one of the same name, else with the one that
asks for the same claims under the same interface, else with the only one left of its interface.
Nothing is guessed beyond that: what is left stands alone, and the user can name a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tiaowen.compiler import core as c
from tiaowen.compiler.spelling import nearest
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.review.difference.canonical import Canon
from tiaowen.review.difference.records import MatterPair

SEPARATORS = "：:"


def paired(first: c.Program, second: c.Program, asked: str | None = None) -> tuple[MatterPair, ...]:
    """The matters of both in the order of A, then those of B alone.

    ``asked`` keeps to one matter, or to one pair written ``matter of A:matter of B``. Raises
    ``Rejected``: TW0901 (no matter in common), TW0902 (no such matter), TW0903 (a matter that
    only one of them has).
    """
    if asked is not None:
        return (_asked(asked.strip(), first, second),)
    pairs = dict(_pairs(first.matters, second.matters))
    if not pairs:
        raise Rejected([_nothing_in_common(first, second)])
    taken = {pair.second for pair in pairs.values()}
    found = [
        pairs.get(name, MatterPair(name, "", matter.interface, ""))
        for name, matter in first.matters.items()
    ]
    found += [
        MatterPair("", name, matter.interface, "")
        for name, matter in second.matters.items() if name not in taken
    ]  # fmt: skip
    return tuple(found)


def _pairs(first: Mapping[str, c.Matter],
           second: Mapping[str, c.Matter]) -> Iterator[tuple[str, MatterPair]]:  # fmt: skip
    """By name; then, of those left, by interface and claims; then by interface alone."""
    left = {name: m for name, m in first.items() if name not in second}
    right = {name: m for name, m in second.items() if name not in first}
    for name, matter in first.items():
        if name in second:
            yield name, MatterPair(name, name, matter.interface, "name")
    for key in (_claims, _interface):
        for one, other in _only_ones(left, right, key):
            yield one, MatterPair(one, other, left[one].interface, "interface")
            del left[one], right[other]


def _only_ones(left: Mapping[str, c.Matter], right: Mapping[str, c.Matter],
               key: Callable[[c.Matter], object]) -> list[tuple[str, str]]:  # fmt: skip
    """The names on either side whose key occurs once on both."""
    by_key: dict[object, tuple[list[str], list[str]]] = {}
    for side, matters in enumerate((left, right)):
        for name, matter in matters.items():
            if matter.interface:
                by_key.setdefault(key(matter), ([], []))[side].append(name)
    return [(a[0], b[0]) for k, (a, b) in by_key.items()
            if k is not None and len(a) == 1 and len(b) == 1]  # fmt: skip


def _interface(matter: c.Matter) -> object:
    return matter.interface


def _claims(matter: c.Matter) -> object:
    """The interface with the condition of the claims a matter is for; None where it has none."""
    if matter.condition is None:
        return None
    return matter.interface, Canon().of(matter.condition)


# --- asked for by name


def _asked(asked: str, first: c.Program, second: c.Program) -> MatterPair:
    names = [asked, asked]
    for separator in SEPARATORS:
        if separator in asked:
            names = [part.strip() for part in asked.split(separator, 1)]
            break
    else:
        if asked in first.matters and asked not in second.matters:
            names[1] = _partner(asked, first, second, 0)
        elif asked in second.matters and asked not in first.matters:
            names[0] = _partner(asked, first, second, 1)
    problems = [
        _unknown(name, program)
        for name, program in zip(names, (first, second), strict=True)
        if name not in program.matters
    ]
    if problems:
        raise Rejected(problems[:1] if names[0] == names[1] else problems)
    matter = first.matters[names[0]]
    return MatterPair(names[0], names[1], matter.interface,
                      "name" if names[0] == names[1] else "asked")  # fmt: skip


def _partner(name: str, first: c.Program, second: c.Program, side: int) -> str:
    """What the other policy compares with ``name``, a matter of one of them."""
    for pair in dict(_pairs(first.matters, second.matters)).values():
        if (pair.first, pair.second)[side] == name:
            return (pair.second, pair.first)[side]
    own, other = (first, second) if side == 0 else (second, first)
    interface = own.matters[name].interface
    raise Rejected([diagnose(
        "TW0903", matter=name, policy=own.identity.title, other=other.identity.title,
        candidates=[_written(name, m, side) for m in _of_interface(other, interface)],
    )])  # fmt: skip


def _written(own: str, other: str, side: int) -> str:
    return f"{own}:{other}" if side == 0 else f"{other}:{own}"


def _of_interface(program: c.Program, interface: str) -> Iterable[str]:
    return (n for n, m in program.matters.items() if interface and m.interface == interface)


def _unknown(name: str, program: c.Program) -> Diagnostic:
    return diagnose("TW0902", matter=name, policy=program.identity.title,
                    nearest=nearest(name, program.matters),
                    matters=list(program.matters))  # fmt: skip


def _nothing_in_common(first: c.Program, second: c.Program) -> Diagnostic:
    candidates = [
        f"{name}:{other}"
        for name, matter in first.matters.items()
        for other in _of_interface(second, matter.interface)
    ]
    return diagnose("TW0901", first=first.identity.title, second=second.identity.title,
                    candidates=candidates[:5])  # fmt: skip
