"""Numbers written out in German, French and Ukrainian: an independent speller for round trips."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["SPELLERS"]

_DE = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_DE_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]

_FR = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}

_UK = [
    "нуль",
    "один",
    "два",
    "три",
    "чотири",
    "п'ять",
    "шість",
    "сім",
    "вісім",
    "дев'ять",
    "десять",
    "одинадцять",
    "дванадцять",
    "тринадцять",
    "чотирнадцять",
    "п'ятнадцять",
    "шістнадцять",
    "сімнадцять",
    "вісімнадцять",
    "дев'ятнадцять",
]
_UK_TENS = [
    "двадцять",
    "тридцять",
    "сорок",
    "п'ятдесят",
    "шістдесят",
    "сімдесят",
    "вісімдесят",
    "дев'яносто",
]
_UK_HUNDREDS = [
    "сто",
    "двісті",
    "триста",
    "чотириста",
    "п'ятсот",
    "шістсот",
    "сімсот",
    "вісімсот",
    "дев'ятсот",
]


def german(number: int) -> str:
    """Return a number below a million as German writes it, in one word."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return _german_part(thousands) + "tausend" + (german(rest) if rest else "")
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return _german_part(hundreds) + "hundert" + (german(rest) if rest else "")
    if number < len(_DE):
        return _DE[number]
    tens, ones = divmod(number, 10)
    return (_german_part(ones) + "und" if ones else "") + _DE_TENS[tens - 2]


def _german_part(number: int) -> str:
    return "ein" if number == 1 else german(number)


def french(number: int) -> str:
    """Return a number below a million as French writes it."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        spelled = french(thousands)
        if spelled.endswith(("cents", "vingts")):
            spelled = spelled.removesuffix("s")
        head = "mille" if thousands == 1 else f"{spelled} mille"
        return f"{head} {french(rest)}" if rest else head
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{french(hundreds)} cent"
        if not rest:
            return head if hundreds == 1 else head + "s"
        return f"{head} {french(rest)}"
    if number < len(_FR):
        return _FR[number]
    tens, ones = divmod(number, 10)
    if tens in (7, 9):
        base = "soixante" if tens == 7 else "quatre-vingt"
        joint = " et " if number == 71 else "-"
        return base + joint + _FR[10 + ones]
    if tens == 8:
        return "quatre-vingts" if not ones else f"quatre-vingt-{_FR[ones]}"
    if not ones:
        return _FR_TENS[tens]
    return _FR_TENS[tens] + (" et un" if ones == 1 else f"-{_FR[ones]}")


def ukrainian(number: int) -> str:
    """Return a number below a million as Ukrainian writes it, in the nominative."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "тисяча" if thousands == 1 else f"{ukrainian(thousands)} тисяч"
        return f"{head} {ukrainian(rest)}" if rest else head
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        head = _UK_HUNDREDS[hundreds - 1]
        return f"{head} {ukrainian(rest)}" if rest else head
    if number < len(_UK):
        return _UK[number]
    tens, ones = divmod(number, 10)
    return _UK_TENS[tens - 2] + (f" {_UK[ones]}" if ones else "")


SPELLERS: dict[str, Callable[[int], str]] = {"de": german, "fr": french, "uk": ukrainian}
