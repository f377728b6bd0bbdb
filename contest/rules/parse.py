"""JSON to dataclasses and back, collecting every problem instead of stopping at the first.

Knows nothing about contests: it reads the types and the field metadata (`min`, `max`,
`min_length`, `max_length`, `min_items`, `max_items`). Strict on purpose: an unknown or
misspelled key is a problem, true is not 1, "5" is not 5.
"""

import unicodedata
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

Metadata = dict[str, int]
BAD: Any = object()  # stands for a value already reported


@dataclass(frozen=True, slots=True)
class Problem:
    """Where (`"prizes.items[2].rank_to"`) and what is wrong, one sentence for people."""

    path: str
    sentence: str


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def to_plain(value: Any) -> Any:
    """A dataclass as plain JSON values; every field is written, defaults too."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value


def from_plain(cls: Any, data: Any, problems: list[Problem], path: str = "") -> Any:
    """Build `cls` from plain JSON values; report problems and use defaults in their place."""
    if not isinstance(data, dict):
        problems.append(Problem(path, _("Chỗ này cần một nhóm các mục có tên.")))
        return cls()
    known = {item.name: item for item in fields(cls)}
    problems.extend(
        Problem(_join(path, str(name)), _("Không có mục nào tên như vậy trong thể lệ."))
        for name in data
        if name not in known
    )
    values = {}
    for name, item in known.items():
        if name not in data:
            if item.default is MISSING and item.default_factory is MISSING:
                problems.append(Problem(_join(path, name), _("Mục này còn thiếu.")))
            continue
        value = _read(_hints(cls)[name], data[name], dict(item.metadata), problems, _join(path, name))
        if value is not BAD:
            values[name] = value
    return cls(**values)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _read(hint: Any, data: Any, limits: Metadata, problems: list[Problem], path: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if data is None:
            return None
        hint = next(part for part in get_args(hint) if part is not NoneType)
        return _read(hint, data, limits, problems, path)
    if origin is tuple:
        return _read_list(get_args(hint)[0], data, limits, problems, path)
    if is_dataclass(hint):
        return from_plain(hint, data, problems, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _read_choice(hint, data, problems, path)
    if hint is bool:
        if isinstance(data, bool):
            return data
        problems.append(Problem(path, _("Chỗ này chỉ nhận có hoặc không.")))
        return BAD
    if hint is int:
        return _read_int(data, limits, problems, path)
    return _read_text(data, limits, problems, path)


def _read_list(hint: Any, data: Any, limits: Metadata, problems: list[Problem], path: str) -> Any:
    if not isinstance(data, list | tuple):
        problems.append(Problem(path, _("Chỗ này cần một danh sách.")))
        return BAD
    if len(data) < limits.get("min_items", 0):
        problems.append(Problem(path, _("Danh sách này cần ít nhất {n} mục.").format(n=limits["min_items"])))
        return BAD
    if len(data) > limits.get("max_items", len(data)):
        problems.append(Problem(path, _("Danh sách này có tối đa {n} mục.").format(n=limits["max_items"])))
        return BAD
    inner = {"min_length": 1, **limits}
    read = [_read(hint, item, inner, problems, f"{path}[{index}]") for index, item in enumerate(data)]
    return BAD if any(item is BAD for item in read) else tuple(read)


def _read_choice(hint: type[Enum], data: Any, problems: list[Problem], path: str) -> Any:
    for member in hint:
        if isinstance(data, str) and member.value == data:
            return member
    choices = ", ".join(str(member.value) for member in hint)
    problems.append(
        Problem(path, _("Giá trị này không có trong thể lệ. Hãy chọn một trong: {choices}.").format(choices=choices))
    )
    return BAD


def _read_int(data: Any, limits: Metadata, problems: list[Problem], path: str) -> Any:
    if isinstance(data, bool) or not isinstance(data, int):
        problems.append(Problem(path, _("Chỗ này cần một số nguyên.")))
        return BAD
    low, high = limits.get("min"), limits.get("max")
    if (low is not None and data < low) or (high is not None and data > high):
        problems.append(Problem(path, _("Số này phải từ {low} đến {high}.").format(low=low, high=high)))
        return BAD
    return data


def _read_text(data: Any, limits: Metadata, problems: list[Problem], path: str) -> Any:
    if not isinstance(data, str):
        problems.append(Problem(path, _("Chỗ này cần một dòng chữ.")))
        return BAD
    text = unicodedata.normalize("NFC", data).strip()
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in text):
        problems.append(Problem(path, _("Dòng chữ này có ký tự điều khiển không hiển thị được.")))
        return BAD
    if len(text) < limits.get("min_length", 0):
        problems.append(Problem(path, _("Chỗ này không được để trống.")))
        return BAD
    if len(text) > limits.get("max_length", len(text)):
        problems.append(Problem(path, _("Dòng chữ này dài quá {n} ký tự.").format(n=limits["max_length"])))
        return BAD
    return text
