#!/usr/bin/env python3
"""The one command of Thi Số: `python3 manage.py up`, `test`, `bench` and every Django command.

Needs nothing but Python: the first start makes `.venv` beside this file (see config/bootstrap.py).
This file itself parses on Python 3.6, so that an old Python gets a sentence instead of a traceback.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def find_newer_python():
    """Where an old `python3` was called but a good one is installed beside it, use the good one."""
    for name in NEWER:
        path = shutil.which(name)
        if path and os.system('"{}" -c "import sys" >{} 2>&1'.format(path, os.devnull)) == 0:
            return path
    return None


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.version_info < OLDEST:
        path = find_newer_python()
        if path:
            os.execv(path, [path, os.path.abspath(__file__)] + sys.argv[1:])
        sys.stderr.write(
            "Thi So / Thi S\u1ed1: c\u1ea7n Python 3.11 tr\u1edf l\u00ean, m\u00e1y n\u00e0y "
            "c\u00f3 Python {0}.{1}: h\u00e3y c\u00e0i b\u1ea3n m\u1edbi h\u01a1n r\u1ed3i ch\u1ea1y l\u1ea1i.\n"
            "  Python 3.11 or newer is needed, this is Python {0}.{1}: install a newer one and run again.\n".format(
                sys.version_info[0], sys.version_info[1]
            )
            if (sys.stderr.encoding or "").lower().replace("-", "") == "utf8"
            else "Python 3.11 or newer is needed, this is Python {0}.{1}: install a newer one and run again.\n".format(
                sys.version_info[0], sys.version_info[1]
            )
        )
        return 2

    sys.path.insert(0, here)
    from config import bootstrap

    code = bootstrap.enter(sys.argv)
    if code is not None:
        return code

    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":  # stays free of Django: the supervisor lives as long as the servers, and memory is short
        from config.up.main import main as up

        return up(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command == "test":
        from config.testing.run import main as test

        return test(sys.argv[2:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
