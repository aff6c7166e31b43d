"""What people write into a cell instead of a number, a side or a yes, in the languages of the diary."""

from __future__ import annotations

import re

from connectors.month_names import plain_text

UNKNOWN = {
    *("-", "--", "---", "?", "??", ".", "/", "n/a", "na", "n.a.", "n.a", "nan", "null", "nil.", "unknown"),
    *(
        "not known",
        "no data",
        "missing",
        "unbekannt",
        "keine angabe",
        "k.a.",
        "k. a.",
        "k.a",
        "onbekend",
        "nvt",
    ),
    *(
        "n.v.t.",
        "inconnu",
        "inconnue",
        "n.c.",
        "nc",
        "nd",
        "n.d.",
        "s/d",
        "n/d",
        "desconocido",
        "desconocida",
    ),
    *(
        "sin datos",
        "desconhecido",
        "desconhecida",
        "sem dados",
        "sconosciuto",
        "sconosciuta",
        "nieznane",
        "nieznany",
    ),
    *("brak danych", "b.d.", "bd", "#n/a", "#nv", "#n/d"),
}
"""Cells that say nothing."""

NONE = {
    *(
        "none",
        "no",
        "nil",
        "zero",
        "no pain",
        "none at all",
        "pain free",
        "pain-free",
        "no stiffness",
        "nothing",
    ),
    *(
        "keine",
        "keiner",
        "kein",
        "null schmerz",
        "nichts",
        "schmerzfrei",
        "geen",
        "niets",
        "pijnvrij",
        "nee",
        "nein",
    ),
    *(
        "aucun",
        "aucune",
        "rien",
        "non",
        "ninguno",
        "ninguna",
        "ningun",
        "nada",
        "sin dolor",
        "nenhum",
        "nenhuma",
    ),
    *("sem dor", "nao", "nessuno", "nessuna", "niente", "brak", "bez bolu", "nic", "nie"),
}
"""Cells that say there was none of it, which is 0."""

_SIDES = {
    "left": "l li left lhs links link linke linker linkes linkerkant g gauche izquierda izquierdo izq esquerda "
    "esquerdo esq sinistra sinistro sx sin lewa lewy lewe lewej",
    "right": "r re right rhs rechts recht rechte rechter rechtes rechterkant d droite droit derecha derecho der dcha "
    "dch direita direito dir destra destro dx prawa prawy prawe prawej p",
    "both": "b both bilateral bilaterally bilaterale bilateralmente beide beiden beiderseits beidseits beidseitig bds "
    "bdsts deux ambos ambas dois duas entrambi entrambe tutti obie oba obydwie obydwa obustronnie obustronny lr rl",
}
_NOISE_WORDS = (
    "side sides heel heels foot feet leg legs ankle achilles tendon the and both seite seiten ferse "
    "fersen fuss bein und kant kanten hiel hielen been voet en zijde zijden allebei cote cotes talon "
    "talons pied pieds les et lado lados talones talon pie pies y los las os as e calcanhar calcanhares "
    "pe pes lato lati tallone talloni piede piedi i strona strony pieta piety stopa noga due"
)
_NOISE = frozenset(_NOISE_WORDS.split())
_SITES = {
    "midportion": (
        "midportion",
        "mid portion",
        "mid",
        "middle",
        "mitte",
        "midden",
        "middenportie",
        "non insertional",
    ),
    "insertion": (
        "insertion",
        "insertional",
        "insertie",
        "ansatz",
        "insercion",
        "insercao",
        "inserzione",
        "przyczep",
    ),
    "other": ("other", "andere", "anders", "autre", "otro", "otra", "outro", "outra", "altro", "inne"),
}
_YES_WORDS = "yes y true 1 ja j oui o si sim s tak t wahr vrai vero verdadero verdadeiro prawda waar"
_NO_WORDS = "no n false 0 nein nee non nao nie falsch faux falso falsz onwaar"
_YES, _NO = set(_YES_WORDS.split()), set(_NO_WORDS.split())


def is_unknown(text: str) -> bool:
    """Distinguish a cell that says nothing from one that says something."""
    return not text or plain_text(text) in UNKNOWN


def side_of(text: str) -> str | None:
    """left, right or both from a person's word; None where the word is not known."""
    words = re.findall(r"[^\W\d_]+", plain_text(text))
    meant = {side for word in words for side, known in _SIDES.items() if word in known.split()}
    strange = [
        word for word in words if word not in _NOISE and not any(word in k.split() for k in _SIDES.values())
    ]
    if strange or not meant:
        return None
    return meant.pop() if len(meant) == 1 else "both"


def site_of(text: str) -> str | None:
    """midportion, insertion or other from a person's word; None where the word is not known."""
    plain = plain_text(text).replace("-", " ").removesuffix(" tendinopathy")
    return next((site for site, words in _SITES.items() if plain in words), None)


def yes_or_no(text: str) -> bool | None:
    """True for yes and False for no in eight languages; None where the word is neither."""
    plain = plain_text(text)
    return True if plain in _YES else False if plain in _NO else None
