"""Makes `.venv` on the first start and enters it; only the standard library may be imported here.

Nothing outside the repository is changed. A stamp in the environment names the lock file it was made from, so the
second start costs nothing. Every way this can fail ends in one sentence in Vietnamese and English, and exit code 2.

Environment variables:
    THISO_NO_VENV=1   use the running Python as it is (containers, machines that manage packages themselves)
    THISO_VENV=DIR    keep the environment in DIR instead of `.venv` (repository on a read-only disk)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.bootstrap_words import SetupError, explain, say, tell

ROOT = Path(__file__).resolve().parent.parent
STAMP = "thiso-stamp.json"
UNFINISHED = "thiso-unfinished"
LOG = "thiso-setup.log"
EXIT_SETUP = 2
LOCK_PATIENCE = 900  # seconds another start may take to make the environment on a slow line

# Each level contains the ones before it; an environment of a higher level serves the lower ones.
LEVELS: dict[str, str] = {
    "runtime": "requirements.txt",
    "server": "requirements-server.txt",
    "dev": "requirements-dev.txt",
}
UV_REQUIREMENTS = "requirements-uv.txt"
DEV_COMMANDS = frozenset({"test", "bench", "translations", "check_translations"})


def enter(argv: list[str]) -> int | None:
    """Make sure this process runs in a ready environment.

    Returns None when it does; an exit code when the caller must stop. On POSIX a process that has to change its
    interpreter does not return at all (`execv`).
    """
    if os.environ.get("THISO_NO_VENV") == "1" or in_any_venv():
        return 0 if argv[1:2] == ["setup"] else None
    try:
        python = ensure(level_for(argv[1:]))
    except SetupError as error:
        say(error.vi, error.en)
        return EXIT_SETUP
    except KeyboardInterrupt:
        return 130
    if argv[1:2] == ["setup"]:
        return 0
    return restart(python, argv)


def in_any_venv() -> bool:
    """Somebody who calls the interpreter of an environment has chosen its packages; leave them alone."""
    return sys.prefix != sys.base_prefix


def level_for(arguments: list[str]) -> str:
    """The smallest set of packages that serves this command line."""
    command = arguments[0] if arguments else ""
    if command in DEV_COMMANDS or (command == "setup" and "--dev" in arguments):
        return "dev"
    if command == "setup" and "--server" in arguments:
        return "server"
    wants_uvicorn = "--server=uvicorn" in arguments or (
        "--server" in arguments and "uvicorn" in arguments[arguments.index("--server") :]
    )
    return "server" if wants_uvicorn else "runtime"


def restart(python: Path, argv: list[str]) -> int:
    """Run the same command line with the environment's interpreter."""
    command = [str(python), str(ROOT / "manage.py"), *argv[1:]]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # execv on Windows returns to the shell before the program has ended
        return subprocess.call(command)
    return os.execv(command[0], command)  # does not return


# ---------------------------------------------------------------------------- the environment


def ensure(level: str) -> Path:
    """Path of the interpreter of an environment that holds at least `level`; makes or completes it when needed."""
    venv = venv_dir()
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if is_ready(venv, python, level):
        return python
    requirements = ROOT / LEVELS[level]
    if not requirements.is_file():
        raise SetupError(
            f"Thiếu tệp {requirements.name}: hãy tải lại đầy đủ mã nguồn.",
            f"{requirements.name} is missing: get a complete copy of the source.",
        )
    with building(venv):
        if is_ready(venv, python, level):  # another start finished it while we waited
            return python
        tell(
            "Đang chuẩn bị môi trường (chỉ lần đầu)…",
            "Preparing the environment (first time only)…",
        )
        build(venv, python, level)
    return python


def venv_dir() -> Path:
    """Where the environment lives: THISO_VENV or `.venv` in the repository."""
    return Path(os.environ.get("THISO_VENV") or ROOT / ".venv").expanduser().absolute()


def fingerprint(level: str) -> str:
    """SHA-256 of the lock file of a level; changes exactly when the packages do."""
    try:
        return hashlib.sha256((ROOT / LEVELS[level]).read_bytes()).hexdigest()
    except OSError:
        return ""


def is_ready(venv: Path, python: Path, level: str) -> bool:
    """Whether the stamp says that this environment was made from today's lock file of `level` or a level above."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        made, digest = stamp["level"], stamp["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    order = list(LEVELS)
    if made not in order or order.index(made) < order.index(level) or (venv / UNFINISHED).exists():
        return False
    return bool(digest == fingerprint(made) and python.exists())


def build(venv: Path, python: Path, level: str) -> None:
    """Create the environment if it is missing or broken, install the locked packages, write the stamp last."""
    unfinished = (venv / UNFINISHED).exists()
    if venv.exists() and (unfinished or not works(python)):
        discard(venv)
    uv = find_uv()
    if not venv.exists():
        create(venv, uv)
    (venv / UNFINISHED).write_text("", encoding="utf-8")
    (venv / STAMP).unlink(missing_ok=True)
    install(venv, python, level, uv)
    stamp = {"level": level, "sha256": fingerprint(level), "python": sys.version.split()[0]}
    (venv / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    (venv / UNFINISHED).unlink()


def works(python: Path) -> bool:
    """Whether the interpreter starts and is new enough (a moved repository or an upgraded system breaks it)."""
    probe = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(probe, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def discard(venv: Path) -> None:
    """Remove a broken environment, but never a directory that is not one."""
    if not (venv / "pyvenv.cfg").is_file() and not (venv / UNFINISHED).exists() and any(venv.iterdir()):
        raise SetupError(
            f"{venv} không phải môi trường Python: hãy đổi tên hoặc xóa thư mục này rồi chạy lại.",
            f"{venv} is not a Python environment: rename or remove that folder and run again.",
        )
    shutil.rmtree(venv)


def find_uv() -> str | None:
    """A working uv, or None; a shim that is on PATH but does nothing counts as none."""
    uv = shutil.which("uv")
    if not uv:
        return None
    try:
        probe = subprocess.run([uv, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return uv if probe.returncode == 0 else None


def create(venv: Path, uv: str | None) -> None:
    """An empty environment, by uv when it is there, otherwise by the standard library."""
    if uv:
        command = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(venv)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return
        shutil.rmtree(venv, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    shutil.rmtree(venv, ignore_errors=True)
    if "ensurepip" in done.stdout + done.stderr or "No module named venv" in done.stderr:
        raise SetupError(
            "Python của máy này thiếu mô-đun venv: chạy “sudo apt install python3-venv” rồi chạy lại lệnh vừa rồi.",
            "This Python lacks the venv module: run `sudo apt install python3-venv`, then this command again.",
        )
    raise explain(done.stdout + done.stderr, None)


def install(venv: Path, python: Path, level: str, uv: str | None) -> None:
    """Install exactly the locked versions, every file checked against its hash.

    Packages a developer added by hand stay; the ones in the lock are brought to the locked version.
    """
    requirements = str(ROOT / LEVELS[level])
    log = venv / LOG
    log.unlink(missing_ok=True)
    if uv is None:
        uv = own_uv(python, log)
    if uv is not None:
        command = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", str(python)]
        done = run_logged([*command, "-r", requirements], log)
    else:
        command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        done = run_logged([*command, "--no-deps", "--require-hashes", "-r", requirements], log)
    if done != 0:
        raise explain(log.read_text(encoding="utf-8", errors="replace"), log)


def own_uv(python: Path, log: Path) -> str | None:
    """uv put into the environment itself (4 s) saves half a minute of pip; None when there is no wheel for it here."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    if run_logged([*command, "--no-deps", "--require-hashes", "-r", str(ROOT / UV_REQUIREMENTS)], log) != 0:
        return None
    uv = python.with_name("uv.exe" if os.name == "nt" else "uv")
    return str(uv) if uv.exists() else None


def run_logged(command: list[str], log: Path) -> int:
    """Exit code; everything the program said goes to the log. uv's own cache stays usable on a read-only home."""
    env = dict(os.environ)
    env.pop("VIRTUAL_ENV", None)
    env.setdefault("UV_LINK_MODE", "copy" if not _same_disk(log.parent) else "hardlink")
    try:
        with log.open("ab") as out:
            return subprocess.run(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env, check=False
            ).returncode
    except OSError as error:
        with log.open("a", encoding="utf-8") as out:
            out.write(f"{error}\n")
        return 1


def _same_disk(folder: Path) -> bool:
    """uv links files from its cache when both are on one disk, and warns at length when they are not."""
    try:
        return folder.stat().st_dev == Path.home().stat().st_dev
    except (OSError, RuntimeError):
        return False


# ---------------------------------------------------------------------------- one builder at a time


@contextlib.contextmanager
def building(venv: Path) -> Iterator[None]:
    """Hold the builder's lock beside the environment; wait for another start that holds it.

    The lock belongs to the open file, so it is free again when its holder dies, however it dies.
    """
    path = venv.with_name(venv.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+b")
    except OSError as error:
        raise SetupError(
            f"Không ghi được vào {path.parent}: chép thư mục sang chỗ ghi được, hoặc đặt THISO_VENV=/đường/dẫn/ghi/được.",
            f"{path.parent} cannot be written to: copy the folder elsewhere or set THISO_VENV=/a/writable/path.",
        ) from error
    with handle:
        deadline = time.monotonic() + LOCK_PATIENCE
        waited = False
        while not try_lock(handle.fileno()):
            if not waited:
                tell(
                    "Một lệnh khác đang chuẩn bị môi trường, xin chờ…", "Another command is preparing the environment…"
                )
                waited = True
            if time.monotonic() > deadline:
                raise SetupError(
                    f"Chờ quá lâu một lệnh khác chuẩn bị {venv}: dừng lệnh đó rồi chạy lại.",
                    f"Waited too long for another command preparing {venv}: stop that one and run again.",
                )
            time.sleep(0.2)
        try:
            yield
        except PermissionError as error:
            raise SetupError(
                f"Không ghi được vào {venv}: kiểm tra quyền của thư mục, hoặc đặt THISO_VENV=/đường/dẫn/ghi/được.",
                f"{venv} cannot be written to: check its owner, or set THISO_VENV=/a/writable/path.",
            ) from error
        except OSError as error:
            raise explain(str(error), None) from error


def try_lock(descriptor: int) -> bool:
    """Take the exclusive lock without waiting; False when another process holds it."""
    if os.name == "nt":
        import msvcrt  # only there on Windows

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl  # only there on POSIX

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
