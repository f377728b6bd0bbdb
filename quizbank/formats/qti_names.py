"""QTI under its two spellings: ``choiceInteraction`` in 2.x, ``qti-choice-interaction`` in 3.0. Pure.

Everything here reads and writes the older spelling; the newer one is made and unmade at the edges.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

OURS = "qti:"
"""Marks the elements of QTI among those of HTML while an item is being written."""
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the standard, as far as files differ."""

    namespace: str
    package: str
    item_type: str
    template: str
    schema_version: str
    kebab: bool


V3 = Edition(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    package="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    item_type="imsqti_item_xmlv3p0",
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
    schema_version="3.0.0",
    kebab=True,
)
V2 = Edition(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    package="http://www.imsglobal.org/xsd/imscp_v1p1",
    item_type="imsqti_item_xmlv2p1",
    template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}",
    schema_version="1.0.0",
    kebab=False,
)


def to_camel(root: ET.Element) -> ET.Element:
    """Rewrite an item of 3.0 in the spelling of 2.x, in place."""
    for element in root.iter():
        if element.tag.startswith("qti-"):
            element.tag = _camel(element.tag.removeprefix("qti-"))
            for name in [name for name in element.attrib if "-" in name]:
                element.set(_camel(name), element.attrib.pop(name))
    return root


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda match: match[1].upper(), name)


def spell(root: ET.Element, edition: Edition) -> ET.Element:
    """Give the elements marked as ours the spelling of ``edition``, in place."""
    for element in root.iter():
        tag: object = element.tag  # a comment has a function there
        if not isinstance(tag, str) or not tag.startswith(OURS):
            continue
        name = tag.removeprefix(OURS)
        if edition.kebab:
            name = "qti-" + _kebab(name)
            for key in [key for key in element.attrib if not key.startswith("{") and _kebab(key) != key]:
                element.set(_kebab(key), element.attrib.pop(key))
        element.tag = name
    root.set("xmlns", edition.namespace)
    return root


def _kebab(name: str) -> str:
    return _HUMP.sub(lambda match: "-" + match[1].lower(), name)
