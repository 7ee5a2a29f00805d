"""The tables about other programs: clients, what each was told, what they put before the person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class ClientRow(Base):
    """A program that the person let in. Of its token the SHA-256 is kept; `scope` is JSON (gum.grants)."""

    __tablename__ = "clients"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[bytes]
    scope: Mapped[str]
    given_at: Mapped[datetime]
    until: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DisclosedRow(Base):
    """What was answered, byte for byte and compressed; an answer given twice is kept once."""

    __tablename__ = "disclosed"
    n: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    size: Mapped[int]
    body: Mapped[bytes]


class DisclosureRow(Base):
    """That a client was answered. The content is gone when something that stood in it was forgotten."""

    __tablename__ = "disclosures"
    __table_args__ = (Index("disclosures_at", "at"), Index("disclosures_content", "content"))
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    client_id: Mapped[str]
    client: Mapped[str]
    operation: Mapped[str]
    query: Mapped[str]
    items: Mapped[int]
    withheld: Mapped[int]
    content: Mapped[int | None] = mapped_column(ForeignKey("disclosed.n", ondelete="SET NULL"))


class DisclosedAboutRow(Base):
    """Which observations and propositions an answer speaks of."""

    __tablename__ = "disclosed_about"
    __table_args__ = (Index("disclosed_about_subject", "subject_id"),)
    content: Mapped[int] = mapped_column(ForeignKey("disclosed.n", ondelete="CASCADE"), primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)


class ProposalRow(Base):
    """What a client would have remembered or forgotten: nothing, until the person says so. `what` is JSON."""

    __tablename__ = "proposals"
    __table_args__ = (Index("proposals_state", "state", "at"),)
    n: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[str]
    client: Mapped[str]
    kind: Mapped[str]
    what: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class IdempotentRow(Base):
    """What a request with a key was answered, for the same request sent again."""

    __tablename__ = "idempotent"
    __table_args__ = (Index("idempotent_at", "at"),)
    client_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[bytes]
    status: Mapped[int]
    body: Mapped[bytes]
    at: Mapped[datetime]


class AliasRow(Base):
    """A place or a number that is called otherwise outside, as people are (`PersonRow`)."""

    __tablename__ = "aliases"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[int]
    shown: Mapped[str]
