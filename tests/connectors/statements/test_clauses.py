"""Clauses about a leg: what is proposed in eleven languages, what only looks alike, side, and what denies."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.statements.clauses import LONGEST_CLAUSE, find_clauses

WROTE = {
    "en": """Left calf tight from the start|Calf niggle again|5k, calf still not right|Achilles a bit grumbly
        |Testing the ankle|ankle held up|Rolled my ankle at 4k|Easy run (calf sore)|Nursing a sore calf
        |My shins were killing me|felt my calf at the end|Shin splints :(|Still injured|First run back after injury
        |Plantar fasciitis playing up|Physio said to take it easy|hamstring pulled|Slow due to calf|Heel pain
        |Legs sore from yesterday|Calf all good|knees hurt|Right foot numb|Bailed, calf|DNF - calf
        |Ankle feeling a lot better|Felt calf go at 3 miles|Went over on my ankle|Hobbled home with shin pain
        |Legs aching
        |Cut short with calf pain|shin still there|First pain free run in ages|no sign of calf trouble
        |calves like bricks
        |Calf was a lot of trouble so I cut it short""",
    "de": """Wade zwickt|Linke Wade macht zu|Achillessehne spürbar|Knieschmerzen|Erster Lauf nach Verletzung
        |Fersensporn|Knöchel umgeknickt|Schienbein tut weh""",
    "nl": """Last van de kuit|Pijn in de linker enkel|Terug na blessure|hiel gevoelig|springschenen""",
    "fr": """Mal au mollet gauche|Douleur au tendon d'Achille|Reprise après blessure|cheville raide|périostite""",
    "es": """Me duele el gemelo|Molestias en el sóleo derecho|vuelta tras la lesión|tobillo hinchado""",
    "pt": """Dor no joelho|Dores no tornozelo esquerdo|Doeram as panturrilhas|lesão|Torci o pé""",
    "it": """Dolore al polpaccio|polpaccio indurito|fastidio al tendine d'Achille|tendinite""",
    "pl": """Ból łydki|Boli kolano|Po kontuzji|sztywny achilles|skurcz łydki""",
    "sv": """Ont i vaden|Känning i hälsenan|skadad|stel vad i vaden""",
    "da": """Ondt i læggen|Akillessenen driller|skadet|stiv ankel""",
    "no": """Vondt i leggen|Kjente litt i akillesen|Stiv i leggene|beinhinnebetennelse""",
}
LOOKS_ALIKE = """2 min rest|pt 2|coaching|Coaching the kids|Knee raises 3x10|You will be sorely missed
    |with Tom and his sore ankle|Tom's ankle is sore|Anna has shin splints|Hope your knee heals soon|She hurt her calf
    |Toothache today|Teeth pain|Arms sore from the gym|Dor no cotovelo|Calf raises, 2 min rest|Stiff headwind
    |Tight turns|Pain cave|No pain, no gain|Beyond pain there is a whole universe of more pain
    |300 feet of painful climbing|Hills are my achilles heel|Achilles International 5k|Legs felt great|Tired legs
    |Head over heels|heel strike work|Sore shoulder|My back is sore|That hurt!|Heel mooi gelopen, geen wind
    |Corrida no parque|Rest day|Beer and pain au chocolat|Feet wet and cold|Foot pod problem|Injury Lawyers 10k
    |Injury prevention class|Watch acting up, cold feet|Dog hurt its leg|Stomach cramps|Hip hip hooray
    |Quad crushing hills
    |Marathon relay leg 3|Best foot forward|New calf sleeves|Numb fingers, good legs|Trail of pain and tears
    |Toe the line
    |A pé no parque, sem vento|Te voet naar het werk|Zu Fuß zum Bahnhof|Morning Run|"""


AS_RUNNERS_WRITE = {
    "en": """Achilies niggle at 5k, cut it short 😬|achilles is moaning again #injuryprone|Easy 10k w/ the dodgy calf
        |R calf seized up on the hill, walked home|Heel was killing me by mile 8
        |No pain whatsoever in the achilles today 🙌|calf barely hurt, progress!|Shin splints are back 😭
        |pulled up lame at 6k, calf twinge|Tendonitis flare, taking a week off
        |left heel sore this morning after yesterdays hills|Achilles playing up, jogged it in
        |That old calf thing again. 3 miles.|heel pain first few steps out of bed then ok
        |Longest run since the achilles flared up!|Calves on fire, left one especially sore 🔥
        |bit of tendon soreness after, iced it""",
    "de": """Achillessehne zwickt wieder 🙄|Wade macht zu, abgebrochen nach 4km|Ferse tut weh beim Auftreten
        |Keine Schmerzen mehr in der Wade, endlich|Wadenzerrung... Pause|Wade meldet sich wieder
        |Achillessehne gereizt, nur 5 locker|wegen Ferse nur Gehen""",
    "fr": """Tendon d’Achille qui tire dans les côtes|petite gêne au mollet gauche|Douleur talon droit 😣 stop à 7k
        |Plus mal au tendon, ça fait plaisir|contracture mollet, retour en marchant
        |le mollet s'est réveillé au 6e|Tendon sensible ce matin, prudence|aucune douleur au talon 👌""",
    "es": """Molestias en el tendón de aquiles 😕|Gemelo cargado, rodaje suave|me duele el talon izq
        |sin dolor en el aquiles, a seguir asi 💪|sobrecarga en el sóleo, a parar
        |El aquiles se resiente en las cuestas|pinchazo en el gemelo, a casa|Con el sóleo tocado, 6 km""",
    "it": """Tendine d'Achille infiammato, piano piano|polpaccio duro dopo le ripetute|fastidio al tallone dx
        |nessun dolore al tendine oggi!|contrattura al polpaccio, mi fermo|il tendine si fa sentire in salita
        |stop per colpa del polpaccio""",
    "pt": """Tendão de Aquiles dolorido|dor no calcanhar esquerdo 😩|panturrilha travou no km 8|sem dores no tendão hoje
        |incomodo na canela, rodagem leve|o gémeo deu sinal aos 8|fascite voltou 😭 só 3km""",
    "nl": """Kuit schoot erin na 3 km|achillespees zeurt nog steeds|hiel pijnlijk bij het opstaan
        |geen last meer van de kuit 🎉|rustig rondje ivm achillespees|kuit speelt weer op
        |vanwege de achilles maar 4 km""",
    "sv": """Hälsenan känns av idag|ont i vaden, avbröt efter 5 km|öm häl efter gårdagens pass
        |lite känning i högra akilles
        |inget ont i vaden idag 👍|hälsenan gör sig påmind|kort pass pga vaden|stela vader men gick bra""",
    "da": """Akillessenen driller igen|stram læg, stoppede efter 6 km|ondt i hælen 😫|ingen smerter i akilles i dag
        |smadret læg efter bakker|læggen gør sig bemærket, kort tur|rolig tur pga akillessenen""",
    "no": """Akillesen verker litt|stiv legg, rolig tur|vondt i hælen etter langtur
        |kjenner litt til akillesen på vei hjem|leggen strammer, snudde tidlig|kort tur pga akilles""",
    "pl": """Achilles znowu boli 😡|łydka ciągnie po wczorajszych podbiegach|ból pięty, odpuszczam interwały
        |bez bólu w ścięgnie, super|Achilles się odzywa 🙁|krótko z powodu łydki""",
}
"""With slips, shortcuts, hash tags and pictures, as titles on Strava have them."""
AS_RUNNERS_NAME_RUNS = """6x800m, 2 min rest|Marathon block pt 2|Coaching session w/ the juniors
    |knee raises, skips and strides
    |Parkrun, sorely missed the coffee van|Toby's ankle is bad so solo today|Dentist after, tooth still sore
    |arms sore from yesterdays bench press|Heel of the Moor trail 🏞️|Shin Falls loop|Calf Island ferry run
    |Achilles Heel 10k race 🏅|legs like lead but a PB!|Painted Hills sunrise
    |Killer hills, foot of the mountain and back|Back to back long runs|Heartbreak Hill repeats #hurtsogood
    |Sore loser's run after the match|pushing the buggy, baby teething, no sleep
    |mate has shin splints so I ran alone|Strained coffee, strained conversation
    |Negative split, legs feeling great|Ankle deep in mud 🐷|knee high grass, lovely
    |On my toes all day, quick shake out|Tight pack at the start, 10k in 42:10|Wadenbach-Runde|Fersental Trail 🌲
    |Zahnarzt überlebt, danach locker 5|Kniebis Höhenlauf|Hart aber herzlich: 5x1000|zu Fuß zum Bäcker
    |Seine Wade hat zugemacht, ich bin weiter|Sortie longue au pied du Vercors|Mal dormi mais bonne séance
    |Tendon Running Club, sortie du jeudi|Footing tranquille, dur dur le réveil
    |Sa cheville va mieux, on recourt ensemble|Rodaje por el Talón de Aquiles (sendero)|Al pie de la montaña
    |Duro pero contento 💪|a mi hijo le duele la muela|Giro al piede del Monte|Che fatica! Ma che panorama
    |In gamba ragazzi 💪|Corrida no Parque da Dor|treino no pé da serra|Longão no calçadão
    |no joelho da estrada, vista linda|Rondje Hielpolder|Rondje met de kinderen, benen op|zwaar maar voldaan
    |Fotrally med jobbet|Till fots hem från krogen|Fodbold med drengene bagefter|Tur til fods, hård vind
    |Beinhard intervall 🔥|Fottur i fjellet|Stopka Run 5k|Bieg na Pięty Achillesa
    |My wife's calves are killing it: she PB'd!|Brother has a bad achilles, so I paced mum
    |Pulled the kids in the trailer|Stiff breeze on the front|No pain no gain 10x400|Foot Locker 5k, ran it hard
    |Cold hands and sore throat, short one|Toe River trail, rough going|Due to work, lunch run
    |Back from the vet, dog has a sore paw|Hip hop playlist, good vibes|Meine Frau hat Wade, also allein
    |Beinhart: Trail um die Burg|Wegen Regen nur 5|Hund humpelt, wir gehen|À cause du vent, sortie courte
    |Ma femme a mal au genou, je cours seul|Por culpa del calor, 5 y a casa|Mi amigo tiene el tobillo mal
    |A causa della pioggia tapis roulant|Un piede avanti all'altro|Por causa da chuva, esteira
    |No calor do meio dia|Vanwege de wind binnen gelopen|Vriendin heeft last van haar knie, solo vandaag
    |Pga halkan kort runda|Om halv åtta startade vi|Pga vejret løbebånd|Pga glatt vei, mølle
    |Z powodu smogu bieżnia"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("|") if line.strip()]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (one, line)
        for table in (WROTE, AS_RUNNERS_WRITE)
        for one, text in table.items()
        for line in _lines(text)
    ],
)
def test_a_runner_who_wrote_of_a_leg_is_asked(language, line):
    assert len(find_clauses(line)) == 1


@pytest.mark.parametrize("line", _lines(LOOKS_ALIKE) + _lines(AS_RUNNERS_NAME_RUNS))
def test_what_only_looks_alike_is_not_proposed(line):
    assert find_clauses(line) == []


@pytest.mark.parametrize(
    ("line", "place", "side", "kind"),
    [
        ("Left calf tight", "calf", "left", "complaint"),
        ("sore right achilles", "achilles", "right", "complaint"),
        ("both ankles hurt", "ankle", "both", "complaint"),
        ("calf sore right from the start", "calf", None, "complaint"),
        ("dores na canela direita, joelho esquerdo e cotovelo", "shin", "right", "complaint"),
        ("Senti a virilha direita e a panturrilha esquerda", "calf", "left", "complaint"),
        ("Wade links zwickt", "calf", "left", "complaint"),
        ("No pain whatsoever", "other", None, "none"),
        ("no pain in the left heel", "heel", "left", "none"),
        ("ankle barely hurt", "ankle", None, "none"),
        ("Calf much better, hardly sore", "calf", None, "eased"),
        ("Calf felt fine", "calf", None, "eased"),
        ("sem dor no tornozelo", "ankle", None, "none"),
        ("dor no tornozelo", "ankle", None, "complaint"),
        ("no me duele el gemelo", "calf", None, "none"),
        ("Knieschmerzen", "knee", None, "complaint"),
        ("Injured", "other", None, "complaint"),
    ],
)
def test_place_side_and_denial_are_guessed(line, place, side, kind):
    (clause,) = find_clauses(line)
    assert (clause.place, clause.side, clause.kind) == (place, side, kind)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Ellie had sore legs",
            "Ellie had a sore calf",
            "John injured his ankle",
            "Mike complained of calf pain",
        ),
        *(
            "Easy one because Saoirse had a sore ankle",
            "Ellie struggled with sore legs",
            "Somebody else's ankle hurt",
        ),
        *("Ellie hatte Wadenschmerzen", "Marie avait mal au mollet", "Paul heeft last van zijn achillespees"),
        *("Lucía tenía dolor en el gemelo", "Chiara aveva male al polpaccio", "Astrid hade ont i vaden"),
    ],
)
def test_who_is_named_as_the_one_who_has_it_is_not_the_runner(line):
    assert find_clauses(line) == []


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Had sore legs",
            "Ran with Ellie, sore calf",
            "Ellie and I had sore calves",
            "Hill reps with Jan. Calf sore",
        ),
        *(
            "Intervals had my calf sore",
            "Today had sore legs",
            "Left Achilles had a niggle",
            "Paul 5k sore calf",
        ),
        *("Hatte Wadenschmerzen", "Der Lauf hatte Wadenschmerzen zur Folge", "Easy Run Had Sore Calf"),
    ],
)
def test_a_name_beside_the_runners_own_leg_hides_nothing(line):
    assert len(find_clauses(line)) == 1


def test_no_first_name_is_a_word_of_the_lists():
    table = files("connectors.statements").joinpath("words.csv").read_text(encoding="utf-8")
    words = {row["word"].casefold() for row in csv.DictReader(table.splitlines())}
    names = files("connectors.statements").joinpath("names.csv").read_text(encoding="utf-8").split()[1:]
    assert len(names) == len(set(names)) > 700
    assert not [name for name in names if name.casefold() in words]


def test_only_the_clause_is_kept_of_a_long_text():
    text = "Lovely evening with Kim at Elm Street. Left calf tight at the end, coffee after.\n3x1000 m\nankle fine"
    assert [one.text for one in find_clauses(text)] == ["Left calf tight at the end", "ankle fine"]


def test_the_same_sentence_twice_is_one_clause():
    assert len(find_clauses("Calf sore. Calf sore.")) == 1


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    for clause in find_clauses(text):
        assert 0 < len(clause.text) <= LONGEST_CLAUSE


@given(st.sampled_from([line for text in WROTE.values() for line in _lines(text)]), st.booleans())
def test_letters_and_accents_do_not_matter(line, is_upper):
    assert len(find_clauses(line.upper() if is_upper else f"Easy 5k. {line}")) == 1


@pytest.mark.real_data
def test_at_most_two_proposals_stand_in_records_without_any(real_data):
    """Two exports whose titles and descriptions, read by a person, hold no statement on the runner's own leg."""
    counts = Counter()
    for name in ("JoranVerspreet+2025_activities_dashboard", "slalom007+strava-running-analysis"):
        table = (real_data / "strava_export" / name / "activities.csv").read_text(encoding="utf-8-sig")
        for cells in list(csv.reader(table.splitlines()))[1:]:
            counts[name] += sum(len(find_clauses(text)) for text in cells[2:5:2])
    assert max(counts.values()) <= 2
