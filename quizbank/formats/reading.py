"""From the bytes of a file to what its questions are: which format, then its reader. No database."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quizbank.errors import BadFile
from quizbank.formats.base import MOST_QUESTIONS, Defaults, Found, Parsed
from quizbank.formats.guard import check_size
from quizbank.formats.registry import FORMATS, recognise

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """A file as one of the formats understood it."""

    format: str
    parsed: Parsed

    def questions(self) -> Iterator[Found]:
        """Yield its questions, once. Raises BadFile as ``understand`` does."""
        with _faults_told(self.format):
            yield from self.parsed.found


def understand(data: bytes, *, filename: str, code: str = "", defaults: Defaults) -> Understood:
    """Return the questions of a file; ``code`` names the format, "" lets the content decide.

    Raises:
        BadFile: with a sentence for the person, whatever is wrong with the file.
    """
    check_size(data)
    formats = [FORMATS[code]] if code in FORMATS else recognise(data, filename)
    if not formats:
        raise BadFile(_("Chưa nhận ra tệp này thuộc dạng nào. Mời bạn chọn đúng dạng tệp, hoặc dùng tệp mẫu."))
    chosen = formats[0]
    with _faults_told(chosen.code):
        parsed = chosen.read(data, defaults=defaults)
    if not parsed.found:
        raise BadFile(_("Không thấy câu hỏi nào trong tệp. Mời bạn xem lại cách trình bày, hoặc dùng tệp mẫu."))
    if len(parsed.found) > MOST_QUESTIONS:
        raise BadFile(_("Tệp có hơn %(most)d câu hỏi. Mời bạn chia thành các tệp nhỏ hơn.") % {"most": MOST_QUESTIONS})
    return Understood(chosen.code, parsed)


@contextmanager
def _faults_told(code: str) -> Iterator[None]:
    """Turn whatever a reader does into a sentence."""
    try:
        yield
    except BadFile:
        raise
    except (RecursionError, MemoryError) as error:
        raise BadFile(_("Tệp này cần quá nhiều bộ nhớ để đọc. Mời bạn chia thành các tệp nhỏ hơn.")) from error
    except Exception as error:
        # A fault of a reader (ours or a library's) on a strange file is no reason to show a broken page.
        log.exception("formats: %s could not read a file", code)
        raise BadFile from error
