"""Every error a person may meet, as one tree. A title says what happened, a hint what to do.

GumptionError
+-- CaptureUnavailable          the screen, the window system or the pointer cannot be read
|   +-- AccessibilityUnavailable    the accessibility bus does not answer
+-- ModelUnavailable            a model cannot be loaded or does not answer
|   +-- ModelFileMissing            its files are not there yet
|   +-- ModelFileCorrupt            its files are not what the manifest says
|   +-- AnswerUnusable              it answered something that cannot be used
+-- StoreUnavailable            the database cannot be used
|   +-- StoreCorrupt                it is damaged
|   +-- StoreTooNew                 a newer Gumption wrote it
|   +-- StoreFull                   the disk is full
|   +-- StoreReadOnly               the folder cannot be written
|   +-- StoreLocked                 the key is missing or wrong
+-- IndexUnavailable            the vector index is torn; it is rebuilt, nothing is lost
+-- NotAllowed                  a rule or the person said no
|   +-- KeyReused                   an Idempotency-Key came with another request than before
+-- ActionFailed                a step did not have the effect that was promised
+-- AlreadyRunning              another instance holds the lock
+-- PortTaken                   the port is in use by somebody else
+-- DaemonUnreachable           the daemon does not answer
+-- SettingsInvalid             the settings file cannot be understood
+-- ImportRefused               an export cannot be taken in
+-- NotFound                    no such thing
+-- RuleUnusable                a privacy rule that could never hold, or not as it was meant
"""


class GumptionError(Exception):
    """The world is at fault, not the code: shown to the person as title and hint, without a traceback."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint


class CaptureUnavailable(GumptionError):
    """The screen, the window system or the pointer cannot be read."""


class AccessibilityUnavailable(CaptureUnavailable):
    """The accessibility bus does not answer."""


class ModelUnavailable(GumptionError):
    """A model cannot be loaded or does not answer."""


class ModelFileMissing(ModelUnavailable):
    """A model's files are not there yet."""


class ModelFileCorrupt(ModelUnavailable):
    """A model's files are not what the manifest says."""


class AnswerUnusable(ModelUnavailable):
    """A model answered something that cannot be used."""


class StoreUnavailable(GumptionError):
    """The database cannot be used."""


class StoreCorrupt(StoreUnavailable):
    """The database is damaged."""


class StoreTooNew(StoreUnavailable):
    """A newer Gumption wrote the database."""


class StoreFull(StoreUnavailable):
    """The disk is full."""


class StoreReadOnly(StoreUnavailable):
    """The folder cannot be written."""


class StoreLocked(StoreUnavailable):
    """The database's key is missing or wrong."""


class IndexUnavailable(GumptionError):
    """The vector index is torn; it is rebuilt from the database, nothing is lost."""


class NotAllowed(GumptionError):
    """A rule or the person said no."""


class KeyReused(NotAllowed):
    """An Idempotency-Key came with another request than before."""


class ActionFailed(GumptionError):
    """A step did not have the effect that was promised."""


class AlreadyRunning(GumptionError):
    """Another instance holds the lock."""


class PortTaken(GumptionError):
    """The port is in use by somebody else."""


class DaemonUnreachable(GumptionError):
    """The daemon does not answer."""


class SettingsInvalid(GumptionError):
    """The settings file cannot be understood."""


class ImportRefused(GumptionError):
    """An export cannot be taken in."""


class NotFound(GumptionError):
    """There is no such thing."""


class RuleUnusable(GumptionError):
    """A privacy rule that could never hold, or not as it was meant."""


class RequestUnusable(GumptionError):
    """A request that can be read, and makes no sense."""
