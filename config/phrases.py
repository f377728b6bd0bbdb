"""Every phrase the house says, found without outside tools: from Python's syntax tree and from parsed templates.

Vietnamese is the source language, so a phrase is its own Vietnamese; English is in config/locale/en.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.template import Node, Template
from django.template.base import Lexer, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "people", "quizbank", "contest", "realtime")
_ONE = {"_", "gettext", "gettext_lazy", "_lazy", "gettext_noop"}
_MANY = {"ngettext", "ngettext_lazy", "_n"}
_CONTEXT = {"pgettext", "pgettext_lazy"}


Phrase = tuple[str, str]
"""A msgid and its plural msgid, "" where it has none."""


def phrases_of_python(source: str) -> Iterator[Phrase]:
    """Yield the constant msgids of gettext calls in one module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = 1 if name in _CONTEXT else 0
        if name in _ONE | _MANY | _CONTEXT and len(node.args) > place:
            message = node.args[place]
            plural = node.args[1] if name in _MANY else None
            if isinstance(message, ast.Constant) and isinstance(message.value, str):
                yield message.value, str(plural.value) if isinstance(plural, ast.Constant) else ""


def phrases_of_template(source: str) -> Iterator[Phrase]:
    """Yield the msgids of translate and blocktranslate tags in one template, those in untaken branches included."""
    if not any(t.token_type is TokenType.BLOCK and "trans" in t.contents for t in Lexer(source).tokenize()):
        return
    for node in _nodes(Template(source).nodelist):
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var
            if isinstance(literal, str):
                yield str(literal), ""
            elif getattr(literal, "literal", None) is not None:
                yield str(literal.literal), ""
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield _trimmed(node, node.render_token_list(node.singular)[0]), _trimmed(node, plural)


def _trimmed(node: BlockTranslateNode, text: str) -> str:
    return trim_whitespace(text) if node.trimmed else text


def _nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every node of a template once: what an IfNode lists by condition it lists again as a whole."""
    for node in nodes:
        yield node
        lists = [children for _condition, children in getattr(node, "conditions_nodelists", ())]
        if not lists:
            names = dict.fromkeys(
                (*getattr(node, "child_nodelists", ()), "nodelist_true", "nodelist_false", "nodelist_loop")
            )
            lists = [children for name in names if (children := getattr(node, name, None)) is not None]
        for children in lists:
            yield from _nodes(children)


def all_phrases() -> dict[str, tuple[str, str]]:
    """Return {phrase: (its plural or "", first file that says it)} over the whole house."""
    found: dict[str, tuple[str, str]] = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for phrase, plural in phrases_of_python(path.read_text(encoding="utf-8")):
                    found.setdefault(phrase, (plural, str(path.relative_to(ROOT))))
        for path in sorted((ROOT / app).rglob("*.html")) + sorted((ROOT / app).rglob("templates/**/*.txt")):
            for phrase, plural in phrases_of_template(path.read_text(encoding="utf-8")):
                found.setdefault(phrase, (plural, str(path.relative_to(ROOT))))
    return {phrase: told for phrase, told in found.items() if phrase.strip()}
