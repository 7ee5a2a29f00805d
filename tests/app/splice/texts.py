"""Configuration files as people write them: any layout, comments, trailing commas, either line end."""

import json

from hypothesis import strategies as st

OUTER, INNER = "mcpServers", "gumption"
PATH = (OUTER, INNER)
ENTRY = {"command": "/opt/gümption/bin/gumption", "args": ["mcp", "--as", "claude-desktop"]}

_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=8), st.floats(-1e6, 1e6)
)
_NAMES = st.text(max_size=6).filter(lambda name: name not in PATH)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)
SERVERS = st.dictionaries(_NAMES, VALUES, max_size=3)


@st.composite
def jsonc(draw: st.DrawFn, comments: bool = True) -> str:
    """A settings file with or without a list of servers, and without our entry in it."""
    whole: dict[str, object] = draw(st.dictionaries(_NAMES, VALUES, max_size=3))
    if draw(st.booleans()):
        items = list(whole.items())
        items.insert(draw(st.integers(0, len(items))), (OUTER, draw(SERVERS)))
        whole = dict(items)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    gaps = ["", "", " ", "  ", newline, f"{newline}  ", f"{newline}\t", f"{newline}{newline}    "]
    if comments:
        gaps += ["/* { , } */", f'// "x": {{{newline}', f" /* a{newline}b */ ", f"  // end{newline}  "]
    trailing = comments and draw(st.booleans())

    def gap() -> str:
        return draw(st.sampled_from(gaps))

    def shown(value: object) -> str:
        if isinstance(value, dict):
            pairs = [f"{gap()}{json.dumps(k)}{gap()}:{gap()}{shown(v)}{gap()}" for k, v in value.items()]
            return f"{{{','.join(pairs)}{',' if trailing and pairs else ''}{gap()}}}"
        if isinstance(value, list):
            return f"[{','.join(f'{gap()}{shown(v)}{gap()}' for v in value)}{gap()}]"
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    return f"{draw(st.sampled_from(['', chr(0xFEFF)]))}{gap()}{shown(whole)}{gap()}"
