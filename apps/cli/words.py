"""Which language the command line speaks, and its words in both.

``--lang`` decides, wherever it stands; else the locale, where it names a language; else
Chinese, the language of the regulations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import frozen

Lang = Literal["zh", "en"]

LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@frozen
class Say:
    """Picks one of two wordings: ``say("找不到", "not found")``."""

    lang: Lang

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language to speak, told before the arguments are understood: help and complaints
    about the arguments are in it too."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else next(iter(arguments[at + 1 :]), "")
            if value in LANGUAGES:
                return value
    return locale_language(environment)


def locale_language(environment: Mapping[str, str]) -> Lang:
    """The language of the locale: English for any that is named and not Chinese."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        named = environment.get(variable, "").split(".")[0].lower()
        if named:
            return "zh" if named in ("c", "posix") or named.startswith("zh") else "en"
    return "zh"
