"""Windows that say of themselves whatever a case wants, program, title, kind, and show what is planted.

They are real X11 windows of one connection, without a toolkit, and tell nothing over accessibility: what is
in them can be had by their pixels alone. What they show is their background, so the server paints it.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from Xlib import X, Xatom, Xutil
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import randr, shape
from Xlib.protocol import event, rq

from tests.desktop.plants import Colour, Plant

Place = tuple[int, int, int, int]  # left, top, width, height
PLACE: Place = (60, 80, 520, 220)
PATIENCE_S = 10.0
_FONT = "DejaVuSans.ttf"
_BARE = (250, 250, 250)


def painted(size: tuple[int, int], plant: Plant | None, line: str = "") -> Image.Image:
    """A page with the plant's words on a strip of its colour, and a line of ordinary words below."""
    picture = Image.new("RGB", size, _BARE)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(_FONT, 22)
    if plant is not None:
        ground: Colour = plant.colour or _BARE
        draw.rectangle((0, 0, size[0], min(size[1], 120)), fill=ground)
        dark = sum(ground) < 380
        draw.text((14, 40), plant.shown, fill=(255, 255, 255) if dark else (0, 0, 0), font=font)
    if line:
        draw.text((14, 140), line, fill=(0, 0, 0), font=font)
    return picture


class Shown:
    """One window. `app` and `title` may be None: it does not say."""

    def __init__(
        self,
        screen: "Screen",
        app: str | None,
        title: str | None,
        plant: Plant | None = None,
        place: Place = PLACE,
        kind: str = "NORMAL",
        over: "Shown | None" = None,
        states: tuple[str, ...] = (),
        popup: bool = False,
        line: str = "",
    ) -> None:
        """`kind` as in _NET_WM_WINDOW_TYPE; a `popup` is shown past the window manager, as menus are."""
        self._x = screen.x
        self._size = place[2], place[3]
        self._pixmaps: list[Any] = []
        root = self._x.screen().root
        self.window = root.create_window(
            *place, 0, X.CopyFromParent, override_redirect=int(popup), background_pixel=0xFFFFFF
        )
        self.id = int(self.window.id)
        if app is not None:
            self.window.set_wm_class(app, app)
        if title is not None:
            self.title(title)
        self.window.set_wm_hints(flags=Xutil.InputHint, input=int(not popup))
        self.window.set_wm_normal_hints(flags=Xutil.USPosition | Xutil.USSize, x=place[0], y=place[1])
        self._atoms("_NET_WM_WINDOW_TYPE", [f"_NET_WM_WINDOW_TYPE_{kind}"])
        if states:
            self._atoms("_NET_WM_STATE", [f"_NET_WM_STATE_{state}" for state in states])
        if over is not None:
            self.window.set_wm_transient_for(over.window)
        self.draw(plant, line)
        self.window.map()
        self._x.sync()
        if not popup:
            until(lambda: self.id in screen.listed(), f"a window of {app} is not there")

    def title(self, text: str) -> None:
        """Calls itself otherwise."""
        utf8, name = self._x.intern_atom("UTF8_STRING"), self._x.intern_atom("_NET_WM_NAME")
        self.window.change_property(name, utf8, 8, text.encode())
        self.window.change_property(Xatom.WM_NAME, utf8, 8, text.encode())
        self._x.flush()

    def draw(self, plant: Plant | None, line: str = "") -> None:
        """Shows something else, at once."""
        root = self._x.screen().root
        pixmap = root.create_pixmap(*self._size, self._x.screen().root_depth)
        context = pixmap.create_gc()
        pixmap.put_pil_image(context, 0, 0, painted(self._size, plant, line))
        self.window.change_attributes(background_pixmap=pixmap)
        self.window.clear_area()
        context.free()
        pixmap.free()  # the window keeps it for as long as it is its background
        self._x.sync()

    def cut(self, parts: list[Place]) -> None:
        """Leaves these parts of it (left, top, width, height) and takes away what lies between."""
        self.window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, parts)
        self._x.sync()

    def move(self, left: int, top: int) -> None:
        self.window.configure(x=left, y=top)
        self._x.flush()

    def raise_(self) -> None:
        """To the top, without the keys."""
        self.window.configure(stack_mode=X.Above)
        self._x.sync()

    def lower(self) -> None:
        self.window.configure(stack_mode=X.Below)
        self._x.sync()

    def hide(self) -> None:
        self.window.unmap()
        self._x.sync()

    def show(self) -> None:
        self.window.map()
        self._x.sync()

    def close(self) -> None:
        self.window.destroy()
        self._x.sync()

    def _atoms(self, name: str, values: list[str]) -> None:
        atoms = [self._x.intern_atom(value) for value in values]
        self.window.change_property(self._x.intern_atom(name), Xatom.ATOM, 32, atoms)


class _SetMonitor(rq.Request):  # type: ignore[misc]
    """RRSetMonitor; python-xlib's own cannot be packed. https://www.x.org/releases/current/doc/randrproto"""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card32("name"),
        rq.Card8("primary"),
        rq.Card8("automatic"),
        rq.LengthOf("outputs", 2),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("width_mm"),
        rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )


class Screen:
    """A connection to a display, and the windows that were opened over it."""

    def __init__(self, display: str) -> None:
        self.x = Display(display)
        self.x.set_error_handler(lambda *_: None)  # a window may be gone when it is told to move
        self._open: list[Shown] = []

    def __enter__(self) -> "Screen":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.x.close()

    def show(self, app: str | None, title: str | None, plant: Plant | None = None, **more: Any) -> Shown:
        """Opens a window (`Shown` says what it takes)."""
        made = Shown(self, app, title, plant, **more)
        self._open.append(made)
        return made

    def clear(self) -> None:
        """Closes all that were opened."""
        for one in self._open:
            one.window.destroy()
        self._open.clear()
        self.x.sync()

    def listed(self) -> list[int]:
        """Ids of the windows that the window manager has."""
        return self._ids("_NET_CLIENT_LIST")

    def active(self) -> int | None:
        """The window that has the keys."""
        return next(iter(self._ids("_NET_ACTIVE_WINDOW")), None)

    def activate(self, window: int) -> None:
        """Raises a window and gives it the keys."""
        opened, root = self.x.create_resource_object("window", window), self.x.screen().root
        ask = event.ClientMessage(
            window=opened,
            client_type=self.x.intern_atom("_NET_ACTIVE_WINDOW"),
            data=(32, [2, X.CurrentTime, 0, 0, 0]),  # 2: asked for by the person
        )
        root.send_event(ask, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.x.sync()
        until(lambda: self.active() == window, "a window does not come to the front")

    def raise_(self, window: int) -> None:
        """To the top, without the keys, also a window of somebody else."""
        self.x.create_resource_object("window", window).configure(stack_mode=X.Above)
        self.x.sync()

    def saver(self, on: bool) -> None:
        """Switches the screen saver."""
        self.x.force_screen_saver(X.ScreenSaverActive if on else X.ScreenSaverReset)
        self.x.sync()

    def monitors(self, places: dict[str, Place]) -> None:
        """Makes monitors of parts of the screen; the first takes the place of the one there is."""
        root = self.x.screen().root
        outputs = list(root.xrandr_get_screen_resources().outputs)
        for name, (left, top, width, height) in places.items():
            _SetMonitor(
                display=self.x.display,
                opcode=self.x.display.get_extension_major(randr.extname),
                window=root,
                name=self.x.intern_atom(name),
                primary=0,
                automatic=0,
                outputs=outputs,
                x=left,
                y=top,
                width=width,
                height=height,
                width_mm=width // 4,
                height_mm=height // 4,
            )
            outputs = []
        self.x.sync()

    def _ids(self, name: str) -> list[int]:
        root = self.x.screen().root
        try:
            found = root.get_property(self.x.intern_atom(name), X.AnyPropertyType, 0, 4096)
        except XError:
            return []
        return [] if found is None else [int(value) for value in found.value]


def until(happens: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_S) -> None:
    """Returns when something has become true. Raises AssertionError, saying `otherwise`."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)
