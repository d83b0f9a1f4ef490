"""GET /geluid: clips and joined clips, in parts, kept for ever, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create
from app.speech.clips import MAX_JOINED
from tests.factories.clips import keep_clip


@pytest.fixture
def browser(audio_folder: Path) -> TestClient:
    return TestClient(create(), base_url="http://localhost:8000")


@pytest.fixture
def clip(audio_folder: Path) -> tuple[str, bytes]:
    """The address of a clip and its bytes."""
    entry = keep_clip(audio_folder / "nl", "Ja")
    return f"/geluid/nl/{entry.file}", (audio_folder / "nl" / entry.file).read_bytes()


def test_a_clip_is_served_whole_and_kept_for_ever(browser: TestClient, clip: tuple[str, bytes]) -> None:
    address, mp3 = clip
    answer = browser.get(address)
    assert (answer.status_code, answer.content) == (200, mp3)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["content-length"] == str(len(mp3))
    assert answer.headers["accept-ranges"] == "bytes"
    assert "immutable" in answer.headers["cache-control"] and "no-store" not in answer.headers["cache-control"]
    assert "media-src 'self'" in answer.headers["content-security-policy"]


def test_a_browser_that_has_it_fetches_nothing(browser: TestClient, clip: tuple[str, bytes]) -> None:
    tag = browser.get(clip[0]).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = browser.get(clip[0], headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert browser.get(clip[0], headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_tells_the_length_and_sends_nothing(browser: TestClient, clip: tuple[str, bytes]) -> None:
    answer = browser.head(clip[0])
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(clip[1]))
    assert browser.head("/geluid/nl/0000000000000000.mp3").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=0-", slice(0, None)),
        ("bytes=10-10", slice(10, 11)),
        ("bytes=5-99999999", slice(5, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_a_part_is_sent_on_request(browser: TestClient, clip: tuple[str, bytes], wanted: str, part: slice) -> None:
    answer = browser.get(clip[0], headers={"Range": wanted})
    first = part.indices(len(clip[1]))[0]
    assert (answer.status_code, answer.content) == (206, clip[1][part])
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(clip[1])}"
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("wanted", ["bytes=999999-", "bytes=999999-9999999", "bytes=-0"])
def test_a_part_that_does_not_exist_is_refused(browser: TestClient, clip: tuple[str, bytes], wanted: str) -> None:
    answer = browser.get(clip[0], headers={"Range": wanted})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(clip[1])}")


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "pages=0-1", "bytes=9-2", "bytes=-", "bytes", "", "bytes=a-b"])
def test_whatever_is_no_single_part_gets_the_whole(browser: TestClient, clip: tuple[str, bytes], wanted: str) -> None:
    answer = browser.get(clip[0], headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (200, clip[1])


def test_a_part_of_what_was_another_clip_is_the_whole(browser: TestClient, clip: tuple[str, bytes]) -> None:
    tag = browser.get(clip[0]).headers["etag"]
    assert browser.get(clip[0], headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert browser.get(clip[0], headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200


def test_joined_clips_are_the_files_one_after_the_other(browser: TestClient, audio_folder: Path) -> None:
    files = [keep_clip(audio_folder / "nl", text, seed=seed).file for seed, text in enumerate(("een", "twee"))]
    names = "+".join(file.removesuffix(".mp3") for file in (files[0], files[1], files[0]))
    whole = b"".join((audio_folder / "nl" / file).read_bytes() for file in (files[0], files[1], files[0]))
    assert browser.get(f"/geluid/nl/{names}.mp3").content == whole
    end = len(whole) - 1
    assert browser.get(f"/geluid/nl/{names}.mp3", headers={"Range": f"bytes={end}-"}).content == whole[-1:]
    assert browser.get(f"/geluid/nl/{names.replace('+', '%2B')}.mp3").content == whole


HASH = "0123456789abcdef"


@pytest.mark.parametrize(
    "address",
    [
        f"nl/{HASH}.mp3",
        f"nl/{HASH}",
        f"nl/{HASH}.wav",
        f"nl/{HASH.upper()}.mp3",
        f"nl/{HASH}x.mp3",
        f"nl/{HASH}+.mp3",
        f"nl/+{HASH}.mp3",
        "nl/.mp3",
        "nl/manifest.json",
        f"nederlands/{HASH}.mp3",
        f"NL/{HASH}.mp3",
        f"../{HASH}.mp3",
        "nl/..%2F..%2Fetc%2Fpasswd.mp3",
        "%2e%2e/manifest.json",
        "nl/" + "+".join([HASH] * (MAX_JOINED + 1)) + ".mp3",
        f"nl/{HASH}%00.mp3",
    ],
)
def test_any_other_address_is_not_found(browser: TestClient, clip: tuple[str, bytes], address: str) -> None:
    answer = browser.get(f"/geluid/{address}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_one_missing_file_makes_the_joined_clip_missing(browser: TestClient, clip: tuple[str, bytes]) -> None:
    assert browser.get(clip[0].replace(".mp3", f"+{HASH}.mp3")).status_code == 404


def test_as_many_parts_as_pages_join_are_served(browser: TestClient, clip: tuple[str, bytes]) -> None:
    name = clip[0].rpartition("/")[2].removesuffix(".mp3")
    answer: Any = browser.get(f"/geluid/nl/{'+'.join([name] * MAX_JOINED)}.mp3")
    assert answer.content == clip[1] * MAX_JOINED


def test_a_clip_that_is_replaced_while_it_is_served_is_never_half_of_each(
    browser: TestClient, audio_folder: Path
) -> None:
    """A new clip has a new address, and the old one stays for pages that are open."""
    old = keep_clip(audio_folder / "nl", "Ja", seed=1)
    new = keep_clip(audio_folder / "nl", "Ja", seed=2, kind="human")
    assert old.file != new.file
    for entry in (old, new):
        assert browser.get(f"/geluid/nl/{entry.file}").content == (audio_folder / "nl" / entry.file).read_bytes()
