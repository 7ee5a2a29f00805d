"""Win32 itself: what `windows_uia` asks of user32, kernel32 and dwmapi. UNTESTED; empty on other systems."""

import ctypes
import sys

from gum.types import Region
from observers.backends.windows_uia import Facts

if sys.platform == "win32":
    from ctypes import wintypes

    class _LastInput(ctypes.Structure):
        _fields_ = (("cbSize", wintypes.UINT), ("dwTime", wintypes.DWORD))

    class _Monitor(ctypes.Structure):
        _fields_ = (
            ("cbSize", wintypes.DWORD),
            ("rcMonitor", wintypes.RECT),
            ("rcWork", wintypes.RECT),
            ("dwFlags", wintypes.DWORD),
            ("szDevice", wintypes.WCHAR * 32),
        )

    class Win32:
        """A `Native` over user32, kernel32 and dwmapi."""

        def __init__(self) -> None:
            self._user = ctypes.WinDLL("user32", use_last_error=True)
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._dwm = ctypes.WinDLL("dwmapi")
            # Handles are pointers: ctypes would cut them to 32 bits.
            for function in (self._user.GetForegroundWindow, self._user.MonitorFromWindow):
                function.restype = ctypes.c_void_p
            self._user.OpenInputDesktop.restype = ctypes.c_void_p
            self._kernel.OpenProcess.restype = ctypes.c_void_p

        def front(self) -> int:
            return int(self._user.GetForegroundWindow() or 0)

        def stack(self) -> list[Facts]:
            found: list[int] = []
            kind = ctypes.WINFUNCTYPE(wintypes.BOOL, ctypes.c_void_p, ctypes.c_void_p)

            def note(handle: int, _: int) -> bool:
                found.append(handle)
                return True

            self._user.EnumWindows(kind(note), None)
            return [self._facts(handle) for handle in found if self._shown(handle)]

        def idle_s(self) -> float:
            last = _LastInput(ctypes.sizeof(_LastInput), 0)
            if not self._user.GetLastInputInfo(ctypes.byref(last)):
                return 0.0
            return float((self._kernel.GetTickCount() - last.dwTime) & 0xFFFFFFFF) / 1000

        def locked(self) -> bool:
            """The desktop that takes the keys may not be opened while the lock screen has them."""
            desktop = self._user.OpenInputDesktop(0, False, 0x0100)  # DESKTOP_SWITCHDESKTOP
            if not desktop:
                return True
            self._user.CloseDesktop(ctypes.c_void_p(desktop))
            return False

        def _shown(self, handle: int) -> bool:
            window, cloaked = ctypes.c_void_p(handle), wintypes.DWORD()
            self._dwm.DwmGetWindowAttribute(window, 14, ctypes.byref(cloaked), 4)  # DWMWA_CLOAKED
            return bool(self._user.IsWindowVisible(window)) and not cloaked.value

        def _facts(self, handle: int) -> Facts:
            window, pid, affinity = ctypes.c_void_p(handle), wintypes.DWORD(), wintypes.DWORD()
            title = ctypes.create_unicode_buffer(self._user.GetWindowTextLengthW(window) + 1)
            self._user.GetWindowTextW(window, title, len(title))
            name = ctypes.create_unicode_buffer(256)
            self._user.GetClassNameW(window, name, len(name))
            self._user.GetWindowThreadProcessId(window, ctypes.byref(pid))
            box = wintypes.RECT()
            self._dwm.DwmGetWindowAttribute(window, 9, ctypes.byref(box), ctypes.sizeof(box))  # frame bounds
            asks = self._user.GetWindowDisplayAffinity(window, ctypes.byref(affinity))
            monitor = _Monitor(cbSize=ctypes.sizeof(_Monitor))
            near = self._user.MonitorFromWindow(window, 2)  # MONITOR_DEFAULTTONEAREST
            self._user.GetMonitorInfoW(ctypes.c_void_p(near), ctypes.byref(monitor))
            return Facts(
                handle=handle,
                title=title.value,
                pid=pid.value,
                executable=self._executable(pid.value),
                class_name=name.value,
                region=_box(box),
                monitor=monitor.szDevice,
                monitor_region=_box(monitor.rcMonitor),
                affinity=affinity.value if asks else -1,
            )

        def _executable(self, pid: int) -> str:
            process = self._kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
            if not process:
                return ""
            path, size = ctypes.create_unicode_buffer(32768), wintypes.DWORD(32768)
            handle = ctypes.c_void_p(process)
            done = self._kernel.QueryFullProcessImageNameW(handle, 0, path, ctypes.byref(size))
            self._kernel.CloseHandle(handle)
            return path.value if done else ""

    def _box(box: wintypes.RECT) -> Region | None:
        width, height = box.right - box.left, box.bottom - box.top
        return Region(box.left, box.top, width, height) if width > 0 and height > 0 else None
