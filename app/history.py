"""`gumption history`: how one proposition came to be what it is, change by change."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

SHORT = 8  # characters of an id that are shown: 40 bits, so two of a hundred thousand hardly begin alike
Row = Mapping[str, object]
TIES = {
    ("supersedes", True): "took the place of",
    ("supersedes", False): "was replaced by",
    ("contradicts", True): "contradicts",
    ("contradicts", False): "is contradicted by",
}


def short(id_: object) -> str:
    """An id as lists show it; every command takes it so, as long as only one begins with it."""
    return str(id_)[:SHORT]


def quoted(cited: Row) -> str:
    """The quote of a piece of evidence, on one line; of what has gone by age there is none."""
    return f'"{_flat(cited["quote"])}"' if cited["quote"] else "something that has gone by age"


def lines(told: Row) -> list[str]:
    """The history (`/propositions/{id}`) for people, oldest change first. Pure."""
    confidence = float(str(told["confidence"]))
    head = f"{told['text']}  ({short(told['id'])}, {told['status']}, {confidence:.0%})"
    ties = (_tie(link) for link in _rows(told, "links"))
    return [head, *(line for change in _rows(told, "revisions") for line in _change(change)), *ties]


def _tie(link: Row) -> str:
    how = TIES[str(link["kind"]), bool(link["forth"])]
    return f"{how}: {_flat(link['text'])}  ({short(link['proposition_id'])})"


def _change(change: Row) -> Iterator[str]:
    when = datetime.fromisoformat(str(change["at"])).astimezone()
    yield f"{when:%Y-%m-%d %H:%M}  {change['cause']}: {_difference(change)}"
    for cited in _rows(change, "evidence"):
        sign = "+" if cited["stance"] == "supports" else "-"
        yield f"    {sign} {quoted(cited)}"
    if change["reasoning"]:
        yield f"    {_flat(change['reasoning'])}"


def _difference(change: Row) -> str:
    """What changed, before -> after; what stayed the same is left out."""
    said = []
    for name, form in (("text", _flat), ("confidence", _percent), ("status", str)):
        before, after = change.get(f"before_{name}"), change.get(f"after_{name}")
        if after is None or before == after:
            continue
        said.append(form(after) if before is None else f"{form(before)} -> {form(after)}")
    if said:
        return ", ".join(said)
    return "nothing but its evidence" if change.get("after_text") is not None else "forgotten"


def _percent(value: object) -> str:
    return f"{float(str(value)):.0%}"


def _flat(text: object) -> str:
    return " ".join(str(text).split())


def _rows(told: Row, name: str) -> Sequence[Row]:
    return cast(Sequence[Row], told.get(name) or [])
