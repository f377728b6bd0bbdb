"""Be Vietnam Pro, cut down to what Vietnamese and English pages use, as woff2 in the data directory.

The packaged TTF files are 133 KB each; the subset is about 27 KB (one second of work a weight, once).
"""

from __future__ import annotations

import copy
import hashlib
import logging
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.otlLib.builder import buildSingleSubstSubtable
from fontTools.ttLib.tables import otTables

WEIGHTS = {400: "Regular", 600: "SemiBold", 800: "ExtraBold"}
PACKAGE = "fontpkg_be_vietnam_pro"
# Basic Latin, Latin-1, Latin Extended-A/B letters of Vietnamese, combining marks, Vietnamese block, punctuation, đồng sign, arrows, minus, ≤ ≥ ×.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x102, 0x103),
    (0x110, 0x111),
    (0x128, 0x129),
    (0x168, 0x169),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x300, 0x304),
    (0x306, 0x309),
    (0x31B, 0x31B),
    (0x323, 0x323),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AB, 0x20AB),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2264, 0x2265),
)
# Kerning and composed marks; everything else is weight without use.
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl")
TABULAR_VERSION = 2


def prepare_fonts(target: Path) -> list[Path]:
    """Write ``<target>/fonts/be-vietnam-pro-<weight>.woff2`` and return the paths, in order of weight.

    Does nothing when the stamp beside them matches the packaged font and the choices above. Each file is written to
    a temporary name first, so an interrupted run leaves no half font.
    """
    folder = target / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"be-vietnam-pro-{weight}.woff2" for weight in WEIGHTS]
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it lists every glyph at INFO
    stamp, wanted = folder / ".stamp", _fingerprint()
    if all(path.exists() for path in made) and stamp.exists() and stamp.read_text() == wanted:
        return made
    for path, style in zip(made, WEIGHTS.values(), strict=True):
        _write_subset(style, path)
    stamp.write_text(wanted)
    return made


def _fingerprint() -> str:
    parts = (
        metadata.version("fontpkg-be-vietnam-pro"),
        metadata.version("fonttools"),
        WEIGHTS,
        RANGES,
        FEATURES,
        TABULAR_VERSION,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _write_subset(style: str, path: Path) -> None:
    options = subset.Options(
        flavor="woff2", layout_features=list(FEATURES), hinting=False, desubroutinize=True, notdef_outline=True
    )
    source = resources.files(PACKAGE) / "files" / f"BeVietnamPro-{style}.ttf"
    with resources.as_file(source) as ttf, subset.load_font(str(ttf), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
        cutter.subset(font)
        _add_tabular_figures(font)
        half = path.with_suffix(".half")
        subset.save_font(font, str(half), options)
    half.replace(path)


def _add_tabular_figures(font: Any) -> None:
    """Give the font the ``tnum`` feature it lacks, so that clocks and scores do not tremble.

    Each digit gets a second glyph, all of one width, a little less than the zero's ("1" is little more than half as wide).
    The licence (OFL 1.1 without reserved names) allows it.
    """
    glyphs, widths, characters = font["glyf"], font["hmtx"], font.getBestCmap()
    width = round(widths[characters[ord("0")]][0] * 0.95)  # a full zero would leave "1" standing alone
    pairs: dict[str, str] = {}
    for digit in "0123456789":
        name = characters[ord(digit)]
        advance, bearing = widths[name]
        shift = (width - advance) // 2
        glyph = copy.deepcopy(glyphs[name])
        glyph.expand(glyphs)
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        pairs[name] = f"{name}.tnum"
        glyphs[pairs[name]] = glyph
        widths[pairs[name]] = (width, bearing + shift)

    table = font["GSUB"].table
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable = [buildSingleSubstSubtable(pairs)]
    lookup.SubTableCount = 1
    table.LookupList.Lookup.append(lookup)
    feature = otTables.Feature()
    feature.FeatureParams = None
    feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    feature.LookupCount = 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "tnum", feature
    table.FeatureList.FeatureRecord.append(record)  # "tnum" sorts behind the tags kept above
    place = len(table.FeatureList.FeatureRecord) - 1
    for script in table.ScriptList.ScriptRecord:
        systems = [script.Script.DefaultLangSys, *(entry.LangSys for entry in script.Script.LangSysRecord)]
        for system in filter(None, systems):
            system.FeatureIndex.append(place)
            system.FeatureCount = len(system.FeatureIndex)
