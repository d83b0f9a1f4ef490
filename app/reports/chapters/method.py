"""Method: how people were approached, with which questionnaires, and how many of them answered."""

from collections.abc import Iterator

from app.fieldwork.scheme import Step
from app.language import long_date
from app.reports.chapters.tables import keurmerk_table, response_table, verdict_sentences
from app.reports.chapters.words import capital, counted, listed, people
from app.reports.document import Block, Chapter, Heading, Items, Moment, Paragraph, Scheme, SchemeRow
from app.reports.material import Material

TITLE = "Hoe wij het onderzoek deden"
WHAT = {"invitation": "uitnodiging", "reminder": "herinnering", "last_reminder": "laatste herinnering"}
HOW = {"email": "per e-mail", "letter": "per brief"}
MODES = {"web": "op internet", "phone": "aan de telefoon", "paper": "op papier"}


def method(material: Material) -> Chapter:
    blocks = (*_approach(material), *_scheme(material), *_questionnaires(material), *_response(material))
    return Chapter(TITLE, blocks)


def _approach(material: Material) -> Iterator[Block]:
    yield Heading("Wie wij vroegen")
    if material.delivered.n_rows:
        yield Paragraph(_delivered(material))
    sample = material.clients
    if sample.n_not_sampled:
        yield Paragraph(
            f"Van sommige diensten zijn er zo veel {people(material)} dat niet iedereen mee hoefde te doen. Het lot "
            f"wees aan wie wij vroegen. {capital(counted(sample.n_not_sampled, 'persoon is', 'mensen zijn'))} "
            "daarom niet gevraagd."
        )
    yield Paragraph(
        "Iedereen kreeg van ons een eigen link en een eigen code. Alleen wie die link of code heeft, kan de "
        "vragenlijst openen, en elke vragenlijst telt één keer mee. Meedoen was vrijwillig: wie niet wilde, kon zich "
        "met één klik afmelden."
    )
    yield Paragraph(_telephone(material))
    if not material.commissioners.n_net:
        yield Paragraph("Er zijn geen opdrachtgevers uitgenodigd: de respons van opdrachtgevers is 0%.")


def _delivered(material: Material) -> str:
    delivered = material.delivered
    text = f"{material.provider} leverde ons {counted(delivered.n_rows, 'regel', 'regels')} met gegevens aan."
    if delivered.n_rejected:
        unusable = _some(delivered.n_rejected, "konden", "kon")
        text += f" {unusable} wij niet gebruiken, omdat er gegevens misten of niet klopten."
    if delivered.n_duplicate:
        text += f" {_some(delivered.n_duplicate, 'stonden', 'stond')} er dubbel in."
    if not delivered.n_rejected and not delivered.n_duplicate:
        text += " Alle regels waren goed: wij konden ze allemaal gebruiken."
    return text


def _some(n: int, many: str, one: str) -> str:
    return f"{capital(counted(n, 'regel', 'regels'))} {one if n == 1 else many}"


def _telephone(material: Material) -> str:
    """Whether people were called: none, part, or all. Who asked for it is called in any case."""
    who = people(material)
    n_called = material.clients.n_by_mode.get("phone", 0)
    if material.phone_option == "all":
        return (
            f"Wij belden ook. {material.provider} koos ervoor om alle {who} die een telefoonnummer hebben te laten "
            "bellen als zij nog niet hadden ingevuld. Zij konden dan meteen aan de telefoon antwoord geven."
        )
    if material.phone_option == "part":
        return (
            f"Wij belden een deel van de {who}. {material.provider} wees aan voor wie wij dat deden. Zij konden aan de "
            "telefoon antwoord geven. De anderen vulden de vragenlijst zelf in."
        )
    text = f"{material.provider} koos er niet voor om {who} te laten bellen. Mensen vulden de vragenlijst zelf in."
    if material.n_phoned_by_profile:
        text += (
            " Cursisten voor wie lezen en schrijven nog moeilijk is (leerprofiel 1 en 2) belden wij wel, zoals bij "
            "elke dienstverlener."
        )
    elif n_called:
        text += " Alleen wie ons erom vroeg, of wie niet zelf kon invullen, hielpen wij aan de telefoon."
    return text


def _scheme(material: Material) -> Iterator[Block]:
    rules = material.rules
    groups = [(capital(people(material)), rules.scheme.clients)] if material.clients.n_net else []
    if material.commissioners.n_net:
        groups.append(("Opdrachtgevers", rules.scheme.commissioners))
    rows = [SchemeRow(group, moments) for group, steps in groups if (moments := _moments(material, group, steps))]
    if not rows:
        return
    yield Heading("Wanneer wij vroegen")
    first = f"De eerste uitnodiging ging weg op {long_date(material.invited_on)}. " if material.invited_on else ""
    yield Paragraph(
        f"{first}Wie al had ingevuld of niet mee wilde doen, kreeg geen herinnering meer. Valt een dag op een zondag "
        "of een feestdag, dan schuift het bericht op naar de volgende werkdag."
    )
    yield Scheme("Wanneer een uitnodiging of herinnering weggaat, in dagen na de eerste uitnodiging", tuple(rows))


def _moments(material: Material, group: str, steps: tuple[Step, ...]) -> tuple[Moment, ...]:
    """One moment per day: what goes out on the same day by several ways is told together."""
    days: dict[int, list[Step]] = {}
    for step in steps:
        if step.channel == "email" or (material.rules.sends_letters and group != "Opdrachtgevers"):
            days.setdefault(step.day, []).append(step)
    return tuple(
        Moment(
            day,
            f"{WHAT[today[0].kind]} {listed(dict.fromkeys(HOW[step.channel] for step in today))}".replace(
                " en ", " of "
            ),
        )
        for day, today in sorted(days.items())
    )


def _questionnaires(material: Material) -> Iterator[Block]:
    if not material.questionnaires:
        return
    yield Heading("De vragenlijsten")
    n = len(material.questionnaires)
    yield Paragraph("Wij gebruikten één vragenlijst:" if n == 1 else f"Wij gebruikten {n} vragenlijsten:")
    yield Items(
        tuple(
            f"‘{one.title}’, voor {one.asked_of}. Invullen duurt ongeveer {one.n_minutes} minuten."
            for one in material.questionnaires
        )
    )
    if any(one.has_easy_wording for one in material.questionnaires):
        yield Paragraph(
            "Wie moeite heeft met lezen, kon kiezen voor een vragenlijst in makkelijke woorden, met één vraag per "
            "scherm. De vragen zijn ook voor te lezen. Beide vormen vragen hetzelfde, dus tellen wij de antwoorden op."
        )


def _response(material: Material) -> Iterator[Block]:
    yield Heading("Hoeveel mensen meededen")
    if not (material.clients.n_net or material.commissioners.n_net):
        yield Paragraph(
            f"Voor {material.provider} is in deze meetperiode nog niemand uitgenodigd. Er is dus nog geen respons."
        )
        return
    yield Paragraph(_completed(material))
    yield response_table(material)
    yield Heading("Resultaten voor het keurmerk")
    yield Paragraph(
        "Voor het keurmerk tellen de respons en het rapportcijfer. De respons is het deel van de netto steekproef dat "
        "de vragenlijst bruikbaar invulde. Bij ‘Publicatie’ ziet u of de uitkomst volgens de regels van deze "
        "meetperiode bekend wordt gemaakt."
    )
    yield keurmerk_table(material.table)
    yield from (Paragraph(sentence) for sentence in verdict_sentences(material.table))


def _completed(material: Material) -> str:
    sample, who = material.clients, people(material)
    if not sample.n_net:
        return f"Wij nodigden geen {who} uit."
    invited = f"Wij nodigden {counted(sample.n_net, who.removesuffix('en'), who)} uit."
    if not sample.n_completed:
        return f"{invited} Niemand vulde de vragenlijst bruikbaar in."
    did = capital(counted(sample.n_completed, "van hen vulde", "van hen vulden"))
    used = [(words, sample.n_by_mode[mode]) for mode, words in MODES.items() if sample.n_by_mode.get(mode)]
    where = f", {used[0][0]}" if len(used) == 1 else f": {listed(f'{n} {words}' for words, n in used)}"
    return f"{invited} {did} de vragenlijst bruikbaar in{where if used else ''}."
