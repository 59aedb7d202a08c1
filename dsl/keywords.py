"""The tables of keywords and units, and the parser's terminals made from them.

Every keyword has Simplified, Traditional and English spellings in one file of the grammar, and
every unit of a number its spellings in another; nothing else in the language names them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

Script: TypeAlias = Literal["zh", "zh-Hant", "en"]

SCRIPTS: tuple[Script, ...] = ("zh", "zh-Hant", "en")


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files("tiaowen.grammar").joinpath(name).read_text(encoding="utf-8"))


# --- keywords


@cache
def keywords() -> dict[str, dict[Script, tuple[str, ...]]]:
    """Grammar name -> script -> spellings, the first of which the formatter writes."""
    return {
        name: {script: tuple(spelt[script]) for script in SCRIPTS}
        for name, spelt in _file("keywords.toml").items()
    }


def spelling(name: str, script: Script) -> str:
    """How the formatter writes keyword ``name`` in ``script``."""
    return keywords()[name][script][0]


@cache
def spellings() -> dict[str, str]:
    """Every spelling in every script -> the keyword's grammar name."""
    return {
        word: name
        for name, by_script in keywords().items()
        for words in by_script.values()
        for word in words
    }


# --- units of numbers


@cache
def units() -> dict[str, tuple[str, ...]]:
    """Canonical unit -> its spellings, the first of which the printer writes."""
    return {unit: tuple(words) for unit, words in _file("units.toml")["units"].items()}


@cache
def _unit_of() -> dict[str, str]:
    spelt = {word: unit for unit, words in units().items() for word in words}
    return {**spelt, "": ""}


@cache
def _scale_of() -> dict[str, int]:
    scales = _file("units.toml")["scales"]
    return {word: int(scale) for scale, words in scales.items() for word in words}


@lru_cache(maxsize=4096)
def number_value(text: str) -> tuple[Fraction, str]:
    """Value and canonical unit of a NUMBER as the lexer takes it: ``15万元`` is 150000 元."""
    rest = text.lstrip("0123456789.,")
    digits = text[: len(text) - len(rest)].replace(",", "")
    rest = re.sub(" +", " ", rest.strip())
    value = Fraction(digits)
    scale = _scale_of().get(rest[:1])
    return (value * scale, _unit_of()[rest[1:]]) if scale else (value, _unit_of()[rest])


# --- terminals


def terminals() -> str:
    """The ``KW_…`` terminals and NUMBER as Lark source; a keyword ends where its word ends."""
    spelt = {name: set().union(*by_script.values()) for name, by_script in keywords().items()}
    made = [f"KW_{name.upper()}.2: /{_any_of(words)}(?!\\w)/" for name, words in spelt.items()]
    return "\n".join([*made, f"NUMBER.1: /{_number()}/"])


def _number() -> str:
    figure = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
    scale = _any_of(_scale_of())
    unit = _any_of(word for words in units().values() for word in words)
    return rf"{figure}(?:[ ]?(?:{scale}?{unit}|{scale})(?!\w))?"


def _any_of(words: Iterable[str]) -> str:
    """One of ``words``, the longest that stands there; a space stands for several."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(w).replace("\\ ", "[ ]+") for w in ordered) + ")"
