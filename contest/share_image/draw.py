"""Drawing a share picture: typst to PNG, packaged fonts only, no clock, no network; then 256 colours, a third of the size."""

from __future__ import annotations

import io
import json
import threading
from importlib import resources
from pathlib import Path

import typst
from PIL import Image

from contest.certificates.draw import qr_svg
from contest.share_image.facts import HEIGHT, WIDTH, ShareFacts

HERE = Path(__file__).parent
TEMPLATE = HERE / "share.typ"
PPI = 144.0  # the page is 600 × 315 pt
COLOURS = 255

# One compiler a thread, as for certificates.
_local = threading.local()


def _compiler() -> typst.Compiler:
    compiler: typst.Compiler | None = getattr(_local, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(
            input=str(TEMPLATE),
            root=str(HERE.parent),  # the drum is the certificate's
            font_paths=[str(resources.files("fontpkg_be_vietnam_pro") / "files")],
            ignore_system_fonts=True,
        )
        _local.compiler = compiler
    return compiler


def draw(facts: ShareFacts) -> bytes:
    """Return the PNG. Equal facts give equal bytes."""
    data = json.loads(facts.to_json()) | {"qr": qr_svg(facts.address)}
    png = _compiler().compile(
        format="png", ppi=PPI, sys_inputs={"facts": json.dumps(data, ensure_ascii=False)}, timestamp=0
    )
    assert isinstance(png, bytes)
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        out = io.BytesIO()
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)
    return out.getvalue()
