"""The one place where the model libraries' exceptions become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from gum.errors import ModelUnavailable


@contextmanager
def translated(title: str, hint: str = "Run `gumption models check`.") -> Iterator[None]:
    """Turns what model libraries raise for a faulty world into ModelUnavailable.

    A missing or broken library, a file it cannot read, too little memory: these are the world's.
    TypeError and the like are ours, and pass.
    """
    try:
        yield
    except ImportError as error:
        raise ModelUnavailable(title, f"The library {error.name} is missing or broken. {hint}") from error
    except MemoryError as error:
        raise ModelUnavailable(title, "There is too little memory; close something.") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelUnavailable(title, f"{_first_line(error)}. {hint}") from error
    except Exception as error:
        # onnxruntime's and RapidOCR's exceptions have no common root of their own but Exception.
        if type(error).__module__.split(".")[0] in ("onnxruntime", "rapidocr"):
            raise ModelUnavailable(title, f"{_first_line(error)}. {hint}") from error
        raise


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else type(error).__name__
