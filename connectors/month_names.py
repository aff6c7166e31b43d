"""Month names and the words for the halves of the day, in the languages that exports and diaries are written in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

MONTH_NAMES = {
    "en": "january february march april may june july august september october november december",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de Austria": "janner feber maerz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es old": "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ca": "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
    "pl": "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "pl of": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "cs": "leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec",
    "cs of": "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "hu": "januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december",
    "tr": "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru name": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "el": "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου "
    "νοεμβριου δεκεμβριου",
}
"""Twelve words a language, small, without accents; any beginning of three letters or more is understood."""

EXACT_NAMES = {
    "fi": "tammi helmi maali huhti touko kesa heina elo syys loka marras joulu",
    "fi full": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu "
    "lokakuu marraskuu joulukuu",
    "fi of": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "ca short": "gen feb marc abr maig juny jul ag set oct nov des",
    "hu short": "jan febr marc apr maj jun jul aug szept okt nov dec",
    "cs short": "led uno bre dub kve cvn cvc srp zar rij lis pro",
    "sv short": "jan feb mars apr maj juni juli aug sep okt nov dec",
}
"""Words that are understood only in full: a beginning of them would be another month elsewhere."""

_AM_PM = re.compile(r"(?<![^\W\d_])([ap])\.? ?m\b\.?")
_HUNGARIAN = re.compile(r"(?<![^\W\d_])d([eu])\.(?= ?\d| ?$)")
_MORNING = ("上午", "午前", "오전", "凌晨", "早上", "清晨", "πμ", "π.μ.")
_AFTERNOON = ("下午", "午後", "오후", "晚上", "傍晚", "中午", "μμ", "μ.μ.")


@lru_cache(maxsize=1 << 16)
def plain_text(text: str) -> str:
    """Small letters, plain blanks and hyphens, no accents; ideographs as they are."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    letters_only = "".join(
        c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
    composed = unicodedata.normalize("NFC", letters_only.translate(_LOOKALIKES))
    return re.sub(r"\s+", " ", composed).strip()


_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−－", "-"), "／": "/", "．": ".", "ı": "i", "ł": "l", "ø": "o"}
)


def month_number(word: str) -> int | None:
    """Number of a month from its name or the beginning of it, as `plain_text` writes it; None for no month."""
    return _months().get(word)


def half_of_day(text: str) -> str:
    """`a` for a time before noon, `p` for one after it, "" where the text does not say; `plain_text` comes first."""
    if match := _AM_PM.search(text):
        return match[1]
    if match := _HUNGARIAN.search(text):
        return "a" if match[1] == "e" else "p"
    if any(word in text for word in _AFTERNOON):
        return "p"
    return "a" if any(word in text for word in _MORNING) else ""


@cache
def _months() -> dict[str, int]:
    """Every beginning of a month's name that can mean one month only; a whole name outranks a beginning."""
    begun: dict[str, set[int]] = {}
    full: dict[str, set[int]] = {}
    for names in MONTH_NAMES.values():
        for number, name in enumerate(plain_text(names).split(), start=1):
            full.setdefault(name, set()).add(number)
            for length in range(3, len(name)):
                begun.setdefault(name[:length], set()).add(number)
    meant = begun | full
    known = {word: numbers.pop() for word, numbers in meant.items() if len(numbers) == 1}
    for names in EXACT_NAMES.values():
        for number, name in enumerate(plain_text(names).split(), start=1):
            known.setdefault(name, number)
    return known
