"""The file and project that a window title names, in the shapes that real programs give it.

thesis_ch3.md - Mousepad                 *report.odt — LibreOffice Writer
main.py - gumption - Visual Studio Code  gumption – main.py               (JetBrains)
main.py (~/src/x) - VIM                  ~/src/x/main.py (x) - Sublime Text
"""

import re
from collections.abc import Sequence

from gum.extract.draft import OWN, claim, kept
from gum.types import Draft, Observation

_KINDS = (
    "md txt rst tex bib adoc org typ odt ods odp odg fodt doc docx rtf xls xlsx xlsm ppt pptx csv tsv "
    "ipynb qmd rmd "
    "py pyi js mjs ts tsx jsx java kt kts c h cc cpp cxx hpp rs go rb php swift scala r jl m mm sql sh "
    "bash zsh fish "
    "html css scss vue svelte dart lua hs ml mli ex exs erl clj nb f90 vhd v sv ino gd cs fs asm zig nim pl "
    "json yaml yml toml xml svg xcf kra psd ai indd blend kdenlive drawio fig sketch fcstd scad dwg dxf "
    "key pages "
    "numbers gpx als flp mscz ly srt po"
)
_FILE = re.compile(
    rf"^[*•●◦+\s]*(?:\[\+\]\s*)?(?P<path>(?:[^\s/\\]*[/\\])*)"
    rf"(?P<file>[\w(][\w .()+&@',\-]{{0,90}}\.(?:{'|'.join(_KINDS.split())}))(?P<rest>(?:\W.*)?)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s+[-–—•|·:]\s+|\s*—\s*|:\s+(?=\S+$)")
_PROGRAM = re.compile(
    r"^(?:.*\b(?:mousepad|gedit|pluma|xed|text editor|kate|kwrite|leafpad|featherpad|geany|libreoffice\b.*"
    r"|writer"
    r"|calc|impress|word|excel|powerpoint|onlyoffice.*|abiword|visual studio code.*|vscodium|code - oss"
    r"|cursor|zed"
    r"|sublime text.*|g?n?vim\d?|vi|nano.*|emacs.*|helix|hx|micro|pycharm.*|intellij.*|webstorm.*|clion.*"
    r"|goland.*"
    r"|rider.*|android studio.*|eclipse.*|netbeans.*|qt creator|texstudio|texmaker|lyx|kile|typora"
    r"|obsidian.*|zettlr"
    r"|ghostwriter|marktext|jupyter.*|spyder.*|rstudio|gimp.*|inkscape|krita|blender.*|freecad.*|logseq"
    r"|scribus"
    r"|notepad\+*|rnote|xournal\+\+)\b.*)$",
    re.IGNORECASE,
)
_NOT_WORK = re.compile(  # programs in which a file's name does not mean that one works on it
    r"chrom|firefox|brave|edge|opera|vivaldi|safari|epiphany|browser|falkon|midori|thunderbird|evolution"
    r"|geary|mail"
    r"|nautilus|thunar|dolphin|nemo|caja|pcmanfm|file-?manager|org\.gnome\.files|slack|discord|teams"
    r"|telegram|signal"
    r"|element|whatsapp|vlc|mpv|eog|loupe|gwenview|evince|okular|zathura|xreader|atril|qpdfview"
    r"|xdg-desktop-portal",
    re.IGNORECASE,
)
_DIALOG = re.compile(
    r"^(?:open(?: file| folder| document)?|save(?: as| changes.*| file)?|print|export|import|confirm.*"
    r"|replace"
    r"|rename|properties|delete|close|file (?:open|save)|overwrite.*|choose.*|select.*|speichern.*"
    r"|öffnen.*|drucken"
    r"|enregistrer.*|ouvrir.*|imprimer|guardar.*|abrir.*|salva.*|apri.*|opslaan.*|openen.*|保存.*|開く|打开.*)\b"
    r"(?!.*\.\w+ [-–—])",
    re.IGNORECASE,
)
_UNTITLED = re.compile(
    r"^\W*(?:untitled|unnamed|unbenannt|sans (?:titre|nom)|sin título|sem título|senza (?:titolo|nome)"
    r"|naamloos"
    r"|new (?:file|document)|document ?\d+|無題|未命名)",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"^\(?(?P<path>[~/][^()\[\]]*?)/*\)?$")


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """working_on drafts, one for every window with a file of work in its title."""
    return [d for o in observations for d in _of(o)]


def _of(observation: Observation) -> list[Draft]:
    title = observation.title.strip()
    if observation.trust not in OWN or not title or len(title) > 300:
        return []
    if _NOT_WORK.search(observation.app) or _DIALOG.match(title) or _UNTITLED.match(title):
        return []
    parts = [p for p in _SPLIT.split(title) if p.strip()]
    if parts and _NOT_WORK.search(parts[-1]) and len(parts) > 1:
        return []
    known = len(parts) > 1 and any(_PROGRAM.match(p) for p in parts[1:])
    for i, part in enumerate(parts):
        match = _FILE.match(part)
        if match is None or _UNTITLED.match(match["file"]):
            continue
        slots = {"thing": match["file"], "project": _project(parts, i, match)}
        return kept(
            claim(
                "working_on",
                slots,
                [(observation, observation.title)],
                0.65 if known else 0.5,
                "the title of a window names this file",
            )
        )
    return []


def _project(parts: list[str], at: int, match: re.Match[str]) -> str:
    """The project beside a file: the folder in brackets, or the part of the title that is no program."""
    rest = match["rest"].strip(" +*●•[]")
    if folder := _FOLDER.match(rest):
        return _last(folder["path"])
    bracket = re.match(r"^[(\[](?P<name>[^()\[\]]{1,60})[)\]]$", match["rest"].strip())
    if bracket and any(_PROGRAM.match(p) for p in parts):
        return "" if " " in bracket["name"] else _last(bracket["name"])
    if match["path"].strip("/\\~."):
        return _last(match["path"])
    others = [p for i, p in enumerate(parts) if i != at and not _PROGRAM.match(p)]
    if len(parts) == 2 and at == 0 and others:
        return ""  # "main.py - SomeEditor": an unknown program, not a project
    if at == 1 and not any(_PROGRAM.match(p) for p in parts):
        return others[0] if len(parts) == 2 and others else ""  # JetBrains: "project – file"
    return _last(others[0]) if others and len(others[0]) <= 60 else ""


def _last(path: str) -> str:
    """The last folder of a path; home and root are no projects, nor are the usual drawers."""
    pieces = [p for p in re.split(r"[/\\]", path.strip()) if p not in ("", "~", ".")]
    name = pieces[-1] if pieces else ""
    drawers = ("documents", "downloads", "desktop", "dokumente", "bureau", "escritorio", "home", "tmp", "src")
    return "" if name.lower() in drawers or (len(pieces) == 2 and pieces[0] == "home") else name
