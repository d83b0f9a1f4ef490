"""Syllables, words and sentences are counted as people count them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definition.checks_language_measures import measured, n_syllables, sentences, words

# Divided by hand, as at the end of a line; the kinds of vowels that a simple count gets wrong.
DIVIDED = """
u uw hulp school le-raar te-vre-den on-te-vre-den ant-woord ge-sprek goed goe-de
nieuw nieu-we nieuws eeuw eeu-wen sneeuw meeu-wen leeuw kieuw du-wen scha-duw mooi mooi-e draai-en haai fraai-e
zwaai-en koei-en moei-te groei hooi ooit nooit ei ei-e-ren klei bij-en vrij vrij-heid blij tijd bij-na huis ui-en
bui-ten vrouw vrou-wen bou-wen trou-wen pau-ze au-to blauw rauw ru-zie fa-mi-lie o-lie stu-die in-dus-trie the-o-rie
bi-o-lo-gie mi-nis-te-rie ra-di-o pi-a-no vi-de-o mu-se-um ly-ce-um the-a-ter i-dee i-dee-ën zee-ën knie-ën twee-ën
cli-ënt cli-ën-ten pa-ti-ënt fi-nan-ci-eel fi-nan-ci-ë-le of-fi-ci-eel of-fi-ci-ë-le ma-te-ri-eel com-mer-ci-eel
in-dus-tri-eel prin-ci-pi-eel in-di-vi-du-eel in-di-vi-du-e-le ac-tu-eel spe-ci-aal so-ci-aal ma-te-ri-aal si-tu-a-tie
sta-ti-on na-ti-o-naal ja-nu-a-ri fe-bru-a-ri co-ör-di-na-tie co-ö-pe-ra-tie re-ïn-te-gra-tie be-ïn-vloe-den
be-ëin-di-gen ge-ëist ge-ëerd re-ëel e-go-ïst na-ïef mo-za-ïek ru-ï-ne Oe-kra-ï-ne va-cu-üm po-ë-zie re-ü-nie
ge-ïn-te-res-seerd be-doe-ïen hy-gi-ë-ne Is-ra-ël be-ant-woor-den be-oor-de-len ge-o-pend ge-acht ge-uit hi-aat cha-os
du-o con-ti-nu bu-reau ni-veau ca-deau mi-lieu in-ge-ni-eur in-te-ri-eur ma-noeu-vre toi-let trot-toir re-ser-voir
coach coa-ches job-coach trai-ner trai-ning team web-site on-line mail com-pu-ter te-le-foon sys-teem ba-by hy-po-theek
ty-pe yog-hurt roy-aal cri-sis u-ni-ver-si-teit ba-sis-school Ne-der-lands uit-ke-ring bij-stand ge-meen-te werk-ge-ver
be-drijfs-arts vrij-wil-li-ger ziek hoe-veel ie-der-een iets ge-beurt leuk eu-ro deur jeugd neus reu-zen oe-fe-ning
psy-cho-lo-gisch ar-beids-des-kun-dig be-ge-lei-ding be-reik-baar-heid on-der-zoek li-chaam li-cha-me-lijk
moei-lijk ei-gen-lijk mak-ke-lijk eer-lijk drie vier vie-ren heel veel vreemd thee geel uur buur-man mu-ren dweil hij
één ca-fé zo’n fo-to’s ha-vo ma-vo
"""
WORDS = DIVIDED.split()
# Not divided at the end of a line, but said in parts.
SAID = {"examen": 3, "e-mail": 2, "QR-code": 4, "UWV": 3, "WW": 2, "mbo": 3, "vmbo": 4, "10": 1, "7,5": 1, "ĳs": 1}


@pytest.mark.parametrize("divided", WORDS)
def test_a_word_has_as_many_syllables_as_it_is_divided_in(divided: str) -> None:
    assert n_syllables(divided.replace("-", "")) == divided.count("-") + 1


@pytest.mark.parametrize(("word", "n"), SAID.items())
def test_letters_numbers_and_joined_words_are_counted_as_they_are_said(word: str, n: int) -> None:
    assert n_syllables(word) == n


def test_capitals_and_the_way_an_accent_is_stored_make_no_difference() -> None:
    assert n_syllables("IDEEËN") == n_syllables("ideee\u0308n") == 3


def test_the_formula_is_that_of_flesch_douma() -> None:
    counted = measured("Heeft u nu les? Dat is heel leuk.")
    assert (counted.n_sentences, counted.n_words, counted.n_syllables, counted.n_words_of_longest_sentence) == (
        2,
        8,
        8,
        4,
    )
    assert counted.flesch_douma == Fraction("206.835") - Fraction("0.93") * 4 - 77


def test_an_easy_text_scores_higher_than_a_hard_one() -> None:
    easy = "U kreeg hulp. Was die hulp goed voor u?"
    hard = "Desgevraagd kunt u uw individuele tevredenheid over de gerealiseerde dienstverlening kenbaar maken."
    assert measured(easy).flesch_douma > 100 > 0 > measured(hard).flesch_douma


def test_a_name_that_is_filled_in_is_one_word_of_two_syllables() -> None:
    assert measured("Ga naar {provider}.") == measured("Ga naar [naam van het bureau].") == measured("Ga naar bureau.")


def test_sentences_end_with_a_mark_and_not_with_a_colon() -> None:
    assert sentences("Gaf u iemand de tip: ga daarheen? Of niet… Wel! Klaar") == (
        "Gaf u iemand de tip: ga daarheen?",
        "Of niet…",
        "Wel!",
        "Klaar",
    )


def test_marks_are_no_words() -> None:
    assert words("Kies: ‘ja’, of (soms) – nee … 7,5!") == ("Kies", "ja", "of", "soms", "nee", "7,5")


def test_a_text_without_words_measures_nothing() -> None:
    assert measured(" … !").n_words == 0
    assert measured("").flesch_douma == 0


@given(st.text())
def test_any_text_can_be_measured(text: str) -> None:
    counted = measured(text)
    assert counted.n_syllables >= counted.n_words >= counted.n_words_of_longest_sentence >= 0
    assert counted.n_words >= counted.n_sentences
