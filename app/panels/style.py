"""Colours, distances and the one stylesheet. Light and dark follow the desktop, also while running.

Text and ground keep at least 4.5 : 1 (WCAG 2.2, 1.4.3); distances are multiples of 8 pixels (4 in rows).
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

GAP = 8
HALF = 4
MARGIN = 16


@dataclass(frozen=True, slots=True)
class Colours:
    window: str
    base: str
    text: str
    muted: str
    accent: str
    on_accent: str
    border: str
    hover: str
    chosen: str  # ground of a selected row; `text` is readable on it
    track: str  # the empty part of a bar
    danger: str
    on_danger: str
    warning: str  # ground of a banner
    mark: str  # ground of a highlighted quote


LIGHT = Colours(
    "#f4f6f8", "#ffffff", "#1b1f24", "#535c66", "#0b6e69", "#ffffff", "#c5ccd4", "#e9edf1",
    "#d7eeec", "#dde3e8", "#b3261e", "#ffffff", "#fff1d6", "#ffe08a",
)  # fmt: skip
DARK = Colours(
    "#1d2125", "#252a2f", "#e8eaed", "#a9b1ba", "#5cc9c0", "#06201e", "#454c54", "#2e343a",
    "#1f4442", "#3a4148", "#ff9e94", "#2b0602", "#463612", "#6b5310",
)  # fmt: skip


def colours() -> Colours:
    """Those in use now."""
    dark = QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if dark else LIGHT


class Style(QObject):
    """Dresses the application and keeps doing so when the desktop changes between light and dark."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow(application.styleHints().colorScheme())

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        dress(self._application, DARK if scheme == Qt.ColorScheme.Dark else LIGHT)


def dress(application: QApplication, chosen: Colours) -> None:
    """Puts `chosen` on every window."""
    application.setPalette(_palette(chosen))
    application.setStyleSheet(_sheet(chosen))


def font(scale: float = 1.0, bold: bool = False) -> QFont:
    """The desktop's own font, larger or smaller: a person who set large letters gets large letters."""
    made = QFont(QApplication.font())
    if made.pointSizeF() > 0:
        made.setPointSizeF(made.pointSizeF() * scale)
    else:
        made.setPixelSize(round(made.pixelSize() * scale))
    made.setBold(bold)
    return made


def _palette(c: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, c.window), (role.WindowText, c.text), (role.Base, c.base),
        (role.AlternateBase, c.window),
        (role.Text, c.text), (role.Button, c.base), (role.ButtonText, c.text), (role.BrightText, c.danger),
        (role.Highlight, c.chosen), (role.HighlightedText, c.text), (role.ToolTipBase, c.base),
        (role.ToolTipText, c.text), (role.PlaceholderText, c.muted), (role.Link, c.accent),
        (role.LinkVisited, c.accent), (role.Accent, c.accent), (role.Mid, c.border), (role.Light, c.hover),
    ):  # fmt: skip
        palette.setColor(where, QColor(colour))
    for where in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.muted))
    return palette


def _sheet(c: Colours) -> str:
    return f"""
    QPushButton {{ background: {c.base}; color: {c.text}; border: 1px solid {c.border}; border-radius: 6px;
        padding: 6px 14px; margin: 1px; }}
    QPushButton:hover {{ background: {c.hover}; }}
    QPushButton:pressed {{ background: {c.chosen}; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; margin: 0px; }}
    QPushButton:disabled {{ color: {c.muted}; background: {c.window}; border-style: dashed; }}
    QPushButton[role="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
        font-weight: 600; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {c.text}; }}
    QPushButton[role="primary"]:disabled {{ background: {c.window}; color: {c.muted};
        border-color: {c.border}; }}
    QPushButton[role="danger"] {{ color: {c.danger}; border-color: {c.danger}; }}
    QPushButton[role="danger"]:disabled {{ color: {c.muted}; border-color: {c.border}; }}
    QPushButton[role="quiet"] {{ background: transparent; border-color: transparent; }}
    QPushButton[role="quiet"]:hover {{ background: {c.hover}; }}
    QPushButton[role="quiet"]:focus {{ border-color: {c.accent}; }}
    QLineEdit, QPlainTextEdit {{ background: {c.base}; color: {c.text}; border: 1px solid {c.border};
        border-radius: 6px; padding: 5px 8px; margin: 1px; selection-background-color: {c.accent};
        selection-color: {c.on_accent}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent}; margin: 0px; }}
    QListView, QTreeView {{ background: {c.base}; border: 1px solid {c.border}; border-radius: 6px;
        margin: 1px; outline: 0; }}
    QListView:focus, QTreeView:focus {{ border: 2px solid {c.accent}; margin: 0px; }}
    QListWidget::item {{ padding: 6px; border-bottom: 1px solid {c.border}; }}
    QListWidget::item:hover {{ background: {c.hover}; color: {c.text}; }}
    QListWidget::item:selected {{ background: {c.chosen}; color: {c.text}; }}
    QTreeView::item {{ padding: 4px 6px; }}
    QTreeView::item:selected {{ background: {c.chosen}; color: {c.text}; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: transparent; color: {c.muted}; border: none;
        border-bottom: 1px solid {c.border}; padding: 6px 6px 6px 9px; }}
    QTabBar::tab {{ background: transparent; color: {c.muted}; border: none;
        border-bottom: 2px solid transparent; padding: 6px 12px; margin-right: 4px; }}
    QTabBar::tab:hover {{ background: {c.hover}; }}
    QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
    QTabBar::tab:focus {{ background: {c.chosen}; }}
    QToolTip {{ background: {c.base}; color: {c.text}; border: 1px solid {c.border}; padding: 4px; }}
    QFrame[role="banner"] {{ background: {c.warning}; border: 1px solid {c.border}; border-radius: 6px; }}
    QFrame[role="box"] {{ background: {c.base}; border: 1px solid {c.border}; border-radius: 8px; }}
    QFrame[role="card"] {{ background: {c.window}; border: 1px solid {c.accent}; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QSplitter::handle {{ background: transparent; }}
    """
