"""How many examples a property test tries: always the same ones in the gate, fresh ones at night.

    RETORNO_TIMES=100 python -m pytest -m hypothesis

tries a hundred times as many, drawn anew; what fails then is printed with the seed that repeats it.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("RETORNO_TIMES", "1"))
USUAL = 100

settings.register_profile(
    "retorno",
    derandomize=TIMES == 1,
    database=None,
    deadline=None,  # a busy machine is no fault of the code
    max_examples=USUAL * TIMES,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("retorno")


def examples(usual: int, **options: Any) -> settings:
    """Try so many examples in the gate, and `TIMES` as many where more are asked for."""
    return settings(max_examples=usual * TIMES, **options)
