"""The words of every diagnostic, in Chinese and English, from one place.

A diagnostic (``dsl/diagnostics.py``) is a code and values; what it says stands in the TOML
files beside this module, one file per hundred codes, and the page of each code in the
documentation is made from the same entries. The promise: every code is complete in both
languages, and showing a diagnostic never fails, whatever its values are.

Templates hold ``{name}`` placeholders. A stretch in ``[[`` and ``]]`` is left out when one of
its placeholders has no value, so that "did you mean …" is said only where something is near.
``{article}`` and ``{place}`` come from the diagnostic itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from attrs import field, frozen

from tiaowen.dsl.diagnostics import Diagnostic, Label

Lang = Literal["zh", "en"]
Severity = Literal["error", "warning", "note"]
ExampleKind = Literal["policy", "case", "claim"]

FILES: Mapping[str, str] = {
    "TW01": "text",
    "TW02": "names_types",
    "TW03": "rules",
    "TW04": "grounding",
    "TW05": "decisions",
    "TW06": "claims",
    "TW07": "files",
    "TW08": "cases",
    "TW09": "comparing",
    "TW10": "appeals",
    "TW11": "proof",
    "TW12": "store",
    "TW13": "batch",
    "TW14": "cluster",
}
"""Which file holds the codes of a hundred."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@frozen
class Words:
    """One text in both languages; both are empty where an entry has no such text."""

    zh: str = ""
    en: str = ""

    def say(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@frozen
class Entry:
    """What the catalogue says of one code.

    ``wrong`` and ``mended`` are an example that shows the code and the same example without
    the fault. ``example`` says how it is shown: by checking a ``policy`` (its part after the
    front matter, see ``example_text``), by running the ``case`` in such a policy, or by reading
    a ``claim`` (JSON). Both are empty for a code that no single text can show.
    """

    code: str
    severity: Severity
    title: Words
    message: Words
    help: Words = Words()
    labels: Mapping[str, Words] = field(factory=dict)
    page: Words = Words()
    example: ExampleKind = "policy"
    wrong: str = ""
    mended: str = ""


def entry(code: str) -> Entry:
    """The entry of ``code``; ``KeyError`` if the catalogue has none."""
    return _hundred(code[:4])[code]


def codes() -> tuple[str, ...]:
    """Every code, in order."""
    return tuple(sorted(code for prefix in FILES for code in _hundred(prefix)))


def message(diagnostic: Diagnostic, lang: Lang) -> str:
    """What is wrong, in one line without a full stop."""
    return fill(entry(diagnostic.code).message.say(lang), _values(diagnostic), lang)


def help(diagnostic: Diagnostic, lang: Lang) -> str:
    """What to do about it, or the empty string. Where its first part was left out, the mark
    that joined it to the next is too."""
    return fill(entry(diagnostic.code).help.say(lang), _values(diagnostic), lang).lstrip("；; ")


def label_text(diagnostic: Diagnostic, label: Label, lang: Lang) -> str:
    """What is said at one place: the code's own label text, else the shared one.

    A ``label.text`` that neither knows is shown as it stands.
    """
    words = entry(diagnostic.code).labels.get(label.text) or _common().labels.get(label.text)
    if words is None:
        return label.text
    return fill(words.say(lang), {**_values(diagnostic), **label.args}, lang)


def example_text(code: str, which: Literal["wrong", "mended"]) -> str:
    """The example as a whole file, or the empty string where the code has none.

    A policy example is given the shared front matter unless it brings its own.
    """
    found = entry(code)
    text = found.wrong if which == "wrong" else found.mended
    if not text or found.example == "claim" or text.startswith("---"):
        return text
    return _common().front_matter + "\n" + text


def fill(template: str, values: Mapping[str, Any], lang: Lang) -> str:
    """``template`` with its placeholders replaced.

    A placeholder without a value shows its own name: a poor message is better than none.
    """

    def optional(match: re.Match[str]) -> str:
        names = PLACEHOLDER.findall(match[1])
        return match[1] if all(_has_words(values.get(name)) for name in names) else ""

    def placeholder(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[1]
        known = _common().words.get(match[1], {}).get(value) if isinstance(value, str) else None
        return say(known or value, lang)

    return PLACEHOLDER.sub(placeholder, _OPTIONAL.sub(optional, template))


def say(value: object, lang: Lang) -> str:
    """One value in words, in ``lang`` where it has words in each language.

    These are mappings with a key for each language and objects that answer ``label(lang)``
    or ``explain(lang)``. Several values are listed.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]
    if isinstance(value, Words):
        return value.say(lang)
    if isinstance(value, Mapping):
        if lang in value:
            return say(value[lang], lang)
        return _joined((f"{say(k, lang)} = {say(v, lang)}" for k, v in value.items()), lang)
    if isinstance(value, set | frozenset):
        return _joined(sorted(say(item, lang) for item in value), lang)
    if isinstance(value, list | tuple):
        return _joined((say(item, lang) for item in value), lang)
    for words in (getattr(value, "label", None), getattr(value, "explain", None)):
        if callable(words):
            return str(words(lang))
    return str(value)


def _joined(parts: Iterable[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)


def _has_words(value: object) -> bool:
    return value is not None and value != "" and value != () and value != []


def _values(diagnostic: Diagnostic) -> dict[str, Any]:
    return {"article": diagnostic.article, "place": diagnostic.place, **diagnostic.args}


@frozen
class _Common:
    """What all codes share; ``words`` says values by placeholder, then by value."""

    labels: Mapping[str, Words]
    words: Mapping[str, Mapping[str, Words]]
    front_matter: str


@cache
def _common() -> _Common:
    data = _read("common")
    return _Common(
        _texts(data["labels"]),
        {placeholder: _texts(texts) for placeholder, texts in data["words"].items()},
        data["front_matter"],
    )


@cache
def _hundred(prefix: str) -> Mapping[str, Entry]:
    data = _read(FILES[prefix])
    return {code: _entry(code, fields) for code, fields in data.items()}


def _entry(code: str, fields: Mapping[str, Any]) -> Entry:
    return Entry(
        code=code,
        severity=fields["severity"],
        title=Words(**fields["title"]),
        message=Words(**fields["message"]),
        help=Words(**fields.get("help", {})),
        labels=_texts(fields.get("labels", {})),
        page=Words(**fields["page"]),
        example=fields.get("example", "policy"),
        wrong=fields.get("wrong", ""),
        mended=fields.get("mended", ""),
    )


def _texts(fields: Mapping[str, Mapping[str, str]]) -> dict[str, Words]:
    return {key: Words(**text) for key, text in fields.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
