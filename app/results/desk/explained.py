"""What lies behind every number of a keurmerk table: the rule, the question as asked, and the count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.definition.piping import pipe
from app.errors import PeilwijsError
from app.fieldwork.questionnaires import current
from app.fieldwork.rules import Band, WaveRules
from app.language import one_decimal
from app.questions.question import N_
from app.results.desk.correction import short
from app.results.desk.counted import COMMISSIONERS, Counted, Place
from app.results.keurmerk import KeurmerkTable, Row
from app.results.keurmerk_page import Sentence
from app.results.publication import band_for, meets, total_is_published

OUTSIDE = {
    "not_sampled": N_("%(n)s niet getrokken in de steekproef"),
    "undeliverable": N_("%(n)s langs geen enkele weg bereikbaar"),
    "quota_filled": N_("%(n)s niet benaderd, omdat er telefonisch genoeg antwoorden waren"),
    "self_reporter": N_("%(n)s vult als cliënt al een vragenlijst in"),
}
COUNTING = N_("%(net)s van de %(all)s aangeleverde mensen tellen mee. Wie weigert of zich afmeldt, telt ook mee.")
USABLE = N_(
    "%(n)s bruikbare vragenlijsten. Bruikbaar is een vragenlijst als elke verplichte vraag die iemand kreeg een "
    "antwoord heeft; «geen mening» is ook een antwoord."
)
NOT_USABLE = N_("%(n)s begonnen wel, maar hun vragenlijst is niet bruikbaar.")
RESPONSE = N_("%(completed)s gedeeld door %(net)s, maal 100, is %(exact)s; dat staat er als %(pct)s.")
NO_RESPONSE = N_("Niemand is uitgenodigd; dan staat er 0,0.")
GRADE = N_("%(sum)s, de som van %(n)s cijfers, gedeeld door %(n)s is %(exact)s; dat staat er als %(grade)s.")
NO_GRADE = N_("Nog niemand gaf een cijfer; dan staat er 0,0.")
WITHOUT_GRADE = N_("%(n)s vulden de vragenlijst in zonder cijfer. Zij tellen bij Ingevuld en niet in het gemiddelde.")
ASKED = N_("Gevraagd is: «%(question)s»")
NORM = N_("De norm bij een netto steekproef van %(net)s: minstens %(pct)s %% respons en minstens %(n)s ingevuld.")
NORM_MORE_THAN = N_(
    "De norm bij een netto steekproef van %(net)s: meer dan %(pct)s %% respons en minstens %(n)s ingevuld."
)
PUBLISHED = N_("Ja: %(completed)s van %(net)s is %(exact)s %%, en de norm is gehaald.")
NO_PUBLICATION_RESPONSE = N_("Nee: %(completed)s van %(net)s is %(exact)s %%, en dat is te weinig.")
NO_PUBLICATION_COUNT = N_("Nee: het percentage is genoeg, maar er zijn er minstens %(min)s nodig en er zijn er %(n)s.")
NO_PUBLICATION_TOTAL = N_(
    "Nee: een dienst wordt alleen gepubliceerd als ook Totaal de norm haalt, en dat heeft %(exact)s %%."
)
NO_PUBLICATION_NOBODY = N_("Nee: er is niemand uitgenodigd.")
ALWAYS = N_("Ja: het cijfer van opdrachtgevers wordt in deze meetperiode altijd gepubliceerd, ook zonder antwoorden.")


@dataclass(frozen=True)
class Explained:
    """One number with what is behind it. `key` names it in the address."""

    key: str
    title: str
    value: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Explanation:
    """All numbers of one row."""

    key: str
    code: str
    label: str
    is_service: bool
    items: tuple[Explained, ...]


def row_key(row: Row) -> str:
    """How the address names a row."""
    return "opdrachtgevers" if row.group == "commissioners" else "totaal" if row.service is None else str(row.service)


def explanations(rules: WaveRules, table: KeurmerkTable, counts: Mapping[Place, Counted]) -> tuple[Explanation, ...]:
    """The explanation of every row, in the table's order."""
    return tuple(_explanation(rules, table, row, counts) for row in table.rows)


def _explanation(rules: WaveRules, table: KeurmerkTable, row: Row, counts: Mapping[Place, Counted]) -> Explanation:
    place: Place = COMMISSIONERS if row.group == "commissioners" else row.service
    counted = counts.get(place, Counted())
    items = (
        Explained("netto", N_("Netto steekproef"), str(row.net_sample), _net(row, counted)),
        Explained("ingevuld", N_("Ingevuld"), str(row.completed), _completed(row, counted)),
        Explained("respons", N_("Respons (%%)"), row.response_pct, _response(row)),
        Explained("cijfer", N_("Rapportcijfer"), row.grade, _grade(rules, table, row, counted)),
        Explained("publicatie", N_("Publicatie"), "", _publication(rules, table, row)),
    )
    code = "" if row.service is None else str(row.service)
    return Explanation(row_key(row), code, row.label, row.service is not None, items)


def _net(row: Row, counted: Counted) -> tuple[Sentence, ...]:
    left = [Sentence(OUTSIDE[code], {"n": n}) for code, n in sorted(counted.outside.items())]
    return (Sentence(COUNTING, {"net": row.net_sample, "all": counted.n_cases}), *left)


def _completed(row: Row, counted: Counted) -> tuple[Sentence, ...]:
    started = (Sentence(NOT_USABLE, {"n": counted.n_started}),) if counted.n_started else ()
    return (Sentence(USABLE, {"n": row.completed}), *started)


def _response(row: Row) -> tuple[Sentence, ...]:
    if not row.net_sample:
        return (Sentence(NO_RESPONSE),)
    values = {"completed": row.completed, "net": row.net_sample, "exact": exact(row.response), "pct": row.response_pct}
    return (Sentence(RESPONSE, values),)


def _grade(rules: WaveRules, table: KeurmerkTable, row: Row, counted: Counted) -> tuple[Sentence, ...]:
    grades = row.tally.grades
    asked = tuple(Sentence(ASKED, {"question": text}) for text in _questions(rules, table, row))
    if grades.mean is None:
        return (*asked, Sentence(NO_GRADE))
    total = one_decimal(Fraction(grades.sum_tenths, 10)).removesuffix(",0")
    values = {"sum": total, "n": grades.n, "exact": exact(grades.mean), "grade": row.grade}
    without = (Sentence(WITHOUT_GRADE, {"n": counted.n_without_grade}),) if counted.n_without_grade else ()
    return (*asked, Sentence(GRADE, values), *without)


def _questions(rules: WaveRules, table: KeurmerkTable, row: Row) -> Sequence[str]:
    """The question for the overall grade, as the questionnaires of this row ask it now."""
    kind = "commissioner" if row.group == "commissioners" else "client"
    own = [one.service for one in table.rows if one.service is not None] if kind == "client" else [None]
    services = own if row.service is None else [row.service]
    names = dict.fromkeys(rules.questionnaire_for(kind, service) for service in services)
    return list(dict.fromkeys(text for name in names if (text := overall_question(name, table.provider_name))))


def overall_question(questionnaire: str, provider: str) -> str:
    """How a questionnaire asks for the overall grade; "" when it is not served any more."""
    try:
        wording = current(questionnaire).wordings["regular"]
    except PeilwijsError:
        return ""
    wanted = wording.texts.overall_grade
    return next((pipe(one.text, {"provider": provider}) for one in wording.questions() if one.code == wanted), "")


def _publication(rules: WaveRules, table: KeurmerkTable, row: Row) -> tuple[Sentence, ...]:
    norm = rules.publication_norm or rules.response_norm
    if row.group == "commissioners" and rules.commissioners_always_published:
        return (Sentence(ALWAYS),)
    if not row.net_sample:
        return (Sentence(NO_PUBLICATION_NOBODY),)
    bands = norm.commissioners if row.group == "commissioners" else norm.clients
    band = band_for(bands, row.net_sample)
    values = {"completed": row.completed, "net": row.net_sample, "exact": exact(row.response)}
    return (_decided(rules, table, row, bands, values), _norm(rules, band, row))


def _decided(
    rules: WaveRules, table: KeurmerkTable, row: Row, bands: Sequence[Band], values: Mapping[str, object]
) -> Sentence:
    """The rule that decided, in the order in which the rules are tested."""
    if row.is_published:
        return Sentence(PUBLISHED, values)
    is_service = row.group == "clients" and row.service is not None
    if is_service and rules.services_need_total and not total_is_published(rules, table.total.tally):
        return Sentence(NO_PUBLICATION_TOTAL, {"exact": exact(table.total.response)})
    band = band_for(bands, row.net_sample)
    without_count = [band.model_copy(update={"net_max": None, "min_completed": 0})]
    if meets(without_count, row.tally, inclusive=rules.inclusive):
        return Sentence(NO_PUBLICATION_COUNT, {"min": band.min_completed, "n": row.completed})
    return Sentence(NO_PUBLICATION_RESPONSE, values)


def _norm(rules: WaveRules, band: Band, row: Row) -> Sentence:
    message = NORM if rules.inclusive else NORM_MORE_THAN
    return Sentence(message, {"net": row.net_sample, "pct": short(band.min_pct), "n": band.min_completed})


def exact(value: Fraction) -> str:
    """The value as far as it ends within three decimals, else with dots: `48,717…`."""
    thousandths = value * 1000
    whole, rest = divmod(thousandths.numerator, thousandths.denominator)
    text = f"{whole // 1000},{whole % 1000:03}"
    return f"{text}…" if rest else text.rstrip("0").rstrip(",")
