"""Cuts the fonts of the letters (app/fonts) from the whole ones: static TrueType, since typst reads no woff2.

Needed once in a while, by hand, with tools that Peilwijs itself does not need:

    uv run --no-project --with fonttools --with brotli python scripts/subset_letter_fonts.py FOLDER

FOLDER holds the unpacked packages of @fontsource-variable, as for subset_fonts.py. Every file gets a family name of its
own, because typst takes the first font of a family for all its letters. `letters.txt` names every letter there is.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from subset_fonts import JOINING, LATIN, cut

FONTS = Path(__file__).parent.parent / "app" / "fonts"
WEIGHTS = {400: "Regular", 700: "Bold"}
# family → package, script, code points (None = all), features
CUTS: dict[str, tuple[str, str, set[int] | None, list[str]]] = {
    "Letter Latin": ("atkinson-hyperlegible-next", "latin", None, LATIN),
    "Letter Latin Extended": ("atkinson-hyperlegible-next", "latin-ext", None, LATIN),
    "Letter Latin More": ("noto-sans", "latin-ext", set(range(0x100, 0x250)) | set(range(0x1E00, 0x1F00)), LATIN),
    "Letter Vietnamese": ("noto-sans", "vietnamese", None, LATIN),
    "Letter Cyrillic": ("noto-sans", "cyrillic", None, LATIN),
    "Letter Greek": ("noto-sans", "greek", None, LATIN),
    "Letter Arabic": (
        "noto-sans-arabic", "arabic", set(range(0x600, 0x700)) | {0x200C, 0x200D, 0x20, 0xA0}, [*JOINING, "mkmk"],
    ),
    "Letter Ethiopic": ("noto-sans-ethiopic", "ethiopic", set(range(0x1200, 0x1380)) | {0x20, 0xA0}, ["calt", "ccmp"]),
}  # fmt: skip


def main(folder: Path) -> None:
    FONTS.mkdir(exist_ok=True)
    known: set[int] = set()
    for family, (package, script, wanted, features) in CUTS.items():
        source = next(folder.glob(f"*{package}-[0-9]*/**/{package}-{script}-wght-normal.woff2"))
        for weight, style in WEIGHTS.items():
            font = cut(source, wanted, features, weight)
            known |= set(font.getBestCmap())
            save(font, family, weight, style)
    (FONTS / "letters.txt").write_text("\n".join(ranges(sorted(known))) + "\n")


def save(font: TTFont, family: str, weight: int, style: str) -> None:
    font.flavor = None
    font["OS/2"].usWeightClass = weight
    for number, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
    for number in (16, 17, 25):
        font["name"].removeNames(number)
    path = FONTS / f"{family.lower().replace(' ', '-')}-{weight}.ttf"
    font.save(path)
    print(f"{path.stat().st_size:6} {path.name}")


def ranges(codes: list[int]) -> list[str]:
    """`0020-007e`, one a line."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{first:04x}-{last:04x}" for first, last in found]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
