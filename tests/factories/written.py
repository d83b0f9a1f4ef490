"""A questionnaire as its author writes it, with one thing in it changed, and the faults that gives."""

from collections.abc import Mapping

from app.definition.checks import check_files
from app.definition.yaml_source import Fault

REGULAR = """\
name: example
title: Uw mening
audience: clients
services: [1, 3, 11]
wordings: [regular, low_threshold]
required_for_usable: [information, listened]
minutes: 5
introduction:
  title: Welkom
  text:
    - "Wij vragen uw mening over {provider}."
closing:
  title: Dank u wel
  text:
    - Dit was alles.
phone:
  introduction:
    - Goedemiddag.
option_sets:
  yes_no:
    - {code: yes, text: Ja}
    - {code: no, text: Nee}
  satisfaction:
    - {code: very_satisfied, text: Heel tevreden}
    - {code: satisfied, text: Tevreden}
    - {code: dissatisfied, text: Ontevreden}
    - {code: very_dissatisfied, text: Heel ontevreden}
    - {code: no_opinion, text: Geen mening}
blocks:
  - code: start
    title: Het begin
    questions:
      - code: had_contact
        type: single
        text: Had u contact?
        hint: Ook per mail.
        interviewer: Lees voor.
        options: yes_no
      - code: benefit
        type: multiple
        text: Welke uitkeringen hebt u?
        options:
          - {code: none, text: Geen, exclusive: true}
          - {code: ww, text: WW}
          - {code: another, text: Een andere, other: true}
      - code: diploma
        type: single
        not_in: [low_threshold]
        text: Welk diploma haalde u?
        options:
          - {code: mbo, text: Mbo}
          - {code: hbo, text: Hbo}
  - code: contact
    title: "Contact met {provider}"
    asked_if: had_contact == 'yes'
    questions:
      - code: contact_count
        type: number
        text: Hoe vaak had u contact?
      - code: information
        type: satisfaction
        text: Hoe vond u de uitleg?
        options: satisfaction
      - code: coach
        type: grid
        text: Wat vond u van uw begeleider?
        options:
          - {code: good, text: Goed}
          - {code: bad, text: Slecht}
        rows:
          - {code: listened, text: Het luisteren}
          - {code: helped, text: Het helpen}
      - code: count_opinion
        type: single
        text: "U had {contact_count} keer contact. Was dat goed?"
        options: yes_no
        asked_if: contact_count > 0
  - code: end
    title: Tot slot
    questions:
      - code: explanation
        type: information
        text: Nog een paar vragen.
      - code: recommended
        type: single
        text: Hebt u ons aanbevolen?
        options:
          - {code: yes, text: Ja, role: promoter}
          - {code: no, text: Nee, role: neutral}
          - {code: advised_against, text: Afgeraden, role: detractor}
      - code: grade
        type: grade
        text: Welk cijfer geeft u?
        low_label: slecht
        high_label: goed
      - code: remarks
        type: open
        text: Wat wilt u nog zeggen?
        asked_if: grade < 6 or service == 1
"""

EASY = """\
title: Wat vindt u?
introduction:
  title: Welkom
  text:
    - "Wat vindt u van {provider}?"
closing:
  title: Dank u wel
  text:
    - Klaar.
phone:
  introduction:
    - Hallo.
option_sets:
  yes_no:
    yes: Ja
    no: Nee
  satisfaction:
    very_satisfied: Heel tevreden
    satisfied: Tevreden
    dissatisfied: Niet tevreden
    very_dissatisfied: Heel slecht
    no_opinion: Ik weet het niet
blocks:
  start:
    title: Begin
  contact:
    title: Contact
  end:
    title: Einde
questions:
  had_contact:
    lead_in: Nu over contact.
    text: Sprak u iemand?
    hint: ''
  benefit:
    text: Krijgt u geld?
    options:
      none: Nee
      ww: Werk
      another: Iets anders
  contact_count:
    text: Hoe vaak?
  information:
    text: Was de uitleg goed?
  coach:
    text: En uw coach?
    options:
      good: Goed
      bad: Slecht
    rows:
      listened: Luisteren
      helped: Helpen
  count_opinion:
    text: "U sprak {contact_count} keer. Was dat goed?"
  explanation:
    text: Nog iets.
  recommended:
    text: Vertelde u het door?
    options:
      yes: Ja
      no: Nee
      advised_against: Ik zei dat het slecht was
  grade:
    text: Welk cijfer?
    low_label: slecht
    high_label: goed
  remarks:
    text: Wilt u nog iets zeggen?
"""

MESSAGE = """\
  {kind}:
    regular:
      subject: "Uw mening over {{provider}}"
      text:
        - "Dat kan tot {{until}}: {{link}} met code {{code}}. Vragen? Bel {{phone}}."
      button: Begin
    low_threshold:
      subject: Uw mening
      text:
        - "Klik op {{link}}."
      button: Start
"""
KINDS = ("invitation", "reminder", "last_reminder", "letter")
MESSAGES = "messages:\n" + "".join(MESSAGE.format(kind=kind) for kind in KINDS)
WRITTEN = {"questionnaire.yaml": REGULAR, "low_threshold.yaml": EASY, "messages.yaml": MESSAGES}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The files with the first `old` of one of them replaced; `old` must be there."""
    assert old in WRITTEN[file], old
    return {**WRITTEN, file: WRITTEN[file].replace(old, new, 1)}


def faults_of(files: Mapping[str, str]) -> list[Fault]:
    """Every fault, found in loading or in checking."""
    return check_files(files, "q")


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins; it must be there once."""
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1
