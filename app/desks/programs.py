"""The real programs of a played desk: how each is set up, started, and which window is then its own.

LibreOffice Writer is the office program because its text is seen: measured on a virtual desktop, its
paragraphs are in the accessible tree as they are typed; AbiWord's are not, and since its status bar is, its
pixels are not looked at either. 293 MB installed without recommended packages, AbiWord 64 MB.
"""

import json
import math
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from glob import escape
from html import escape as marked_up
from pathlib import Path

from app.desks.manner import Manner
from app.desks.shell import Shell
from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable

APT_LINE = "sudo apt-get install -y --no-install-recommends libreoffice-writer libreoffice-gtk3 pcmanfm"
_ZOOM_BASE = 1.2  # Chromium keeps the logarithm of a zoom to this base
_APART = ("--opening-mode", "window")  # a running editor would open a tab
_DARK, _LIGHT = ("gray12", "gray90"), ("white", "black")  # background and text of a terminal

# Tips of the day, a question at every save in another format, and words that Return would complete.
_OFFICE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document"><prop oor:name="WarnAlienFormat" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/AutoFunction/Completion"><prop oor:name="Enable" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse">
<value>7.4</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class Launch:
    """A command line, where it is run, and a glob for the title of the window that it opens."""

    argv: tuple[str, ...]
    title: str
    cwd: Path | None = None


def installed(name: str) -> str:
    """The full path of a program. Raises CaptureUnavailable."""
    found = shutil.which(name)
    if found is None:
        raise CaptureUnavailable(
            f"{name} is not installed", f"Install what desks are played with: {APT_LINE}"
        )
    return found


def editor(file: Path | None) -> Launch:
    """A window of the editor; None: one without a file."""
    if file is None:
        return Launch((installed("mousepad"), *_APART), "Untitled *")
    return Launch((installed("mousepad"), *_APART, str(file)), f"*{escape(file.name)} - Mousepad")


def office(file: Path | None) -> Launch:
    """A window of the office program; None: a new document."""
    argv = (installed("soffice"), "--writer", "--norestore", "--nologo", "--nofirststartwizard")
    if file is None:
        return Launch(argv, "Untitled * - LibreOffice Writer")
    return Launch((*argv, str(file)), f"{escape(file.name)} - LibreOffice Writer")


def files(folder: Path) -> Launch:
    """A window of the file manager."""
    return Launch((installed("pcmanfm"), str(folder)), escape(folder.name))


def terminal(manner: Manner, shell: Shell, user: str, folder: Path) -> Launch:
    """A terminal whose shell is in `folder`."""
    back, text = _DARK if manner.dark else _LIGHT
    look = ("-fa", "DejaVu Sans Mono", "-fs", str(max(10, manner.font)), "-bg", back, "-fg", text)
    run = ("-e", installed("bash"), "--rcfile", str(shell.start_file), "-i")
    return Launch((installed("xterm"), *look, *run), f"{user}@desk: *", folder)


def prepare(desktop: VirtualDesktop, manner: Manner) -> None:
    """Writes the settings of theme, fonts and zoom, for programs that are started after this."""
    config, home = Path(desktop.env["XDG_CONFIG_HOME"]), Path(desktop.env["HOME"])
    font = f"DejaVu Sans {manner.font}"
    _write(
        config / "gtk-3.0" / "settings.ini",
        f"[Settings]\ngtk-font-name={font}\ngtk-application-prefer-dark-theme={int(manner.dark)}\n",
    )
    _write(home / ".gtkrc-2.0", f'gtk-font-name="{font}"\n')
    _write(
        config / "glib-2.0" / "settings" / "keyfile",
        "[org/xfce/mousepad/preferences/view]\nuse-default-monospace-font=false\nword-wrap=true\n"
        f"font-name='DejaVu Sans Mono {manner.font}'\n",
    )
    desktop.env["GSETTINGS_BACKEND"] = "keyfile"
    _write(config / "libreoffice" / "4" / "user" / "registrymodifications.xcu", _OFFICE)
    level = math.log(manner.zoom) / math.log(_ZOOM_BASE)
    # The browser speaks English here, and would offer to translate the pages of everybody else.
    profile = {"partition": {"default_zoom_level": {"x": level}}, "translate": {"enabled": False}}
    _write(desktop.folder / "browser" / "Default" / "Preferences", json.dumps(profile))


def browser_options(manner: Manner) -> tuple[str, ...]:
    """What the browser is told of the theme."""
    return ("--force-dark-mode",) if manner.dark else ()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


# --- documents -----------------------------------------------------------------------------------------


def put(file: Path, text: str) -> None:
    """Makes a file that its program opens with `text` in it, a paragraph a line in an office document."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = text.split("\n")
    if file.suffix == ".odt":
        _pack(file, _odt(lines))
    elif file.suffix == ".docx":
        _pack(file, _docx(lines))
    else:
        file.write_text(text, encoding="utf-8")


def _pack(file: Path, parts: Iterable[tuple[str, str]]) -> None:
    with zipfile.ZipFile(file, "w") as pack:
        for name, text in parts:
            # The kind of an OpenDocument stands first and unpacked (OpenDocument 1.2 part 3, section 3.3).
            plain = name == "mimetype"
            pack.writestr(name, text, zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED)


def _odt(lines: Iterable[str]) -> list[tuple[str, str]]:
    kind = "application/vnd.oasis.opendocument.text"
    names = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<text:p>{marked_up(line)}</text:p>" for line in lines)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0"'
        f' xmlns:text="{names}:text:1.0" office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{names}:manifest:1.0"'
        f' manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return [("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)]


def _docx(lines: Iterable[str]) -> list[tuple[str, str]]:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    formats = "http://schemas.openxmlformats.org"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{marked_up(line)}</w:t></w:r></w:p>' for line in lines
    )
    return [
        (
            "[Content_Types].xml",
            f'{head}<Types xmlns="{formats}/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{word}"/></Types>',
        ),
        (
            "_rels/.rels",
            f'{head}<Relationships xmlns="{formats}/package/2006/relationships"><Relationship Id="r1"'
            f' Type="{formats}/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        ),
        (
            "word/document.xml",
            f'{head}<w:document xmlns:w="{formats}/wordprocessingml/2006/main"><w:body>{body}</w:body>'
            "</w:document>",
        ),
    ]
