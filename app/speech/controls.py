"""The control with which a text is heard: `sound(texts, ids)` in every template of an easy page.

An `<audio>` element of the browser's own, which player.js hides and uses. Written here and not as a macro, because
every text of every page has one.
"""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from app.definition.piping import Piped
from app.speech.clips import JOINT, MAX_KEPT, Clip, finder, manifest_of
from app.speech.manifest import EMPTY, Manifest

Key = tuple[tuple[str, ...], str, bool]


def maker(language: str) -> Callable[..., Markup]:
    """The function `sound` for the templates of one language.

    `texts`: one text or several that share a control. `ids`: the elements that show them; with an id for each,
    player.js takes them apart again (`data-parts`: of how many files each is made), and what has no clip is left out.
    `small`: only to play.
    """
    clip = finder(language)
    known: tuple[Manifest, dict[Key, Markup]] = (EMPTY, {})

    def sound(texts: str | Sequence[str], ids: str, small: bool = False) -> Markup:
        nonlocal known
        said = tuple(text for text in ([texts] if isinstance(texts, str) else texts) if text)
        manifest = manifest_of(language)
        if manifest is not known[0] or len(known[1]) > MAX_KEPT:
            known = (manifest, {})
        key = (said, ids, small)
        if (kept := known[1].get(key)) is not None:
            return kept
        found = [clip(text) for text in said]
        control = _control(found, ids.split(), small)
        # not kept: what holds a name, and what may be somebody's own words
        if all(found) and not any(isinstance(text, Piped) for text in said):
            known[1][key] = control
        return control

    return sound


def _control(found: Sequence[Clip | None], ids: Sequence[str], small: bool) -> Markup:
    named = [(ids[nth] if nth < len(ids) else "", clip) for nth, clip in enumerate(found)]
    heard = [(name, clip) for name, clip in named if clip is not None]
    if not heard or (len(ids) == 1 and len(heard) < len(found)):
        return Markup("")
    files = [clip.address.rpartition("/")[2].removesuffix(".mp3") for _, clip in heard]
    folder = heard[0][1].address.rpartition("/")[0]
    names = [name for name, _ in heard if name]
    n_files = [file.count(JOINT) + 1 for file in files]
    is_apart = len(names) > 1 and max(n_files) > 1
    return Markup('<audio class="clip" controls{} preload="none" src="{}" aria-labelledby="{}"{}{}></audio>\n').format(
        Markup(' controlslist="nodownload noplaybackrate"') if small else "",
        f"{folder}/{JOINT.join(files)}.mp3",
        " ".join(names),
        Markup(' data-parts="{}"').format(" ".join(map(str, n_files))) if is_apart else "",
        Markup(" data-draft") if any(clip.is_draft for _, clip in heard) else "",
    )
