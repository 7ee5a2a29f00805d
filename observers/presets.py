"""The shipped rules: data in `presets/*.toml`, read once. How to write one is told in this folder's README.

Four presets hold always. Every other one holds unless the person's settings switch it off
(`[privacy] presets_off`), and tells no more of a window than its own name: which bank or which clinic it was
stays out of the stored counts of what was not observed, too.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zlib import crc32

from gum.types import Effect, Rule, RuleId
from observers.addresses import above, host
from observers.patterns import SITE, Facts, Fits, address_globs, glob, part, site

FOLDER = Path(__file__).with_name("presets")
# In the order in which they are asked: of a private window no more is told than that it is private.
LOCKED = ("private", "own", "passwords", "lock")

_LISTS = ("app", "url", "domain", "title")
_ONCE = ("name", "effect", "private", "spare")
_DOMAIN = re.compile(r"[a-z0-9*]([a-z0-9.*-]*[a-z0-9*])?")


class Spare:
    """Windows that patterns of a preset would catch by accident: told by facts that nobody but them has.

    `app`: by neither program nor title is it caught; `domain`: at that very site not by title; `url`: not by
    address. Private mode, and whatever else fits, still counts.
    """

    def __init__(self, app: Sequence[str] = (), domain: Sequence[str] = (), url: Sequence[str] = ()) -> None:
        self._apps, self._urls = [glob(pattern) for pattern in app], [glob(pattern) for pattern in url]
        self._sites = frozenset(domain)

    def program(self, facts: Facts) -> bool:
        return any(fit(facts.app) for fit in self._apps)

    def site(self, facts: Facts) -> bool:
        """Only of the page's own address: what an archive or an extension shows may be anything."""
        named = self._sites and facts.url is not None and "-extension:" not in facts.url.partition("/")[0]
        name = host(facts.url) if named and facts.url is not None else None
        return name is not None and not self._sites.isdisjoint(above(name))

    def address(self, facts: Facts) -> bool:
        return facts.url is not None and any(fit(facts.url) for fit in self._urls)


class Index:
    """Rules of one field each, asked all at once: some hundreds in some tens of microseconds."""

    def __init__(self, rules: Sequence[Rule], spare: Spare | None = None) -> None:
        self._spare = spare or Spare()
        self._private: Rule | None = None
        self._apps: list[tuple[Fits, Rule]] = []
        self._urls: list[tuple[Fits, Rule]] = []
        self._hosts: list[tuple[Fits, Rule]] = []
        self._titles: list[tuple[Fits, Rule]] = []
        self._sites: dict[str, Rule] = {}
        self._parts: dict[str, Rule] = {}
        for rule in rules:
            self._add(rule)

    def _add(self, rule: Rule) -> None:
        if rule.private:
            self._private = rule
        elif rule.app is not None:
            self._apps.append((glob(rule.app), rule))
        elif rule.url is not None and (name := site(rule.url)) is not None:
            if "*" in name:
                self._hosts.append((glob(name), rule))
            else:
                self._sites[name] = rule
        elif rule.url is not None:
            self._urls += [(fit, rule) for fit in address_globs(rule.url)]
        elif rule.title is not None and (text := part(rule.title)) is not None:
            self._parts[text] = rule
        elif rule.title is not None:
            self._titles.append((glob(rule.title), rule))

    def first(self, facts: Facts) -> Rule | None:
        """A rule that fits, if one does: by private mode, then program, address, host, title."""
        if facts.private and self._private is not None:
            return self._private
        spared = self._spare.program(facts)
        found = (None if spared else self._by_app(facts)) or self._by_address(facts)
        return found or (None if spared or self._spare.site(facts) else self._by_title(facts))

    def _by_app(self, facts: Facts) -> Rule | None:
        app = facts.app
        return next((rule for fit, rule in self._apps if fit(app)), None)

    def _by_address(self, facts: Facts) -> Rule | None:
        if facts.url is None:
            return None
        for url in facts.addresses:
            for fit, rule in self._urls:
                if fit(url) and not self._spare.address(facts):
                    return rule
        for name in facts.hosts:
            if (known := self._sites.get(name)) is not None:
                return known
        return next((rule for fit, rule in self._hosts for name in facts.hosts if fit(name)), None)

    def _by_title(self, facts: Facts) -> Rule | None:
        title = facts.title
        for fit, rule in self._titles:
            if fit(title):
                return rule
        if not self._parts:
            return None
        return next((self._parts[text] for text in facts.parts if text in self._parts), None)


@dataclass(frozen=True)
class Preset:
    """One file. `rules` is a rule a pattern; `off` stands among the rules when it is switched off."""

    key: str
    name: str
    locked: bool
    rules: tuple[Rule, ...]
    off: Rule
    index: Index


def read(key: str, text: str) -> Preset:
    """The preset of a file `key`.toml with this content. Pure. Raises ValueError that says what is wrong."""
    data = tomllib.loads(text)
    if unknown := set(data) - {*_LISTS, *_ONCE}:
        raise ValueError(f"{key}.toml: unknown {', '.join(sorted(unknown))}")
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError(f"{key}.toml: it needs a name that a person can read")
    rules = _rules(key, name, Effect(data.get("effect", "drop")), data)
    if not rules:
        raise ValueError(f"{key}.toml: no pattern")
    if len({rule.id for rule in rules}) < len(rules):
        raise ValueError(f"{key}.toml: a pattern stands there twice")
    locked = key in LOCKED
    told = rules if locked else [replace(rule, id=RuleId(f"builtin:{key}")) for rule in rules]
    off = Rule(RuleId(f"builtin:off:{key}"), f"{name}: switched off", Effect.KEEP, builtin=True)
    return Preset(key, name, locked, tuple(rules), off, Index(told, _spare(key, data)))


def _spare(key: str, data: Mapping[str, object]) -> Spare:
    told = data.get("spare", {})
    if not isinstance(told, dict) or set(told) - {"app", "domain", "url"}:
        raise ValueError(f"{key}.toml: spare has app, domain and url, and nothing else")
    for field, patterns in told.items():
        # Every pattern is read as one of a rule, so that what is wrong with it is said.
        if not isinstance(patterns, list):
            raise ValueError(f"{key}.toml: spare.{field} is no list")
        for pattern in patterns:
            _rule(key, "spare", Effect.KEEP, field, pattern)
    return Spare(**told)


def _rules(key: str, name: str, effect: Effect, data: Mapping[str, object]) -> list[Rule]:
    rules = []
    if "private" in data:
        if data["private"] is not True:
            raise ValueError(f"{key}.toml: private can only be true")
        rules.append(Rule(RuleId(f"builtin:{key}"), name, effect, private=True, builtin=True))
    for field in _LISTS:
        patterns = data.get(field, [])
        if not isinstance(patterns, list):
            raise ValueError(f"{key}.toml: {field} is no list")
        rules += [_rule(key, name, effect, field, pattern) for pattern in patterns]
    return rules


def _rule(key: str, name: str, effect: Effect, field: str, pattern: object) -> Rule:
    if not isinstance(pattern, str) or not pattern.strip("*?| "):
        raise ValueError(f"{key}.toml: {field} {pattern!r} is no pattern, or fits everything")
    if field == "domain":
        if not _DOMAIN.fullmatch(pattern):
            raise ValueError(f"{key}.toml: {pattern!r} is no domain in small letters")
        field, pattern = "url", SITE + pattern
    # Stored counts name rules by these ids: what they are made of must stay as it is.
    slug = re.sub(r"[^a-z0-9]+", "-", pattern.lower()).strip("-")
    return Rule(
        id=RuleId(f"builtin:{key}:{field}:{slug}:{crc32(pattern.encode()):08x}"),
        name=name,
        effect=effect,
        app=pattern if field == "app" else None,
        title=pattern if field == "title" else None,
        url=pattern if field == "url" else None,
        builtin=True,
    )


@cache
def shipped() -> tuple[Preset, ...]:
    """All presets, the locked ones first. Raises OSError if one of those is missing: nothing starts then."""
    keys = {file.stem for file in FOLDER.glob("*.toml")}
    ordered = (*LOCKED, *sorted(keys.difference(LOCKED)))
    return tuple(read(key, (FOLDER / f"{key}.toml").read_text(encoding="utf-8")) for key in ordered)


def switchable(rule_id: RuleId) -> bool:
    """Whether the rule is of a preset that the person may switch off (`[privacy] presets_off`)."""
    kind, _, rest = rule_id.partition(":")
    key = rest.partition(":")[0]
    return kind == "builtin" and any(p.key == key and not p.locked for p in shipped())


def switched_off(keys: Collection[str]) -> tuple[Rule, ...]:
    """What `privacy.admit` is told of presets that the person switched off; locked ones cannot be."""
    return tuple(preset.off for preset in shipped() if preset.key in keys and not preset.locked)
