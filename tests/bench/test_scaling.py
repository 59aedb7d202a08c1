"""The page about scaling shows what follows from the measured rates, worked out here by hand."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from tests.bench import scaling_page as page
from tests.bench.pages import LANGUAGES
from tests.bench.scaling import spent
from tests.bench.tables import Lang

RATES: dict[str, Any] = {
    "rates": [
        {
            "workload": "ziyang",
            "engine": "local",
            "seconds": 36e-6,
            "bytes_in": 150,
            "bytes_out": 50,
        },
        {
            "workload": "ziyang",
            "engine": "spark",
            "seconds": 72e-6,
            "bytes_in": 150,
            "bytes_out": 50,
        },
    ]
}


def test_a_year_is_people_times_stays_times_what_one_takes() -> None:
    """370.95 million × 21.86% = 81,089,670 stays, 962.94 million × 20.7% = 199,328,580."""
    assert page.STAYS == 81_089_670 + 199_328_580
    *_, country = page.needs(RATES, "ziyang")
    assert country.claims == 280_418_250
    assert country.here == pytest.approx(country.claims * 36e-6)
    assert country.spark == pytest.approx(2 * country.here)
    assert country.size == pytest.approx(country.claims * 200)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_show_what_was_measured(lang: Lang) -> None:
    found = json.loads(page.PAGE.measured.read_text("utf-8"))
    text = page.PAGE.path(lang).read_text("utf-8")
    assert page.part(found, lang) in text
    assert page.PAGE.shown(text, found, lang) == text


def test_a_command_is_measured_with_all_that_it_starts() -> None:
    """A process that starts another, which outlives no one but does all the work."""
    work = "import time; t = time.process_time()\nwhile time.process_time() < t + 0.5: pass"
    outer = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}]).wait()"
    found = spent([sys.executable, "-c", outer])
    assert 0.4 < found.cpu < 5
    assert found.peak > 1 << 20
