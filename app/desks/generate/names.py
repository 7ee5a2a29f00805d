"""Ways to name a thing: what a statement may call a file, a product, a heading."""


def forms(*texts: str) -> tuple[str, ...]:
    """Texts as they stand, and files also without their ending; each once."""
    found = []
    for text in texts:
        found.append(text)
        stem, dot, ending = text.rpartition(".")
        if dot and len(ending) <= 4 and ending.isalnum() and ending[0].isalpha() and len(stem) > 1:
            found.append(stem)
    return tuple(dict.fromkeys(found))


def headed(text: str) -> str:
    """As a heading or a subject: with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def core(name: str) -> tuple[str, ...]:
    """A product as shops list it and as people speak of it: without sizes and what follows a comma."""
    head = name.split(",")[0].split("、")[0]
    parts = head.split(" ")
    size = next((i for i, part in enumerate(parts) if any(c.isdigit() for c in part)), len(parts))
    bare = " ".join(parts[:size])
    return tuple(dict.fromkeys(one for one in (name, head, bare) if len(one) > 1))
