"""A page in the format asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiaowen.apps.cli.output import Terminal
    from tiaowen.review.present.page import Page


def rendered(page: Page, form: str, terminal: Terminal, output: Path | None) -> str:
    """``page`` as text, Markdown or HTML; only text on a terminal is coloured."""
    from tiaowen.review.present import page as layout

    if form == "markdown":
        return layout.page_markdown(page)
    if form == "html":
        return layout.page_html(page, terminal.lang)
    colored = output is None and terminal.colored(sys.stdout)
    return layout.page_text(page, colored, terminal.width)
