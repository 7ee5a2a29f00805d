"""Where the store's key is, as `gumption doctor` sees it. No keyring is asked for it: that may ask back."""

from app.doctor import Check, Patient, State
from gum.errors import StoreReadOnly
from storage import keys

NAME = "key"


def key(patient: Patient) -> Check:
    """Where the key is, whether the store is plain, and whether a change of the key was interrupted."""
    paths, settings = patient.paths, patient.settings.store
    note = paths.config / keys.NAME
    if not settings.encrypt:
        what = "none: the database is not encrypted, as set; whoever can read its file can read everything"
        mend = f"Take encrypt = false out of {paths.settings_file} (or the environment)\ngumption key encrypt"
        return Check(NAME, State.WARN, what, mend)
    if (paths.config / keys.NEXT).exists():
        what = "a change of the key was interrupted; the next start completes it or takes it back"
        return Check(NAME, State.WARN, what, "gumption")
    try:
        kind = keys.holder(paths.config)
    except StoreReadOnly as error:
        return Check(NAME, State.FAIL, error.title, error.hint)
    if not kind and note.exists():
        return Check(NAME, State.FAIL, f"{note} tells of no key", "Put it back from a backup.")
    what = {
        "passphrase": "wrapped by your passphrase",
        "keyring": "in the desktop's keyring",
        "file": f"in a file that only you can read, {note}",
        "": "none yet; it is made at the first start",
    }[kind]
    if settings.lock_after_min and not patient.environment.get("DISPLAY"):
        what += f"; it cannot be told here when {settings.lock_after_min:g} min without input are over"
        return Check(NAME, State.WARN, what, "Start Gumption inside a graphical (X11) session.")
    mend = "To have it opened by a passphrase instead:\ngumption key passphrase" if kind == "file" else ""
    return Check(NAME, State.OK, what, mend)
