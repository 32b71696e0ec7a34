"""Numbers as each language prints them."""

from __future__ import annotations

import math

from geo.text.labels import Lang

MINUS = "−"
TINY = 1e-9


def number(value: float, lang: Lang, decimals: int = 0) -> str:
    """Print a number with the language's marks for thousands and decimals; zero has no sign.

    Examples
    --------
    >>> number(1234.5, "es", 1), number(1234.5, "en", 1)
    ('1.234,5', '1,234.5')
    """
    text = f"{value:z,.{decimals}f}".replace("-", MINUS)
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def p_value(value: float, lang: Lang) -> str:
    """Print a p-value with two decimals from 0.1, four below, more where it is smaller still: never as zero.

    Examples
    --------
    >>> p_value(0.02476, "en"), p_value(0.502, "es"), p_value(2e-5, "en"), p_value(1.0, "en")
    ('0.0248', '0,50', '0.00002', '1.00')
    >>> p_value(0.0, "es")
    '< 0,000000001'
    """
    if value < TINY:  # of a closed form, that may be too small for a number
        return f"< {p_value(TINY, lang)}"
    if value >= 0.1:
        return number(value, lang, 2)
    digits = max(4, 1 - math.floor(math.log10(value)))
    return number(value, lang, digits).rstrip("0")
