"""What the headings of an `activities.csv` are called, for a table from which somebody took columns out."""

# The table of an untouched export is read by position (see `connectors.strava.export.layout`). Words:
# English from real exports of all eras; German, Dutch and French from exports that people published; the
# others are the words of Strava's own pages in that language, and cost nothing where they are wrong: a table
# is then refused, never read shifted.

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

HEADINGS = {
    "source_id": "activity id|id|aktivitats-id|activiteits-id|id de l'activite|id de la actividad|id de actividad"
    "|id da atividade|id attivita|id dell'attivita|id aktywnosci|id de l'activitat|aktivitets-id|activity-id",
    "date": "activity date|date|aktivitatsdatum|datum der aktivitat|datum van activiteit|activiteitsdatum"
    "|date de l'activite|fecha de la actividad|fecha de actividad|data da atividade|data attivita|data dell'attivita"
    "|data aktywnosci|data de l'activitat|aktivitetsdatum|aktivitetsdato",
    "name": "activity name|name|name der aktivitat|naam activiteit|naam van activiteit|nom de l'activite"
    "|nombre de la actividad|nombre de actividad|nome da atividade|nome attivita|nome dell'attivita|nazwa aktywnosci"
    "|nom de l'activitat|aktivitetsnamn|aktivitetsnavn|namn pa aktivitet|navn pa aktivitet",
    "description": "activity description|description|aktivitatsbeschreibung|beschreibung der aktivitat|beschreibung"
    "|beschrijving van activiteit|beschrijving activiteit|description de l'activite|descripcion de la actividad"
    "|descricao da atividade|descrizione attivita|descrizione dell'attivita|opis aktywnosci|aktivitetsbeskrivning"
    "|aktivitetsbeskrivelse|beskrivning av aktivitet|beskrivelse av aktivitet",
    "private_note": "activity private note|hinweis zur privatsphare fur aktivitaten|private notiz zur aktivitat"
    "|privenotitie activiteit|note privee sur les activites|note privee de l'activite|nota privada de la actividad"
    "|nota privada da atividade|nota privata attivita|nota privata dell'attivita|prywatna notatka aktywnosci"
    "|privat anteckning|privat note",
    "sport_text": "activity type|type|aktivitatsart|art der aktivitat|aktivitatstyp|activiteitstype|soort activiteit"
    "|type d'activite|type d'activité|tipo de actividad|tipo de atividade|tipo di attivita|tipo attivita"
    "|rodzaj aktywnosci|typ aktywnosci|tipus d'activitat|aktivitetstyp|aktivitetstype",
    "elapsed_s": "elapsed time|elapsed_time|verstrichene zeit|gesamtzeit|verstreken tijd|temps ecoule"
    "|tiempo transcurrido|tempo decorrido|tempo trascorso|tempo totale|czas calkowity|uplyniety czas"
    "|temps transcorregut|forfluten tid|forlobet tid|medgatt tid|brukt tid|total tid",
    "moving_s": "moving time|beweegtijd|bewegungszeit|duree de deplacement|temps de deplacement|tiempo en movimiento"
    "|tempo em movimento|tempo de movimentacao|tempo de movimento|tempo in movimento|czas ruchu|czas w ruchu"
    "|temps en moviment|tid i rorelse|tid i bevaegelse|tid i bevegelse",
    "distance_m": "distance|distanz|strecke|afstand|distancia|distanza|dystans|distans|avstand|distance_m",
    "max_speed_mps": "max speed|hochstgeschw.|hochstgeschwindigkeit|max. geschwindigkeit"
    "|maximale geschwindigkeit|max. snelheid"
    "|maximale snelheid|maximumsnelheid|vitesse max.|vitesse max|vitesse maximale|velocidad maxima|velocidade maxima"
    "|velocita max|velocita massima|maksymalna predkosc|predkosc maksymalna|velocitat maxima|maxhastighet",
    "average_speed_mps": "average speed|durchschnittsgeschwindigkeit|durchschnittliche geschwindigkeit"
    "|gemiddelde snelheid|vitesse moyenne|velocidad media|velocidad promedio|velocidade media|velocita media"
    "|srednia predkosc|predkosc srednia|velocitat mitjana|medelhastighet|gennemsnitshastighed|gjennomsnittsfart",
    "ascent_device_m": "elevation gain|totale stijging|hohenzunahme|hohengewinn|positiver hohenunterschied"
    "|aufstieg|hoogtewinst"
    "|toename van hoogte|denivele positif|gain d'altitude|desnivel positivo|ganancia de elevacion|ganho de elevacao"
    "|dislivello positivo|dislivello|wzrost wysokosci|przewyzszenie|desnivell positiu|hojdmeter|stigning",
    "descent_device_m": "elevation loss|totale daling|hohenverlust|negativer hohenunterschied|abstieg|hoogteverlies"
    "|afname van hoogte|denivele negatif|perte d'altitude|desnivel negativo|perdida de elevacion|perda de elevacao"
    "|dislivello negativo|spadek wysokosci|desnivell negatiu",
    "lowest_m": "elevation low|kleinste hoogte|min. hohe|niedrigste hohe|tiefster punkt|minimale hohe"
    "|laagste hoogte|laagste punt|altitude min."
    "|altitude minimale|altitud minima|elevacion minima|elevacao minima|quota minima|altitudine minima"
    "|najnizsza wysokosc",
    "highest_m": "elevation high|grootste hoogte|max. hohe|hochste hohe|hochster punkt|maximale hohe"
    "|hoogste hoogte|hoogste punt|altitude max."
    "|altitude maximale|altitud maxima|elevacion maxima|elevacao maxima|quota massima|altitudine massima"
    "|najwyzsza wysokosc",
    "cadence_one_leg": "average cadence|durchschnittliche trittfrequenz|durchschnittliche kadenz|gemiddelde cadans"
    "|cadence moyenne|cadencia media|cadencia promedio|cadenza media|srednia kadencja|medelkadens",
    "heart_rate_bpm": "average heart rate|durchschnittliche herzfrequenz|gemiddelde hartslag"
    "|frequence cardiaque moyenne|frecuencia cardiaca media|frecuencia cardiaca promedio|frequencia cardiaca media"
    "|frequenza cardiaca media|srednie tetno|medelpuls|gennemsnitspuls|gjennomsnittspuls",
    "max_heart_rate_bpm": "max heart rate|max. herzfrequenz|maximale herzfrequenz|max. hartslag|maximale hartslag"
    "|frequence cardiaque max.|frequence cardiaque maximale|frecuencia cardiaca maxima|frequencia cardiaca maxima"
    "|frequenza cardiaca max|frequenza cardiaca massima|maksymalne tetno|maxpuls|makspuls",
    "perceived_exertion_0_10": "perceived exertion|gefuhlte anstrengung|subjektive anstrengung|ervaren inspanning"
    "|effort percu|esfuerzo percibido|esforco percebido|sforzo percepito|odczuwany wysilek",
    "gear_name": "activity gear|aktivitatsausrustung|materiel utilise pour l'activite"
    "|uitrusting voor activiteit|materiel utilise"
    "|equipement de l'activite|equipamiento de la actividad|equipamento da atividade|attrezzatura dell'attivita"
    "|sprzet aktywnosci",
    "file_name": "filename|dateiname|bestandsnaam|nom du fichier|nombre de archivo|nombre del archivo|nome do arquivo"
    "|nome do ficheiro|nome file|nome del file|nazwa pliku|nom del fitxer|filnamn|filnavn",
    "bike_id": "bike|fiets|fahrrad|rad|velo|bicicleta|bici|bicicletta|rower",
    "gear_id": "gear|uitrusting|ausrustung|materiel|equipement|equipamiento|equipo|equipamento|attrezzatura"
    "|sprzet|wyposazenie",
}
"""Our name of a column to its headings, in small letters without accents."""

MUST_HAVE = ("source_id", "date", "sport_text")
"""Columns without which no row says which session it is."""

IN_WORDS = {"source_id": "Activity ID", "date": "Activity Date", "sport_text": "Activity Type"}


def heading_places(words: Sequence[str]) -> dict[str, list[int]]:
    """Places of the columns whose headings are known, by our name; `words` as `anchor` writes them."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        for name in _known().get(word, ()):
            places.setdefault(name, []).append(at)
    return places


def is_known_language(places: dict[str, list[int]]) -> bool:
    """Return whether enough headings are known to say what was taken out."""
    return (
        sum(name in places for name in ("source_id", "date", "sport_text", "elapsed_s", "file_name", "name"))
        >= 3
    )


@cache
def _known() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, words in HEADINGS.items():
        for word in words.split("|"):
            names[word] = (*names.get(word, ()), name)
    return names
