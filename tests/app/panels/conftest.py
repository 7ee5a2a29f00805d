"""The panels' tests need no screen (`gui` sets Qt's offscreen platform)."""

from tests.app.tray.gui import client, daemon, dressed, paths, qapp_cls

__all__ = ["client", "daemon", "dressed", "paths", "qapp_cls"]
