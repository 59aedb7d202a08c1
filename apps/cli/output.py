"""How the command line writes: in which language, with or without colour, how wide.

Results go to standard output; what is wrong goes to standard error, except where findings are
the result. Into a pipe or a file nothing is coloured.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TextIO

from attrs import frozen

from tiaowen.apps.cli.words import Lang, Say

if TYPE_CHECKING:
    from pathlib import Path

    from tiaowen.dsl.diagnostics import Diagnostic

Color = Literal["auto", "always", "never"]

PIPED_WIDTH = 100
"""Cells of a line where no terminal says how wide it is."""


@frozen
class Terminal:
    """The terminal a command was started from."""

    lang: Lang
    color: Color = "auto"

    @property
    def say(self) -> Say:
        return Say(self.lang)

    @property
    def width(self) -> int:
        """Cells of a line: the terminal's, or what COLUMNS says."""
        return shutil.get_terminal_size((PIPED_WIDTH, 24)).columns

    def colored(self, stream: TextIO) -> bool:
        """Whether to colour what goes to ``stream``: ``--color``, else NO_COLOR (set and not
        empty means none), else whether it is a terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()

    def write(self, text: str) -> None:
        """``text`` as it stands to standard output."""
        sys.stdout.write(text)

    def line(self, zh: str, en: str) -> None:
        """One line to standard output."""
        sys.stdout.write(self.say(zh, en) + "\n")

    def complain(self, zh: str, en: str) -> None:
        """One line to standard error."""
        sys.stderr.write(self.say(zh, en) + "\n")

    def report(self, diagnostics: Iterable[Diagnostic], stream: TextIO | None = None) -> None:
        """``diagnostics`` as a person reads them, to ``stream`` (standard error)."""
        from tiaowen.dsl.render.text import render_text

        stream = stream or sys.stderr
        stream.write(render_text(diagnostics, self.lang, self.colored(stream), self.width))

    def deliver(self, text: str, output: Path | None) -> None:
        """``text`` to the file ``output``, or to standard output where there is none.

        ``Rejected`` with TW0702 where the file cannot be written.
        """
        if output is None or str(output) == "-":
            self.write(text if text.endswith("\n") else text + "\n")
            return
        from tiaowen.apps.files import unusable
        from tiaowen.dsl.diagnostics import Rejected

        try:
            output.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Rejected([unusable("write", output, error)]) from None

    def deliver_bytes(self, content: bytes, output: Path | None) -> None:
        """``content`` to the file ``output``, or to standard output where there is none and
        nobody reads it on a terminal.

        ``Rejected`` with TW0702 where the file cannot be written, TW0707 on a terminal.
        """
        from tiaowen.apps.files import unusable
        from tiaowen.dsl.diagnostics import Rejected, diagnose

        if output is None or str(output) == "-":
            if sys.stdout.isatty():
                raise Rejected([diagnose("TW0707")])
            sys.stdout.buffer.write(content)
            return
        try:
            output.write_bytes(content)
        except (OSError, ValueError) as error:
            raise Rejected([unusable("write", output, error)]) from None


def forgiving_streams() -> None:
    """Let no character that the terminal's encoding lacks stop the output."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
