"""Addresses as rules compare them: one way of writing, the host, the address that another one shows. Pure.

What a browser would go to counts, not what an address says it is: `https://bank.example@evil.test/` is
evil.test, and so is `https:\\\\evil.test/bank.example`. Of the schemes of the web, browsers take any number
of slashes, either way round (https://url.spec.whatwg.org). A host in letters beyond ASCII and the same one in
Punycode (RFC 3492) are one. All functions take addresses that are `plain`.
"""

import re
from unicodedata import normalize

from observers.plain import plain

DEEPEST = 4  # the source of the archived copy of a translated page is three deep
LONGEST = 4096  # signs of a path in which an address is looked for, which takes their square

_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443", "ftp": "21"}
_WEB = re.compile(r"(?:(https?|wss?|ftp):[\\/]*|(?:([a-z][a-z0-9+.-]*):)?[\\/]{2})([^\\/?#]*)(.*)", re.S)
_BARE = re.compile(r"([^\s:/?#\\@]+\.[^\s:/?#\\@]+)(?::\d*)?(?:[/?#\\]|$)")
_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+", re.I)
_PUNYCODE = re.compile(r"(?<![a-z0-9-])xn--([a-z0-9-]+)")

# What shows another address: the source of a page, a page's own data, reading views, a page an extension put
# to sleep. Then translators and archives, which name it in their path or query.
_PREFIX = re.compile(r"(?:view-source:|blob:|filesystem:)+")
_READING = re.compile(
    r"(?:about:reader|read:[^?]*|chrome-distiller:[^?]*|[a-z]+-extension:[^?#]*)[?#](?:.*[&#])?ur[il]=([^&]*)",
    re.S,
)
# Viewers of documents take the address in their path, or as a `file`.
_EXTENSION = re.compile(r"(?:[a-z]+-)+extension:[\\/]+[^\\/?#]+[\\/]?")
_TRANSLATED = ".translate.goog"
_ARCHIVES = re.compile(
    r"(?:web\.archive\.org|archive\.(?:today|ph|is|li|vn|md|fo)|webcache\.googleusercontent\.com|12ft\.io"
    r"|translate\.google\.[a-z.]+|translate\.yandex\.[a-z.]+|www\.translatetheweb\.com|r\.jina\.ai)"
)
_FULL = re.compile(r"https?:[\\/]*[^\s]+")
_HOST_IN = re.compile(r"(?:\w[\w-]*\.)+\w{2,}[^\s&]*")
_TOOLS = re.compile(r"devtools - (\S+)|.*?(https?://\S+)")


def host(address: str) -> str | None:
    """Its host, without name, password, port and final dots, in letters, not Punycode; None: it has none."""
    address = _PREFIX.sub("", address.strip(), count=1)
    if reading := _READING.match(address):
        address = plain(decoded(reading[1]))
    return _named(_authority(address))


def above(name: str) -> tuple[str, ...]:
    """A host and all it lies under, the nearest first: a.b.org, b.org, org."""
    labels = name.split(".")
    return tuple(".".join(labels[n:]) for n in range(len(labels)))


def forms(address: str) -> tuple[str, ...]:
    """`address` as it is and in its one way of writing; likewise what it shows, and what that shows."""
    found: dict[str, None] = {}
    shown: str | None = address
    for _ in range(DEEPEST):
        if shown is None:
            break
        found |= dict.fromkeys((shown, canonical(shown)))
        shown = inside(shown)
    return tuple(found)


def canonical(address: str) -> str:
    """The one way of writing: nothing percent-encoded, no name, password or usual port, "/" for no path."""
    address = address.strip()
    parts = _WEB.fullmatch(address)
    name = _named(parts[3]) if parts else None
    if parts is None or name is None:
        return plain(decoded(address))
    scheme = parts[1] or parts[2] or ""
    port = parts[3].rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    shown = f":{port}" if port and port != _PORTS.get(scheme) else ""
    place = f"[{name}]" if ":" in name else name
    return f"{scheme and scheme + ':'}//{place}{shown}{plain(decoded(parts[4])) or '/'}"


def pattern_forms(pattern: str) -> tuple[str, ...]:
    """A glob of addresses as it is, and as it must be to fit `canonical` ones."""
    other = _ENCODED.sub(lambda found: _literal(_text(found[0])), pattern)
    other = _PUNYCODE.sub(lambda found: _label(found[0]), plain(other))
    return (pattern,) if other == plain(pattern) else (pattern, other)


def inside(address: str) -> str | None:
    """The address that the page at `address` shows in its stead; None: it shows no other."""
    address = address.strip()
    bare = _PREFIX.sub("", address, count=1)
    if bare != address:
        return bare
    if reading := _READING.match(address):
        return plain(decoded(reading[1]))
    if viewer := _EXTENSION.match(address):
        named = _FULL.search(plain(decoded(address[viewer.end() :][:LONGEST])))
        return named[0] if named else None
    raw = _authority(address).rpartition("@")[2].partition(":")[0].rstrip(".")
    if raw.endswith(_TRANSLATED):  # a dot is written "-" there, a dash "--"
        name = raw.removesuffix(_TRANSLATED).replace("--", "\0").replace("-", ".").replace("\0", "-")
        rest = _WEB.fullmatch(address)
        return f"https://{name}{rest[4] if rest else ''}"
    if not _ARCHIVES.fullmatch(raw):
        return None
    rest = _WEB.fullmatch(address)
    path = plain(decoded((rest[4] if rest else address.partition("/")[2])[:LONGEST]))
    if named := _FULL.search(path):
        return named[0]
    host_only = _HOST_IN.search(path)
    return f"https://{host_only[0]}" if host_only else None


def of_tools(title: str) -> str | None:
    """The address that a window of a browser's developer tools inspects, by its `plain` title."""
    found = _TOOLS.match(title)
    if found is None:
        return None
    return found[2] or (found[1] if "://" in found[1] else f"https://{found[1]}")


def unicode_host(name: str) -> str:
    """A host (or a glob of hosts), `plain`, every label of it in letters, not Punycode, with usual dots."""
    if not name.isascii():
        name = plain(normalize("NFKC", name)).replace("。", ".")
    return ".".join(_label(label) for label in name.split(".")) if "xn--" in name else name


def decoded(text: str) -> str:
    """`text` with what is percent-encoded put into letters: UTF-8, else Latin-1."""
    return _ENCODED.sub(lambda found: _text(found[0]), text) if "%" in text else text


def _authority(address: str) -> str:
    if found := _WEB.match(address):
        return found[3]
    bare = _BARE.match(address)
    return bare[1] if bare else ""


def _named(authority: str) -> str | None:
    place = authority.rpartition("@")[2]
    if place.startswith("["):
        return place.partition("]")[0][1:] or None
    return unicode_host(plain(decoded(place.partition(":")[0]))).rstrip(".") or None


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return plain(label[4:].encode("ascii").decode("punycode")) or label
    except (UnicodeError, ValueError, OverflowError):  # nobody registered that
        return label


def _text(encoded: str) -> str:
    raw = bytes.fromhex(encoded.replace("%", ""))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _literal(text: str) -> str:
    """`text` as a glob that fits just that."""
    return re.sub(r"[*?\[]", r"[\g<0>]", text)
