"""Pictures of questions: decoded, drawn anew, named by their content. What came in is never passed on."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from people.models import User
from people.text import tidy
from quizbank.errors import BankError
from quizbank.models import Picture

LARGEST_FILE = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1200
"""Pixels; larger pictures are made smaller: a phone shows no more."""
LONGEST_ALT = 200
_READ = ("PNG", "JPEG", "WEBP", "GIF")
_QUALITY = 80


class BadPicture(BankError):
    """No picture we can read, or one that is too large; nothing is stored."""

    code = "bad_picture"
    message = _("Không đọc được hình này. Hãy dùng tệp PNG, JPEG, WebP hoặc GIF, nhỏ hơn 5 MB.")
    status = 422


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew: WebP bytes without anything else in them, and its size in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def draw_anew(data: bytes) -> Drawn:
    """Decode and draw again at most ``LONGEST_SIDE`` pixels large; places, cameras and comments in the file are gone.

    Raises:
        BadPicture: when the bytes are no picture of a kind we read, or unfold to something huge.
    """
    if not data or len(data) > LARGEST_FILE:
        raise BadPicture
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of a bomb before it refuses one
            with Image.open(io.BytesIO(data), formats=_READ) as source:
                if source.width * source.height > MOST_PIXELS:
                    raise BadPicture
                source.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))  # JPEG: decode no more than is needed
                drawn = ImageOps.exif_transpose(source)
                plain = drawn.convert("RGBA" if drawn.has_transparency_data else "RGB")
    except BadPicture:
        raise
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, Image.DecompressionBombError, Warning) as error:
        raise BadPicture from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)  # a fresh canvas carries nothing of the file's metadata along
    clean.save(out, "WEBP", quality=_QUALITY, method=4)
    return Drawn(out.getvalue(), clean.width, clean.height)


def store_picture(*, data: bytes, by: User | None) -> Picture:
    """Draw a picture anew and keep it once, however often it comes. Raises BadPicture."""
    drawn = draw_anew(data)
    picture, _new = Picture.objects.get_or_create(
        sha256=drawn.sha256,
        defaults={"data": drawn.data, "width": drawn.width, "height": drawn.height, "added_by": by},
    )
    return picture


def picture_entry(picture: Picture, alt: str) -> dict[str, Any]:
    """What ``Draft.extra["picture"]`` holds of a stored picture: enough to show it without asking the database."""
    return {
        "sha256": picture.sha256,
        "alt": tidy(alt)[:LONGEST_ALT],
        "width": picture.width,
        "height": picture.height,
    }
