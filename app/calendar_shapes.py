"""What is said over the API of CalDAV accounts. A password comes in and never goes out."""

from pydantic import BaseModel, Field, SecretStr


class AccountIn(BaseModel):
    """An account to be read from now on."""

    address: str = Field(min_length=1, max_length=2000, description="of the server, the person or a calendar")
    user: str = Field(min_length=1, max_length=500, description="the name to log in by")
    password: SecretStr = Field(min_length=1, max_length=1024)


class AccountOut(BaseModel):
    """An account, the names of its calendars as far as it was read, and what is wrong ("": nothing)."""

    id: str
    address: str
    user: str
    calendars: list[str]
    trouble: str
    hint: str


class AccountList(BaseModel):
    items: list[AccountOut]
