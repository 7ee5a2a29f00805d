"""The settings: one frozen model a folder, read once in `app.main` and passed on by constructor.

Order: environment (`GUMPTION_PIPELINE__BATCH_COUNT=3`), then `settings.toml`, then the defaults here.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from gum.errors import SettingsInvalid

HOUR_S = 3600.0
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.ASCII)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApiSettings(_Part):
    """The local API."""

    port: int = Field(0, ge=0, le=65535, description="port on 127.0.0.1; 0 takes a free one")


class PipelineSettings(_Part):
    """When observations become propositions."""

    batch_count: int = Field(5, ge=1, description="a batch closes at so many observations")
    batch_wait_s: float = Field(60.0, gt=0, description="or when its oldest has waited so long")
    recent_window_s: float = Field(2 * HOUR_S, gt=0, description="how far back a draft may look")
    lease_s: float = Field(120.0, gt=0, description="work not acknowledged by then is taken again")


class ModelSettings(_Part):
    """The model worker."""

    idle_s: float = Field(120.0, gt=0, description="models are unloaded after so long without work")
    call_timeout_s: float = Field(120.0, gt=0, description="a call that takes longer is given up")
    drafter: str = Field("structure", pattern="^(structure|llama|server)$", description="who drafts")
    server_url: str = Field("", description="an OpenAI-compatible server, e.g. http://127.0.0.1:11434/v1")
    server_model: str = Field("", description="the model to ask there")
    server_key: str = Field("", description="its key, if it wants one", repr=False)
    allow_remote: bool = Field(
        False,
        description="the server need not be on this machine; what goes there is audited, and names changed",
    )
    embedder_folder: str = Field("", description="a sentence-transformers folder to embed with (extra torch)")


class SuggestSettings(_Part):
    """Suggestions."""

    enabled: bool = Field(True, description="offer help at all")
    burn_in_h: float = Field(
        24.0, ge=0, description="hours of learning before the first offer (GUM section 8.1.3); 0: none"
    )
    questions_a_day: int = Field(3, ge=0, description="at most so many questions a day about what is open")
    ask_details: bool = Field(True, description="ask once, at the first start, for a few lines about you")
    daily_budget: int = Field(6, ge=0, description="at most so many are shown a day")
    gap_s: float = Field(60.0, ge=0, description="and not closer together than this (GUM section 4.3.2)")
    todo_file: str = Field("~/Documents/todo.md", description="where to-do lines are added")
    calendar_folder: str = Field("~/Documents", description="where calendar files are made")
    search_url: str = Field(
        "https://duckduckgo.com/?q={query}", description="the page that finds material; {query} is replaced"
    )
    browser: str = Field("", description="command that opens pages; empty asks the desktop")
    editor: str = Field("", description="command that opens files; empty asks the desktop")


class StoreSettings(_Part):
    """The database."""

    encrypt: bool = Field(True, description="off: whoever can read the file can read all that is known")
    keyring: bool = Field(True, description="keep its key in the desktop's keyring where there is one")
    lock_after_min: float = Field(
        0.0,
        ge=0,
        description="lock after so many idle minutes (on X11 and GNOME), and with the screen; 0: never",
    )


class RetentionSettings(_Part):
    """How long things are kept. What was learnt outlives what it was learnt from; 0 keeps for ever."""

    observations_days: float = Field(
        90.0, ge=0, description="what was seen, and the offers and plans made of it; a rule may say otherwise"
    )
    disclosures_days: float = Field(90.0, ge=0, description="what other programs were told")
    exclusions_days: float = Field(90.0, ge=0, description="the counts of what was not observed")
    logs_days: float = Field(14.0, ge=0, description="lines of the daemon's log")
    frames_mb: float = Field(
        500.0, gt=0, description="pictures that wait to be read; beyond that the oldest are given up unread"
    )


class SourceSettings(_Part):
    """What is observed beside the windows. Every find passes the same rules."""

    notifications: bool = Field(True, description="what programs tell the person in a notice")
    recent_files: bool = Field(True, description="files that were opened and saved, by name")
    watch_folders: tuple[str, ...] = Field((), description="folders whose saved files are noticed")
    text_folder: str = Field(
        "", description="a folder of your own notes (.txt, .md), read as your words; empty: none"
    )
    calendars: tuple[str, ...] = Field(
        (),
        description="calendars (ICS): files, folders of them, or https addresses; a CalDAV account, whose "
        "password does not belong here, comes by `gumption calendar add`",
    )
    clipboard: bool = Field(False, description="text that was copied")
    input: bool = Field(
        True, description="how much is typed, clicked and scrolled in a window, never which keys (X11 only)"
    )
    plugins: tuple[str, ...] = Field(
        (), description="names of installed sources to run (entry points of the group gumption.observers)"
    )


class ScreenSettings(_Part):
    """What is kept of the pixels of windows. By default nothing, once they have been read."""

    thumbnails: bool = Field(
        False, description="keep a small picture of what was read, in encrypted stores only"
    )
    thumbnails_mb: float = Field(200.0, gt=0, description="beyond that the oldest of them go")
    pairs: bool = Field(
        False, description="also keep, until it is read, what a part looked like before it changed"
    )


class HotkeySettings(_Part):
    """Keys that work in every program (X11 only): ctrl, alt, shift or super and a key; empty: none."""

    pause: str = Field("ctrl+alt+p", description="pauses observing, and resumes")
    off_the_record: str = Field(
        "", description="pauses and forgets the last minute; again resumes, e.g. ctrl+alt+o"
    )
    forget: str = Field("", description="forgets the last minutes, without asking; e.g. ctrl+alt+shift+f")
    forget_minutes: int = Field(5, ge=1, le=1440, description="how many minutes that key forgets")


class PrivacySettings(_Part):
    """The shipped rules. Private windows, passwords and lock screens are never observed in any case."""

    presets_off: tuple[Literal["adult", "banking", "health"], ...] = Field(
        (), description="shipped presets that do not apply: adult, banking or health"
    )
    contacts: Literal["keep", "pseudonym"] = Field(
        "keep", description="e-mail addresses and telephone numbers: as they are, or made-up ones instead"
    )


class PluginSettings(_Part):
    """Chat assistants and other programs that ask over REST (/v1) and MCP (/mcp)."""

    enabled: bool = Field(True, description="answer other programs at all")
    requests_per_minute: int = Field(600, ge=1, le=1_000_000, description="of each of them, for long")
    origins: tuple[str, ...] = Field(
        (), description="web pages that may ask with a token, as browsers write them: https://chat.example"
    )
    socket: str = Field(
        "",
        description="also listen at this Unix socket, in a folder that is yours alone; empty: no",
        max_length=100,  # the kernel takes 107 bytes
    )
    listen: str = Field(
        "",
        description="also listen at this address of another interface, e.g. 192.168.1.5, over TLS and for "
        "clients alone; empty: no",
    )
    listen_port: int = Field(0, ge=0, le=65535, description="port there; 0 takes a free one")
    tls_cert: str = Field("", description="certificate (PEM) to show there; empty: one is made")
    tls_key: str = Field("", description="its key (PEM), without a passphrase")
    upstream: str = Field(
        "", description="your own model server for /v1/chat/completions, e.g. http://127.0.0.1:11434/v1"
    )
    upstream_key: str = Field("", description="its key, if it wants one", repr=False)
    upstream_remote: bool = Field(
        False,
        description="it need not be on this machine; what goes there is audited, and names changed",
    )

    @field_validator("origins")
    @classmethod
    def _exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if not _ORIGIN.fullmatch(each):
                raise ValueError(f"{each!r} is no origin: https://name or http://name:port, in lower case")
        return value

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and ip_address(value).is_unspecified:
            raise ValueError("name one address of this computer: asked by another name, nothing is answered")
        return str(ip_address(value)) if value else value

    @model_validator(mode="after")
    def _both(self) -> "PluginSettings":
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("tls_cert and tls_key are set together, or not at all")
        return self


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix="GUMPTION_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    api: ApiSettings = ApiSettings()
    pipeline: PipelineSettings = PipelineSettings()
    model: ModelSettings = ModelSettings()
    suggest: SuggestSettings = SuggestSettings()
    store: StoreSettings = StoreSettings()
    retention: RetentionSettings = RetentionSettings()
    sources: SourceSettings = SourceSettings()
    screen: ScreenSettings = ScreenSettings()
    hotkeys: HotkeySettings = HotkeySettings()
    privacy: PrivacySettings = PrivacySettings()
    plugin: PluginSettings = PluginSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def load(file: Path) -> Settings:
    """The settings of `file` (which need not exist) and the environment. Raises SettingsInvalid."""

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsInvalid(
            f"The setting {where} cannot be used", f"{first['msg']}. It comes from {file} or the environment."
        ) from error
    except ValueError as error:  # tomllib.TOMLDecodeError is one
        raise SettingsInvalid(f"{file} is not valid TOML", str(error)) from error
