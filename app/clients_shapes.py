"""What is said over the API of other programs that are let in. A token goes out once, when it is made."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.bounds import Time
from app.client_names import LONGEST, cleaned
from gum.errors import NotAllowed
from gum.grants import LONGEST_AGE, PRESETS, SHORTEST_AGE, Part, Right, Scope, from_json


class ScopeShape(BaseModel):
    """How far a client gets (`gum.grants.Scope`). Empty lists of types, topics and apps bound nothing."""

    model_config = ConfigDict(extra="forbid")
    rights: list[Right] = Field([Right.READ], max_length=3, description="read, suggest, act")
    parts: list[Part] = Field(
        [Part.CLAIMS], max_length=4, description="claims, activity, quotes, transcripts"
    )
    types: list[str] = Field([], max_length=50, description="only claims of these types")
    topics: list[str] = Field([], max_length=50, description="only what is about one of these")
    no_topics: list[str] = Field([], max_length=50, description="nothing that is about one of these")
    apps: list[str] = Field([], max_length=50, description="only what was seen in these programs")
    no_apps: list[str] = Field([], max_length=50, description="nothing that was seen in one of these")
    sensitive: bool = Field(False, description="sensitive claims, too; only the person can switch it on")
    max_age_days: float | None = Field(
        None,
        ge=SHORTEST_AGE,
        le=LONGEST_AGE,
        allow_inf_nan=False,
        description="nothing older than so many days",
    )
    real_names: bool = Field(
        False, description="people, places and numbers by name; only the person can switch it on"
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            self.scope()
        except NotAllowed as error:
            raise ValueError(error.hint or error.title) from error
        return self

    def scope(self) -> Scope:
        return from_json(self.model_dump(mode="json"))


class PairIn(BaseModel):
    """A program asks to be let in. Without a scope it asks for claims that are not sensitive, and no more."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(
        min_length=1,
        max_length=200,
        description=f"what the person is shown, cut to {LONGEST} characters",
        examples=["My chat"],
    )
    scope: ScopeShape | None = Field(None, description="what it would like; the person may give less")

    @field_validator("name")
    @classmethod
    def _shown(cls, name: str) -> str:
        try:
            return cleaned(name)
        except NotAllowed as error:
            raise ValueError(f"{error.title}. {error.hint}") from error

    def asked(self) -> Scope:
        return self.scope.scope() if self.scope is not None else PRESETS["claims"].scope


class PairOut(BaseModel):
    """The person now reads a code of six digits on their screen. It goes with `secret` to `/v1/pair/{id}`."""

    id: str
    secret: str
    expires_at: datetime


class PairCodeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    secret: str = Field(min_length=1, max_length=100, description="as it came with the id")
    code: str = Field(min_length=1, max_length=20, description="what the person typed", examples=["123456"])

    @field_validator("code")
    @classmethod
    def _digits(cls, code: str) -> str:
        return "".join(c for c in code if c not in " -\u00a0\u2009\u202f")  # as people read them out


class PairedOut(BaseModel):
    """The token, this once, and what it is good for."""

    token: str = Field(description="for 'Authorization: Bearer …'; it is not told again")
    scope: ScopeShape
    until: datetime | None


class PairingOut(BaseModel):
    """A program that waits for its code, for the person's eyes alone."""

    id: str
    name: str
    asked: ScopeShape
    given: ScopeShape
    code: str
    expires_at: datetime
    until: datetime | None


class PairingList(BaseModel):
    items: list[PairingOut]


class PairingChoiceIn(BaseModel):
    """What the person gives: of what was asked, so much as `scope` allows, too; for `days`, 0 is for good."""

    model_config = ConfigDict(extra="forbid")
    scope: ScopeShape | None = None
    days: float | None = Field(None, ge=0, le=36500, allow_inf_nan=False)


class ClientOut(BaseModel):
    """A program that was let in."""

    id: str
    name: str
    scope: ScopeShape
    given_at: datetime
    until: datetime | None = Field(description="it may ask until then; None: until it is revoked")
    last_used_at: datetime | None
    revoked_at: datetime | None
    reads_today: int = Field(ge=0, description="how many answers it got since midnight")


class ClientList(BaseModel):
    items: list[ClientOut]


class ClientIn(BaseModel):
    """A client that the person lets in without a code."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    preset: str = Field("claims", pattern=f"^({'|'.join(PRESETS)})$", description="in place of a scope")
    scope: ScopeShape | None = None
    days: float | None = Field(
        None, ge=0, le=36500, allow_inf_nan=False, description="0: for good; left out: a year"
    )

    def wanted(self) -> Scope:
        return self.scope.scope() if self.scope is not None else PRESETS[self.preset].scope


class ClientMade(BaseModel):
    client: ClientOut
    token: str = Field(description="it is not told again")


class ClientPatch(BaseModel):
    """What is left out stays; `until` null is for good."""

    model_config = ConfigDict(extra="forbid")
    scope: ScopeShape | None = None
    until: Time | None = None
