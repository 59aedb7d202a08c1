"""Libraries that only some commands need: named by the extra that installs them.

The base install stays light; what asks for a library that is not there is told which extra
brings it, once, in one diagnostic.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tiaowen.dsl.diagnostics import Rejected, diagnose


def need(module: str, extra: str) -> Any:
    """The module named ``module``, which the extra ``extra`` installs.

    ``Rejected`` with TW0703 where it, or a library it stands on, is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise Rejected([diagnose("TW0703", module=error.name or module, extra=extra)]) from None
