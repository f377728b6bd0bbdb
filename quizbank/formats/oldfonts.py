"""Vietnamese from before Unicode: the byte tables of TCVN3 (.VnTime) and VNI fonts, and what a Vietnamese syllable is.

Both encodings are fonts rather than character sets: a file says "µ" and the font draws "à". So their text turns up
twice: as bytes of old text files, and as Latin-1 characters inside Word and Excel files. The tables here map the
characters (Windows-1252 code points) to Unicode. Pure.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3 = (
    "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©â®đªê«ô¬ơ\u00adư"
    "µà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậ"
    "ÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞị"
    "ßòáỏâõãóäọåồæổçỗèốéộêờëởìỡíớîợ"
    "ïùñủòũóúôụõừöử÷ữøứùựúỳûỷüỹýýþỵ"
)
TCVN3 = str.maketrans(dict(zip(_TCVN3[::2], _TCVN3[1::2], strict=True)))

# VNI writes a vowel and then a sign; what the sign adds, as combining marks.
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_ROOF, _BREVE = "\u0302", "\u0306"
_VNI_SIGNS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _ROOF, "á": _ROOF + _ACUTE, "à": _ROOF + _GRAVE, "å": _ROOF + _HOOK, "ã": _ROOF + _TILDE, "ä": _ROOF + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ö": "ư", "ô": "ơ", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS |= {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()}
_VNI_PAIR = re.compile(f"([aeouyöô])([{''.join(_VNI_SIGNS)}])", re.IGNORECASE)
_VNI_LETTER = re.compile(f"[{''.join(_VNI_LETTERS)}]")

_SHOUTED = re.compile(r"(?<![^\W\d_])(?=(?:[^\W\d_]*[A-Z]){2})[^\W\d_a-z]+(?![^\W\d_])")
_TONES = frozenset((_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT))
_WORD = re.compile(r"[^\s\x00-\x40\[-`{-~“”‘’–—…•]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:uyê|uya|uyu|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uêu"
    r"|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uă|ue|ui|uê|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    r"|[aăâeêioôơuưy])"
    r"(ch|nh|ng|[cmnpt])?"
)
# Letters no Latin-1 font holds: who writes these writes Unicode already.
_MODERN = re.compile("[ăĂđĐơƠưƯ\u0128\u0129\u0168\u0169\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")


def from_tcvn3(text: str) -> str:
    """Return text typed with a TCVN3 font ("Hµ Néi") as Unicode ("Hà Nội").

    TCVN3 has no capitals with tones; in a word of capitals the lower-case ones are raised.
    """
    return _SHOUTED.sub(lambda word: word[0].upper(), text.translate(TCVN3))


def from_vni(text: str) -> str:
    """Return text typed with a VNI font ("Haø Noäi") as Unicode."""

    def pair(match: re.Match[str]) -> str:
        vowel, sign = match.groups()
        return _VNI_LETTERS.get(vowel, vowel) + _VNI_SIGNS[sign.lower()]

    paired = _VNI_PAIR.sub(lambda match: f"\ue000{pair(match)}\ue001", text)
    # What stands between the two private marks is done; single letters are changed only outside.
    parts = re.split("\ue000(.*?)\ue001", paired)
    parts[::2] = [_VNI_LETTER.sub(lambda one: _VNI_LETTERS[one[0]], part) for part in parts[::2]]
    return unicodedata.normalize("NFC", "".join(parts))


def modern(text: str) -> bool:
    """Whether ``text`` holds letters that only Unicode has, so that nothing needs mending."""
    return bool(_MODERN.search(text))


def vietnamese(text: str) -> tuple[int, int]:
    """Return how many words with a sign above ASCII are Vietnamese syllables, and how many are not."""
    good = bad = 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        if is_syllable(word):
            good += 1
        else:
            bad += 1
    return good, bad


def is_syllable(word: str) -> bool:
    """Whether ``word`` has the form of one Vietnamese syllable with at most one tone."""
    marks = unicodedata.normalize("NFD", word.casefold())
    tones = [mark for mark in marks if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    match = _SYLLABLE.fullmatch(plain)
    if not match or len(tones) > 1:
        return False
    stop = match[1] in ("c", "ch", "p", "t")
    return not stop or tones in ([_ACUTE], [_DOT])
