"""The daemon as the command line sees it: HTTP with the token of the data folder."""

import json
import logging
from typing import Any, cast

import httpx

from app.paths import Paths
from gum.errors import DaemonUnreachable, GumptionError, NotAllowed

log = logging.getLogger(__name__)

Json = dict[str, Any]
"""A JSON object as it came; the shapes are those of the OpenAPI document at /openapi.json."""


class Client:
    """Speaks to the daemon of one data folder. Calls raise DaemonUnreachable or what the daemon said."""

    def __init__(self, paths: Paths, timeout_s: float = 30.0) -> None:
        self._paths = paths
        self._timeout_s = timeout_s

    def get(self, path: str, query: dict[str, str] | None = None) -> Json:
        return self._call("GET", path, query=query)

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._call("POST", path, body=body or {})

    def patch(self, path: str, body: Json) -> Json:
        return self._call("PATCH", path, body=body)

    def delete(self, path: str) -> Json:
        return self._call("DELETE", path)

    def address(self) -> str:
        """`http://127.0.0.1:PORT` of the daemon that was last started. Raises DaemonUnreachable."""
        try:
            told = json.loads(self._paths.daemon_file.read_text())
            return f"http://127.0.0.1:{int(told['port'])}"
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DaemonUnreachable(
                "Gumption is not running", "Start it with `gumption` or `gumption daemon`."
            ) from error

    def token(self) -> str:
        """The token of this data folder. Raises DaemonUnreachable."""
        try:
            return self._paths.token_file.read_text().strip()
        except OSError as error:
            raise DaemonUnreachable(
                "The token file cannot be read", f"{self._paths.token_file}: {error.strerror}."
            ) from error

    def _call(
        self, method: str, path: str, query: dict[str, str] | None = None, body: Json | None = None
    ) -> Json:
        try:
            answer = httpx.request(
                method,
                self.address() + path,
                params=query,
                json=body,
                headers={"Authorization": f"Bearer {self.token()}"},
                timeout=self._timeout_s,
                trust_env=False,  # a proxy must never see what goes to 127.0.0.1
            )
        except httpx.HTTPError as error:
            raise DaemonUnreachable(
                "Gumption does not answer", "Start it with `gumption` or `gumption daemon`."
            ) from error
        except (ValueError, httpx.InvalidURL) as error:  # bytes that are no UTF-8, control signs, NaN
            raise NotAllowed(
                "This cannot be asked",
                "It holds signs that are no text, or a number that is none. Nothing was done.",
            ) from error
        try:
            told = answer.json()
        except ValueError as error:
            raise DaemonUnreachable(
                "Something else answers on Gumption's port", "Run `gumption doctor`."
            ) from error
        if answer.is_success:
            return cast(Json, told)
        if answer.status_code in (401, 403):
            raise NotAllowed(str(told.get("title", "Not allowed")), str(told.get("hint", "")))
        raise GumptionError(str(told.get("title", answer.reason_phrase)), str(told.get("hint", "")))
