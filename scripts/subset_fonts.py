"""Cuts the fonts under app/static from the whole ones: only the letters, weights and features that our pages use.

Needed once in a while, by hand, with tools that Peilwijs itself does not need:

    uv run --no-project --with fonttools --with brotli python scripts/subset_fonts.py FOLDER

FOLDER holds the unpacked packages of @fontsource-variable: atkinson-hyperlegible-next, noto-sans, noto-sans-arabic
and noto-sans-ethiopic.
"""

import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

STATIC = Path(__file__).parent.parent / "app" / "static"
AUTONYMS = "العربية فارسی Українська ትግርኛ"  # names of languages in scripts other than Latin


def codes(*parts: str | range) -> set[int]:
    """Code points of letters and ranges."""
    return {code for part in parts for code in (part if isinstance(part, range) else map(ord, part))}


ASCII = codes(range(0x20, 0x7F), "\u00a0Ççéëïñöü«»‘’“”–—…€")
CYRILLIC = codes(range(0x410, 0x450), "ҐґЄєІіЇїЁё’ʼ№")
ARABIC = codes("ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيپچژگکیٔۀ،؛؟٪٫٬", range(0x64B, 0x653), "\u0670\u200c\u200d")
ARABIC |= codes(range(0x660, 0x66A), range(0x6F0, 0x6FA))
ETHIOPIC = codes(*(range(ord(first), ord(first) + 8) for first in "ሀለሐመረሰሸቀቐበቨተቸነኘአከኸወዐዘዠየደጀገጠጨጸፈሠፀኀጰፐ"))
ETHIOPIC |= codes(*(range(first, first + 6) for first in (0x1248, 0x1258, 0x1288, 0x12B0, 0x12C0, 0x1310)), "፡።፣፤፥፦፧፨")
# without these features the letters of a word do not join, or marks stand in the wrong place
JOINING = ["init", "medi", "fina", "rlig", "liga", "ccmp", "calt", "locl", "mark", "curs"]
LATIN = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]


def cut(source: Path, wanted: set[int] | None, features: list[str], weight: int | tuple[int, int]) -> TTFont:
    """A font with only these letters (None = all) and weights."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=features, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted or set(font.getBestCmap()))
    cutter.subset(font)
    return instancer.instantiateVariableFont(font, {"wght": weight})


def merged(fonts: list[TTFont]) -> TTFont:
    """One font with the letters of several."""
    files = [BytesIO() for _ in fonts]
    for font, file in zip(fonts, files, strict=True):
        font.flavor = None
        for table in {"vhea", "vmtx", "STAT"} & set(font.keys()):  # for vertical writing, which only one of them has
            del font[table]
        font.save(file)
        file.seek(0)
    return Merger().merge(files)


def save(font: TTFont, name: str) -> None:
    font.flavor = "woff2"
    font.save(STATIC / name)
    print(f"{(STATIC / name).stat().st_size:6} {name}")


def main(folder: Path) -> None:
    def file(package: str, script: str) -> Path:
        return next(folder.glob(f"*{package}*/**/{package}-{script}-wght-normal.woff2"))

    latin = file("atkinson-hyperlegible-next", "latin")
    cyrillic, arabic = file("noto-sans", "cyrillic"), file("noto-sans-arabic", "arabic")
    ethiopic = file("noto-sans-ethiopic", "ethiopic")
    save(cut(latin, None, LATIN, (400, 700)), "atkinson-latin.woff2")
    save(cut(latin, ASCII, ["tnum"], (400, 600)), "atkinson-ascii.woff2")
    save(cut(file("atkinson-hyperlegible-next", "latin-ext"), None, LATIN, (400, 700)), "atkinson-latin-ext.woff2")
    save(cut(cyrillic, CYRILLIC, ["locl", "kern"], (400, 600)), "noto-cyrillic.woff2")
    save(cut(arabic, ARABIC, JOINING, (400, 600)), "noto-arabic.woff2")
    save(cut(ethiopic, ETHIOPIC, ["calt"], (400, 600)), "noto-ethiopic.woff2")
    save(
        merged([cut(source, codes(AUTONYMS), JOINING, 400) for source in (cyrillic, arabic, ethiopic)]),
        "noto-autonyms.woff2",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
