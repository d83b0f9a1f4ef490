"""The outcomes of a call as data: what each means for AAPOR, whether it ends the calling, and what follows.

Delays and the maximum of attempts are rules of the wave (`WaveRules.calls`); here stands what an outcome is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.errors import N_
from app.fieldwork import aapor

# What happens to the case after this outcome:
# done            nothing more: the interview is in
# appointment     called again at the moment that was agreed
# retry           again after the outcome's delay
# other_day_part  again after the delay, in another part of the day
# soft_refusal    once more by another agent, when the wave allows it; otherwise final
# opt_out         never again, by no channel
# next_number     the next number of the case, else undeliverable by telephone
# language        an agent who speaks it, when one was named; otherwise final by telephone
# refer           the supervisor decides
# cannot          nobody asks again: somebody who cannot take part
# quota           enough interviews
Follows = Literal[
    "done",
    "appointment",
    "retry",
    "other_day_part",
    "soft_refusal",
    "opt_out",
    "next_number",
    "language",
    "refer",
    "cannot",
    "quota",
]
# When the agent may choose it:
# always
# finished        only when the interview is finished
# usable          only when enough was answered to count, and the interview is not finished
# started         only when something was answered, and the interview is not finished
# no_message_yet  only when no message was left before
# quota           only when the phone quota of the provider is full
Sense = Literal["always", "finished", "usable", "started", "no_message_yet", "quota"]
Moment = Literal["none", "optional", "required"]  # whether an appointment comes with it
# How far the call came: nobody was heard, somebody, or the respondent.
Reached = Literal["nobody", "somebody", "respondent"]


@dataclass(frozen=True)
class Outcome:
    """One outcome of a call.

    `is_final`: ends the calling of this case whatever the rules; others may still end it at the maximum of attempts.
    """

    code: str
    words: str
    aapor: str
    follows: Follows
    reached: Reached
    is_final: bool = False
    needs_note: bool = False
    sense: Sense = "always"
    appointment: Moment = "none"

    @property
    def is_contact(self) -> bool:
        """Whether somebody was spoken to."""
        return self.reached != "nobody"


@dataclass(frozen=True)
class CallFacts:
    """What decides which outcomes make sense now."""

    is_started: bool = False
    is_usable: bool = False
    is_finished: bool = False
    has_message: bool = False
    is_quota_full: bool = False


def _by_code(*outcomes: Outcome) -> Mapping[str, Outcome]:
    return {outcome.code: outcome for outcome in outcomes}


OUTCOMES: Mapping[str, Outcome] = _by_code(
    Outcome("complete", N_("Interview klaar"), "1.1", "done", "respondent", is_final=True, sense="finished"),
    Outcome(
        "partial",
        N_("Gestopt, genoeg beantwoord"),
        "1.2",
        "done",
        "respondent",
        is_final=True,
        sense="usable",
    ),
    Outcome(
        "appointment",
        N_("Afspraak: dag en tijd"),
        aapor.NON_CONTACT,
        "appointment",
        "respondent",
        appointment="required",
    ),
    Outcome(
        "call_back",
        N_("Later terugbellen, geen vaste tijd"),
        aapor.NON_CONTACT,
        "other_day_part",
        "somebody",
        appointment="optional",
    ),
    Outcome(
        "break_off",
        N_("Interview afgebroken"),
        "2.12",
        "other_day_part",
        "respondent",
        sense="started",
        appointment="optional",
    ),
    Outcome("no_answer", N_("Niet opgenomen"), "3.13", "other_day_part", "nobody"),
    Outcome("busy", N_("In gesprek"), "3.12", "retry", "nobody"),
    Outcome(
        "machine_message",
        N_("Antwoordapparaat, bericht achtergelaten"),
        "2.221",
        "other_day_part",
        "nobody",
        sense="no_message_yet",
    ),
    Outcome("machine", N_("Antwoordapparaat, geen bericht"), "2.222", "other_day_part", "nobody"),
    Outcome("non_contact", N_("Iemand anders nam op, persoon niet thuis"), "2.20", "other_day_part", "somebody"),
    Outcome(
        "soft_refusal",
        N_("Weigert, misschien later wel"),
        "2.112",
        "soft_refusal",
        "respondent",
        needs_note=True,
    ),
    Outcome(
        "soft_refusal_other",
        N_("Iemand anders weigert, misschien later wel"),
        "2.111",
        "soft_refusal",
        "somebody",
        needs_note=True,
    ),
    Outcome(
        "hard_refusal",
        N_("Weigert, nooit meer benaderen"),
        "2.112",
        "opt_out",
        "respondent",
        is_final=True,
        needs_note=True,
    ),
    Outcome(
        "hard_refusal_other",
        N_("Iemand anders weigert, nooit meer benaderen"),
        "2.111",
        "opt_out",
        "somebody",
        is_final=True,
        needs_note=True,
    ),
    Outcome("wrong_number", N_("Verkeerd nummer of afgesloten"), "4.32", "next_number", "nobody"),
    Outcome("phone_problem", N_("Storing op de lijn"), "3.16", "retry", "nobody"),
    Outcome("technical_problem", N_("Technisch probleem bij ons"), "2.35", "retry", "nobody"),
    Outcome("unavailable", N_("Een week of langer niet beschikbaar"), "2.36", "retry", "somebody"),
    Outcome("language_problem", N_("Taalprobleem"), "2.33", "language", "somebody"),
    Outcome("unable", N_("Kan lichamelijk of geestelijk niet"), "2.32", "cannot", "somebody", is_final=True),
    Outcome("deceased", N_("Overleden"), "2.31", "cannot", "somebody", is_final=True),
    Outcome("not_eligible", N_("Hoort niet bij de doelgroep"), "4.70", "cannot", "somebody", is_final=True),
    Outcome(
        "quota_filled",
        N_("Niet nodig: genoeg gesprekken"),
        "4.80",
        "quota",
        "somebody",
        is_final=True,
        sense="quota",
    ),
    Outcome("to_supervisor", N_("Doorgeven aan de teamleider"), "2.34", "refer", "somebody", needs_note=True),
)


def sensible(facts: CallFacts) -> tuple[Outcome, ...]:
    """The outcomes that an agent may choose from now, in the order of the dialog."""
    return tuple(outcome for outcome in OUTCOMES.values() if makes_sense(outcome, facts))


def makes_sense(outcome: Outcome, facts: CallFacts) -> bool:
    """Whether this outcome can be true of the call."""
    if facts.is_finished:
        return outcome.sense == "finished"
    allowed: Mapping[Sense, bool] = {
        "always": True,
        "finished": False,
        "usable": facts.is_usable,
        "started": facts.is_started,
        "no_message_yet": not facts.has_message,
        "quota": facts.is_quota_full,
    }
    return allowed[outcome.sense]
