"""Which texts stand in an answer: its shape says so (`app.plugin.shapes`: Captured, Claimed, Said)."""

from collections.abc import Iterator
from types import NoneType
from typing import TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from app.plugin.shapes import Words

M = TypeVar("M", bound=BaseModel)
ABOUT = frozenset({"id", "observation_id"})


def about(model: BaseModel) -> frozenset[str]:
    """The ids of all that an answer speaks of."""
    found = set()
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name in ABOUT and isinstance(value, str):
            found.add(value)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                found |= about(each)
    return frozenset(found)


_Step = tuple[str, Words | None, bool, bool]
_PLANS: dict[type[BaseModel], list[_Step]] = {}


def fields_of(shape: type[BaseModel]) -> list[_Step]:
    """The fields with captured text or other shapes in them: mark, may it be missing, is it a list."""
    if shape not in _PLANS:
        steps = []
        for name, hint in get_type_hints(shape, include_extras=True).items():
            if name not in shape.model_fields:
                continue
            parts, optional = [hint], False
            if get_origin(hint) is not None and NoneType in get_args(hint):
                parts, optional = [each for each in get_args(hint) if each is not NoneType], True
            many = get_origin(parts[0]) is list
            inner = get_args(parts[0])[0] if many else parts[0]
            mark = next(
                (each for each in getattr(inner, "__metadata__", ()) if isinstance(each, Words)), None
            )
            if mark is not None or (isinstance(inner, type) and issubclass(inner, BaseModel)):
                steps.append((name, mark, optional, many))
        _PLANS[shape] = steps
    return _PLANS[shape]


def texts_of(model: BaseModel) -> list[str]:
    """All captured texts, in the order in which `with_texts` takes them."""
    found: list[str] = []
    for name, mark, _, many in fields_of(type(model)):
        value = getattr(model, name)
        for each in (value if many else [value]) if value is not None else ():
            found += [each] if mark is not None else texts_of(each)
    return found


def with_texts(model: M, texts: Iterator[str]) -> M:
    update: dict[str, object] = {}
    for name, mark, _, many in fields_of(type(model)):
        value = getattr(model, name)
        if value is None:
            continue
        made = [
            next(texts) if mark is not None else with_texts(each, texts)
            for each in (value if many else [value])
        ]
        update[name] = made if many else made[0]
    return model.model_copy(update=update) if update else model
