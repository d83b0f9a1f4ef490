"""Dutch words that make a text hard, with what to write instead. The lists are our own."""

import re
from functools import lru_cache


def _these(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Beginning of a hard word → easier words; the ending does not matter (faciliteert, faciliteren).
_SIMPLER = {
    "aangaande": "over",
    "aangezien": "omdat",
    "aanmeld": "opgeven",
    "aanvang": "begin",
    "aanvankelijk": "eerst",
    "aanvraag": "wat u vraagt",
    "aanvullend": "extra",
    "aanwezig": "er zijn",
    "accepte": "goed vinden",
    "accuraat": "precies",
    "adequaat": "goed",
    "advise": "raad geven",
    "afdoende": "genoeg",
    "afnemen": "minder worden",
    "afronden": "klaar zijn",
    "alsmede": "en ook",
    "alvorens": "voor",
    "anoniem": "zonder naam",
    "arbeidsmarkt": "werk",
    "arbeidsdeskundig": "welk werk u kunt doen",
    "aspect": "deel",
    "authentiek": "echt",
    "begeleid": "helpen of hulp",
    "begeleider": "coach",
    "beëindig": "stoppen",
    "beïnvloed": "veranderen",
    "bejegen": "hoe mensen met u omgaan",
    "benodigd": "nodig",
    "beoordel": "zeggen wat u vindt",
    "bereikba": "contact krijgen",
    "beschikbaar": "er zijn",
    "betreffende": "over",
    "bevind": "zijn",
    "bijeenkomst": "gesprek of les",
    "capaciteit": "wat u kunt",
    "communice": "praten",
    "competent": "wat u kunt",
    "concreet": "duidelijk",
    "conform": "zoals",
    "consequent": "altijd",
    "constate": "zien",
    "contract": "afspraak op papier",
    "daadwerkelijk": "echt",
    "definitief": "vast",
    "deelnam": "meedoen",
    "deelneem": "meedoen",
    "deelnem": "meedoen",
    "deskundig": "veel weten van het werk",
    "desondanks": "toch",
    "diagnose": "onderzoek",
    "dienstverlen": "hulp",
    "diverse": "veel",
    "echter": "maar",
    "effectief": "wat goed helpt",
    "enkele": "een paar",
    "enquête": "vragen",
    "ervar": "wat u vond of meemaakte",
    "evalu": "kijken wat goed ging",
    "eventue": "misschien",
    "facilite": "helpen",
    "frequent": "vaak",
    "functione": "werken",
    "gedeeltelijk": "voor een deel",
    "gegevens": "naam en adres",
    "gemiddeld": "meestal",
    "hetgeen": "wat",
    "identificat": "wie u bent",
    "implement": "beginnen met",
    "indicat": "teken",
    "indien": "als",
    "individue": "alleen",
    "inform": "uitleg",
    "initiatief": "zelf willen",
    "inlicht": "uitleggen",
    "intake": "eerste gesprek",
    "invul": "antwoord geven",
    "inzake": "over",
    "jegens": "tegen",
    "kwaliteit": "hoe goed het is",
    "loopbaan": "werk",
    "medisch": "van de dokter",
    "mentaal": "hoe u zich voelt",
    "middels": "met",
    "momenteel": "nu",
    "motivat": "zin in iets",
    "namens": "voor",
    "niettemin": "toch",
    "omtrent": "over",
    "onafhankelijk": "wij horen niet bij …",
    "ondersteun": "helpen of hulp",
    "ontvang": "krijgen",
    "opdracht": "taak",
    "oriënt": "zoeken wat past",
    "particip": "meedoen",
    "periode": "tijd",
    "persoonlijk": "eigen",
    "praktisch": "handig",
    "prioriteit": "eerst doen",
    "proces": "wat er gebeurt",
    "professione": "goed in het werk",
    "psychologisch": "hoe iemand denkt en zich voelt",
    "realise": "maken",
    "recent": "kort geleden",
    "reeds": "al",
    "reïntegrat": "weer gaan werken",
    "re-integrat": "weer gaan werken",
    "relevant": "belangrijk",
    "respondent": "u",
    "resultaat": "wat het u gaf",
    "sanctie": "straf",
    "situatie": "hoe het met u gaat",
    "sollicit": "werk zoeken",
    "status": "hoe het ermee is",
    "teneinde": "om",
    "tevens": "ook",
    "toelicht": "uitleg",
    "traject": "hulp",
    "uitkomst": "wat eruit komt",
    "uitsluitend": "alleen",
    "uitvoer": "doen",
    "vanwege": "door",
    "verbeter": "beter maken",
    "verloop": "hoe het ging",
    "verplicht": "moeten",
    "verstrek": "geven",
    "vertrouwelijk": "wij zeggen het aan …",
    "verwacht": "denken of willen",
    "verwerk": "bij elkaar leggen",
    "verzuim": "ziek zijn",
    "voldoende": "genoeg",
    "voorzien": "geven",
    "vrijwillig": "u kiest zelf",
    "wellicht": "misschien",
    "wijze": "hoe",
    "zelfstandig": "zelf of alleen",
    "zowel": "ook",
}
# Short forms with a point, or in small letters, and what to write.
ABBREVIATIONS = {
    "a.u.b.": "alstublieft",
    "bijv.": "zoals",
    "bv.": "zoals",
    "b.v.": "zoals",
    "ca.": "ongeveer",
    "d.m.v.": "met",
    "d.w.z.": "dat is",
    "e.a.": "en anderen",
    "e.d.": "en zo",
    "enz.": "en zo",
    "etc.": "en zo",
    "evt.": "misschien",
    "i.p.v.": "in plaats van",
    "i.v.m.": "door",
    "m.b.t.": "over",
    "m.b.v.": "met",
    "mbt": "over",
    "nr.": "nummer",
    "n.v.t.": "past hier niet",
    "o.a.": "zoals",
    "p.m.": "per maand",
    "t/m": "tot en met",
    "tel.": "telefoon",
    "t.a.v.": "voor",
    "t.o.v.": "naast",
    "vlg.": "volgens",
    "z.s.m.": "snel",
    "hbo": "hogeschool",
    "mbo": "school voor een beroep",
    "vmbo": "middelbare school",
    "lbo": "lagere beroepsschool",
    "vbo": "middelbare school",
    "mavo": "middelbare school",
    "havo": "middelbare school",
    "vwo": "middelbare school",
    "wo": "universiteit",
    "sms": "bericht op de telefoon",
}
SHORT_FORM = re.compile(r"(?<!\w)(?:[a-z](?:\.[a-z])+\.|t/m|(?:bijv|bv|ca|enz|etc|evt|nr|tel|vlg)\.)", re.IGNORECASE)
# What says no, and how else to say it.
NEGATIVES = {
    "niet": "say what is so, not what is not so",
    "geen": "say what there is, or ask «heeft u …?»",
    "nooit": "ask «hoe vaak …?»",
    "niemand": "say who does",
    "niets": "say what",
    "niks": "say what",
    "nergens": "say where",
    "noch": "make two sentences",
    "evenmin": "make two sentences",
}
# Long, but every beginner knows them.
WELL_KNOWN = _these("goedemorgen goedemiddag goedenavond")
BECOMING = _these("word wordt worden werd werden geworden")
BEING = _these("is zijn was waren ben bent")
HAVING = _these("heb hebt heeft hebben had hadden")
# Participles of verbs that make their past with «zijn»: not passive.
_HAPPENING = _these(
    "afgelopen begonnen gebeurd gebleven geboren gegaan gegroeid gekomen gelopen geslaagd gestart gestopt gevallen "
    "geweest geworden getrouwd teruggekomen veranderd verhuisd verdwenen doorgegaan opgehouden meegegaan"
)
_NO_PARTICIPLES = _these(
    "bereid bekend beleid bericht bestand begint betekent bedoelt verdient verdriet verband verstand verschillend "
    "gebied geluid geheugen geduld gezond gewoond gezicht gezind gezeten gesprekken gevoelens gegevens genoeg "
    "gemeenten gevolgen gebeten beneden verhalen verleden tevreden ontevreden vergeleken ervaren bekende ermee verder "
    "vertelt begrijpt bezoekt bewaart verandert ontvangt gelegen"
)
_NOT_PASSIVE = _NO_PARTICIPLES | _HAPPENING
_PARTICIPLE = re.compile(
    r"^(?:(?:aan|achter|af|bij|door|in|klaar|mee|mis|na|om|onder|op|over|samen|tegen|terug|toe|uit|vast|voor|vrij|weg)?"
    r"ge[a-zëï]{2,}(?:d|t|en)|(?:be|ver|ont|her|er)[a-zëï]{2,}(?:d|t)"
    r"|ondersteund|onderzocht|overlegd|voorkomen|(?:be|ver|ont)(?:sproken|schreven|grepen|vangen|kregen|geten|loren))$"
)


@lru_cache(maxsize=16384)
def simpler(word: str) -> str | None:
    """Easier words for a word in small letters; None when it is on no list."""
    for length in range(min(len(word), _LONGEST), 4, -1):
        if found := _SIMPLER.get(word[:length]):
            return found
    return None


_LONGEST = max(map(len, _SIMPLER))


@lru_cache(maxsize=16384)
def is_participle(word: str) -> bool:
    """Whether a word in small letters is one of a verb that somebody does, like «bewaard» or «opgelost»."""
    return len(word) > 5 and word not in _NOT_PASSIVE and bool(_PARTICIPLE.match(word))
