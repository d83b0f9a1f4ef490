"""The fieldwork monitor in words: its title, the messages by step and state, and the days."""

from datetime import date

from markupsafe import Markup

from app.fieldwork.sending.invitations import CHANNELS, KINDS
from app.language import catalogue, long_date
from app.questions.question import N_
from app.results.drawing.course import curve
from app.results.monitor.days import AGAIN, STATES, StepKey
from app.results.monitor.overview import Monitor
from app.results.monitor.page import norm_lines, provider_lines, response_pct

STATE_WORDS = {
    "under_way": N_("In de wachtrij"),
    "sent": N_("Verstuurd"),
    "printed": N_("Gedrukt"),
    "uncertain": N_("Onzeker"),
    "bounced": N_("Teruggestuurd"),
    "returned": N_("Post terug"),
    "failed": N_("Mislukt"),
    "withdrawn": N_("Ingetrokken"),
}
DAY_STEP = N_("Dag %(day)s: %(kind)s, %(channel)s")
SENT_AGAIN = N_("Opnieuw gestuurd, %(channel)s")


def heading(found: Monitor, language: str) -> str:
    """What the page says first: how far the response is, and what is still needed."""
    texts = catalogue(language)
    response = texts.gettext(N_("%(pct)s %% respons")) % {"pct": response_pct(found)}
    if found.provider is None:
        lines = provider_lines(found, "naam")
        met = {"met": sum(line.n_needed == 0 for line in lines), "all": len(lines)}
        told = texts.gettext(N_("%(met)s van %(all)s dienstverleners halen de norm")) % met
        return f"{found.wave.label}: {response}, {told}"
    n_needed = norm_lines(found)[0].n_needed
    if n_needed is None:
        told = texts.gettext(N_("norm niet meer te halen"))
    elif n_needed:
        told = texts.gettext(N_("nog %(n)s nodig")) % {"n": n_needed}
    else:
        told = texts.gettext(N_("norm gehaald"))
    return f"{found.provider.name}, {found.wave.label}: {response}, {told}"


def step_words(key: StepKey, language: str) -> str:
    """`Dag 7: herinnering, e-mail`."""
    texts = catalogue(language)
    channel = texts.gettext(CHANNELS.get(key.channel, key.channel))
    if key.step == AGAIN:
        return texts.gettext(SENT_AGAIN) % {"channel": channel}
    return texts.gettext(DAY_STEP) % {
        "day": key.day, "kind": texts.gettext(KINDS.get(key.kind, key.kind)), "channel": channel,
    }  # fmt: skip


def message_lines(found: Monitor, language: str) -> list[tuple[str, list[int], int]]:
    """A line per step: its words, the counts in order of `shown_states`, and their sum."""
    states = shown_states(found)
    return [
        (step_words(key, language), [counts[state] for state in states], counts.total())
        for key, counts in sorted(found.messages.by_state.items())
    ]


def shown_states(found: Monitor) -> list[str]:
    """The states that occur, in the order in which a message goes through them."""
    return [state for state in STATES if found.messages.n(state)]


def day_curve(found: Monitor, language: str) -> Markup:
    """Opened, started and usable so far by day, with the days on which reminders began."""
    texts = catalogue(language)
    n_opened = n_started = 0
    opened: list[tuple[date, int]] = []
    started: list[tuple[date, int]] = []
    for day in found.days:
        n_opened, n_started = n_opened + day.n_opened, n_started + day.n_started
        opened.append((day.on, n_opened))
        started.append((day.on, n_started))
    usable = [(day.on, day.n_usable_so_far) for day in found.days]
    lines = {texts.gettext(N_("Bruikbaar")): usable, texts.gettext(N_("Begonnen")): started}
    lines[texts.gettext(N_("Geopend"))] = opened
    title = texts.gettext(N_("Verloop per dag"))
    return curve(lines, marks(found, language), language, title=title, name="verloop")


def marks(found: Monitor, language: str) -> list[tuple[date, str]]:
    """The first day of every step that went out."""
    keys = {key.step: key for key in found.messages.by_state}
    return [(day, step_words(keys[step], language)) for step, day in sorted(found.messages.first_on.items())]


def day_lines(found: Monitor, language: str) -> list[tuple[str, list[int], list[str]]]:
    """Every day, the newest first: its date, the counts, and the steps that began on it."""
    keys = {key.step: key for key in found.messages.by_state}
    return [
        (
            long_date(day.on, language),
            [day.n_sent, day.n_opened, day.n_started, day.n_usable, day.n_usable_so_far],
            [step_words(keys[step], language) for step in day.steps],
        )
        for day in reversed(found.days)
    ]
