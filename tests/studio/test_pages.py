"""The studio over HTTP, without JavaScript: hear, send a file, approve, take back, remove."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.audit.log import entry_table
from app.database import reading
from app.speech.manifest import Entry, load, text_hash
from app.studio.texts import Line, Texts, texts_of
from app.web.access import Role
from tests.factories.cases import make_participation
from tests.factories.clips import keep_clip
from tests.factories.office import Employee, signed_in_as
from tests.factories.recorded import packed, spoken, waved

TEXT = "Wat vindt u van de hulp?"
ADDRESS = f"/kantoor/studio/nl/{text_hash(TEXT)}"


@pytest.fixture
def researcher(audio_folder: Path) -> Employee:
    return signed_in_as(Role.RESEARCHER)


def dutch() -> Texts:
    with reading() as connection:
        return texts_of(connection, "nl")


def line(text: str = TEXT) -> Line:
    return dutch().find(text_hash(text))


def send(who: Employee, file: bytes, address: str = ADDRESS, accept: str = "text/html", **fields: str) -> Employee:
    """Sends a sound with the form of a text's page."""
    token = re.search(r'name="token" value="([0-9a-f]+)"', who.get(address).text)
    assert token
    who.response = who.client.post(
        f"{address}/opname",
        data={"token": token[1], **fields},
        files={"geluid": ("opname.wav", file, "audio/wav")},
        headers={"Accept": accept},
    )
    return who


def recording() -> bytes:
    return waved(spoken(TEXT))


def entry(folder: Path) -> Entry | None:
    return load(folder / "nl").find(TEXT)


def test_without_any_clip_everything_is_missing_and_the_pages_say_what_to_do(researcher: Employee) -> None:
    text = researcher.get("/kantoor/studio").text
    assert f'?status=ontbreekt">{len(dutch().lines)}<' in text
    assert "peilwijs audio build" in text
    assert f"0 van {len(dutch().lines)} teksten opgenomen" in researcher.get("/kantoor/studio/nl").text
    assert "Er is nog geen geluid. Neem deze tekst op." in researcher.get(ADDRESS).text


def test_a_sent_file_becomes_the_clip_of_the_text_and_is_served_as_a_recording(
    researcher: Employee, audio_folder: Path
) -> None:
    keep_clip(audio_folder / "nl", TEXT, place=line().utterance.place)
    assert "conceptstem" in researcher.get(ADDRESS).text
    send(researcher, packed("M4A", spoken(TEXT))).follow()
    assert "De opname is bewaard" in researcher.text
    kept = entry(audio_folder)
    assert kept and (kept.kind, kept.voice, kept.approved) == ("human", "studio", False)
    assert kept.place == line().utterance.place
    served = researcher.get(f"/geluid/nl/{kept.file}").response
    assert (served.status_code, served.headers["content-type"]) == (200, "audio/mpeg")
    assert f"1 van {len(dutch().lines)} teksten opgenomen" in researcher.get("/kantoor/studio/nl").text


def test_building_clips_leaves_the_recording_alone(researcher: Employee, audio_folder: Path) -> None:
    from app.speech.building import build, lacking
    from app.speech.voices.espeak import Espeak

    send(researcher, recording())
    kept = entry(audio_folder)
    needed = {line().key: line().utterance}
    assert lacking(audio_folder / "nl", needed, load(audio_folder / "nl"), Espeak()) == []
    build(audio_folder / "nl", "nl", needed.values(), Espeak())
    assert entry(audio_folder) == kept


def test_a_refused_file_changes_nothing_and_the_page_says_why(researcher: Employee, audio_folder: Path) -> None:
    assert send(researcher, b"Dit is een brief.").status == 400
    assert "Dit is geen geluid dat wij kennen." in html.unescape(researcher.text)
    assert send(researcher, b"").status == 400
    assert "Dit bestand is leeg." in researcher.text
    assert send(researcher, waved(bytes(100_000))).status == 400
    assert "Wij horen niets" in researcher.text
    assert send(researcher, waved(spoken(TEXT * 8))).status == 400
    assert "Neem alleen deze tekst op" in researcher.text
    assert entry(audio_folder) is None


def test_a_script_hears_in_json_where_to_go_or_what_is_wrong(researcher: Employee) -> None:
    answer = send(researcher, b"", accept="application/json")
    assert answer.status == 400 and "leeg" in answer.response.json()["problem"]
    answer = send(researcher, recording(), accept="application/json", verder="1")
    following = dutch().lines[dutch().lines.index(line()) + 1]
    assert answer.response.json() == {"address": f"/kantoor/studio/nl/{following.key}"}


def test_staff_who_read_english_are_refused_in_english(researcher: Employee) -> None:
    from app.accounts.tables import user_table
    from app.database import writing

    with writing() as connection:
        connection.execute(user_table.update().values(language="en"))
    assert send(researcher, b"").status == 400
    assert "This file is empty." in researcher.text


def test_a_file_up_to_ten_megabytes_is_taken_here_and_nowhere_else(researcher: Employee) -> None:
    silence_after = waved(spoken(TEXT) + bytes(2_000_000))
    assert send(researcher, silence_after).status == 303
    assert send(researcher, bytes(10 * 1024 * 1024 + 17_000)).status == 413
    assert "hoogstens 10 MB" in researcher.text
    token = {"token": "x" * 70_000}
    for address in (f"{ADDRESS}/goedkeuren", f"{ADDRESS}/weg", f"{ADDRESS}/opname/", "/kantoor/studio/nl/x/opname"):
        assert researcher.client.post(address, data=token).status_code == 413, address


def test_a_clip_is_approved_and_the_approval_withdrawn(researcher: Employee, audio_folder: Path) -> None:
    send(researcher, recording()).follow()
    file = entry(audio_folder).file  # type: ignore[union-attr]
    researcher.post(f"{ADDRESS}/goedkeuren", goed="ja", bestand=file).follow()
    assert entry(audio_folder).approved and "De opname is goedgekeurd." in researcher.text  # type: ignore[union-attr]
    researcher.post(f"{ADDRESS}/goedkeuren", goed="nee", bestand=file).follow()
    assert not entry(audio_folder).approved  # type: ignore[union-attr]


def test_the_audit_log_says_who_recorded_approved_and_removed_what(researcher: Employee, audio_folder: Path) -> None:
    send(researcher, recording())
    found = entry(audio_folder)
    assert found is not None
    for answer in ("ja", "nee"):
        researcher.get(ADDRESS).post(f"{ADDRESS}/goedkeuren", goed=answer, bestand=found.file)
    researcher.get(ADDRESS).post(f"{ADDRESS}/weg", bestand="iets-anders.mp3")
    researcher.get(ADDRESS).post(f"{ADDRESS}/weg", bestand=found.file)
    send(researcher, b"no sound")
    with reading() as connection:
        rows = connection.execute(entry_table.select().order_by(entry_table.c.number)).all()
    clips = [(row.action, row.subject) for row in rows if row.action.startswith("clip.")]
    assert [action for action, _ in clips] == ["clip.recorded", "clip.approved", "clip.unapproved", "clip.removed"]
    assert {subject for _, subject in clips} == {f"clip:nl/{text_hash(TEXT)}"}
    assert {row.actor for row in rows if row.action.startswith("clip.")} == {"user:1"}


def test_only_the_clip_that_was_heard_is_approved_or_removed(researcher: Employee, audio_folder: Path) -> None:
    send(researcher, recording()).follow()
    heard = entry(audio_folder).file  # type: ignore[union-attr]
    send(researcher, waved(spoken(TEXT) + spoken("Ja."))).follow()
    for action in ("goedkeuren", "weg"):
        assert researcher.get(ADDRESS).post(f"{ADDRESS}/{action}", goed="ja", bestand=heard).status == 409
    now_there = entry(audio_folder)
    assert now_there and now_there.file != heard and not now_there.approved


def test_removing_a_recording_is_told_before_and_brings_back_the_draft_voice(
    researcher: Employee, audio_folder: Path
) -> None:
    send(researcher, waved(spoken(TEXT) + spoken("Ja."))).follow()  # what no voice of a machine makes
    assert "Daarna horen mensen weer de conceptstem" in researcher.text
    file = entry(audio_folder).file  # type: ignore[union-attr]
    researcher.post(f"{ADDRESS}/weg", bestand=file).follow()
    back = entry(audio_folder)
    assert back and back.kind == "draft"
    assert not (audio_folder / "nl" / file).exists()
    assert researcher.get(ADDRESS).post(f"{ADDRESS}/weg", bestand=back.file).status == 409


def test_a_clip_of_what_stood_there_before_is_stale(researcher: Employee, audio_folder: Path) -> None:
    keep_clip(audio_folder / "nl", "Wat vond u van de hulp?", place=line().utterance.place, kind="human")
    assert line().status == "verouderd"
    text = researcher.get(ADDRESS).text
    assert "Hier stond eerst:" in text and "Wat vond u van de hulp?" in text
    send(researcher, recording())
    assert line().status == "opname"


def test_status_and_words_in_the_address_choose_texts(researcher: Employee, audio_folder: Path) -> None:
    keep_clip(audio_folder / "nl", TEXT, place=line().utterance.place)
    rows = r'href="/kantoor/studio/nl/[0-9a-f]{16}'
    assert len(re.findall(rows, researcher.get("/kantoor/studio/nl?status=concept").text)) == 1
    n_all = len(dutch().lines)
    assert len(re.findall(rows, researcher.get("/kantoor/studio/nl").text)) == n_all
    assert 0 < len(re.findall(rows, researcher.get("/kantoor/studio/nl?zoek=TEVREDEN").text)) < n_all
    assert "Geen tekst met deze woorden" in researcher.get("/kantoor/studio/nl?zoek=kwijlebal").text
    strange = researcher.get('/kantoor/studio/nl?status=<b>&zoek="><script>alert(1)</script>').text
    assert "<script>alert" not in strange and "<b>" not in strange


def test_a_session_goes_from_one_text_without_recording_to_the_next(researcher: Employee) -> None:
    researcher.get("/kantoor/studio/nl/begin").follow()
    first, second, third = dutch().lines[:3]
    assert first.utterance.words in researcher.text and f"1 van {len(dutch().lines)}" in researcher.text
    assert f'href="/kantoor/studio/nl/{second.key}?status=zonder-opname"' in researcher.text
    address = f"/kantoor/studio/nl/{second.key}"
    token = re.search(r'name="token" value="([0-9a-f]+)"', researcher.text)
    assert token
    sound = ("a.wav", waved(spoken(second.utterance.words)), "audio/wav")
    researcher.response = researcher.client.post(
        f"{address}/opname?status=zonder-opname", data={"token": token[1], "verder": "1"}, files={"geluid": sound}
    )
    researcher.follow()
    assert third.key in str(researcher.response.url)
    assert f'href="/kantoor/studio/nl/{first.key}?status=zonder-opname"' in researcher.text


def test_names_of_providers_are_a_group_of_their_own(researcher: Employee) -> None:
    make_participation("2026", "Werkpad & Zonen")
    text = researcher.get("/kantoor/studio/nl").text
    group = text[text.index("Namen van dienstverleners") :]
    assert "Werkpad &amp; Zonen" in group
    for title in ("Knoppen, hulp en meldingen", "Cijfers", "inburgeren/regular"):
        assert title in text


def test_unknown_languages_and_texts_are_not_there(researcher: Employee) -> None:
    for address in ("xx", "nl/0000000000000000", "..%2f..", "nl/begin/x"):
        assert researcher.get(f"/kantoor/studio/{address}").status == 404


def test_what_changes_something_needs_the_token_of_the_page_and_comes_from_it(
    researcher: Employee, audio_folder: Path
) -> None:
    send(researcher, recording())
    kept = entry(audio_folder)
    assert kept
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("opname", {"files": {"geluid": ("a.wav", recording(), "audio/wav")}}),
        ("goedkeuren", {"data": {"goed": "ja", "bestand": kept.file}}),
        ("weg", {"data": {"bestand": kept.file}}),
    )
    for action, content in forms:
        assert researcher.client.post(f"{ADDRESS}/{action}", **content).status_code == 403
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://kwaad.example"}):
            researcher.get(ADDRESS)
            token = re.search(r'name="token" value="([0-9a-f]+)"', researcher.text)
            assert token
            with_token = {**content, "data": {**content.get("data", {}), "token": token[1]}}
            answer = researcher.client.post(f"{ADDRESS}/{action}", headers=headers, **with_token)
            assert answer.status_code == 403
    assert entry(audio_folder) == kept


def test_only_the_page_that_records_may_use_the_microphone(researcher: Employee) -> None:
    assert "microphone=(self)" in researcher.get(ADDRESS).response.headers["permissions-policy"]
    assert "microphone=()" in researcher.get("/kantoor/studio/nl").response.headers["permissions-policy"]
    assert "media-src 'self'; " in researcher.get(ADDRESS).response.headers["content-security-policy"]


def test_two_recordings_at_once_both_stay(researcher: Employee, audio_folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from app.studio.changes import keep

    utterances = [other.utterance for other in dutch().lines[:2]]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: keep("nl", one, waved(spoken(one.words))), utterances))
    kept = load(audio_folder / "nl").entries
    assert [kept[one.hash].kind for one in utterances] == ["human", "human"]
    written = json.loads((audio_folder / "nl" / "manifest.json").read_text())
    assert len(written["clips"]) == 2


def test_a_text_cut_at_a_name_is_recorded_in_pieces(researcher: Employee, audio_folder: Path) -> None:
    piece = next(one for one in dutch().lines if one.utterance.piece is not None)
    address = f"/kantoor/studio/nl/{piece.key}"
    assert "Dit is een deel van een zin." in researcher.get(address).text
    assert send(researcher, waved(spoken(piece.utterance.words)), address).status == 303
    kept = load(audio_folder / "nl").find(piece.utterance.text, piece.utterance.piece)
    assert kept and kept.words == piece.utterance.words
