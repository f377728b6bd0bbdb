"""Typst as everything printed here uses it: the packaged fonts only, no clock, no network."""

from __future__ import annotations

import threading
from importlib import resources
from pathlib import Path

import typst


class _Kept(threading.local):
    """A compiler keeps fonts and the parsed template, and is not made to be shared: one a template and thread."""

    def __init__(self) -> None:
        self.compilers: dict[Path, typst.Compiler] = {}


_kept = _Kept()


def compiler_of(template: Path, *, root: Path | None = None) -> typst.Compiler:
    """Return this thread's compiler for ``template``; ``root`` is the folder it may read, its own if nothing is said."""
    compiler = _kept.compilers.get(template)
    if compiler is None:
        compiler = _kept.compilers[template] = typst.Compiler(
            input=str(template),
            root=str(root or template.parent),
            font_paths=[str(resources.files("fontpkg_be_vietnam_pro") / "files")],
            ignore_system_fonts=True,
        )
    return compiler
