"""Refuses to build a checkout whose room links were not made, instead of an empty package.

Everything else about the build stands in ``pyproject.toml``.
"""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).parent / "src"))
try:
    import tiaowen  # noqa: F401  (importing it is the check)
except ImportError as error:
    sys.exit(str(error))

setup()
