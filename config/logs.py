"""One log line per event: no line break can be forged into it, and phone numbers are masked."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)\d{6,9}(?!\d)")


class LineFormatter(logging.Formatter):
    """``time level request logger: message``; a traceback follows indented on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        message = _PHONE.sub(lambda found: f"{found[0][:3]}…{found[0][-2:]}", message)
        line = f"{self.formatTime(record)} {record.levelname} {request_id.get()} {record.name}: {message}"
        if record.exc_info:
            line += "\n  " + self.formatException(record.exc_info).replace("\n", "\n  ")
        return line
