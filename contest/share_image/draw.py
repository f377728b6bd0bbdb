"""Drawing a share picture: typst to PNG, packaged fonts only, no clock, no network; then 256 colours, a third of the size."""

from __future__ import annotations

import io
import json
from pathlib import Path

from PIL import Image

from contest.certificates.draw import qr_svg
from contest.share_image.facts import HEIGHT, WIDTH, ShareFacts
from quizbank.typesetting import compiler_of

HERE = Path(__file__).parent
TEMPLATE = HERE / "share.typ"
PPI = 144.0  # the page is 600 × 315 pt
COLOURS = 255


def draw(facts: ShareFacts) -> bytes:
    """Return the PNG. Equal facts give equal bytes."""
    data = json.loads(facts.to_json()) | {"qr": qr_svg(facts.address)}
    # The drum is the certificate's: the folder above may be read.
    png = compiler_of(TEMPLATE, root=HERE.parent).compile(
        format="png", ppi=PPI, sys_inputs={"facts": json.dumps(data, ensure_ascii=False)}, timestamp=0
    )
    assert isinstance(png, bytes)
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        out = io.BytesIO()
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)
    return out.getvalue()
