import pytest

from gum.extract.mail import extract
from gum.types import Trust
from tests.builders import observation


def seen(text: str, trust: Trust = Trust.AUTHORED, title: str = "Compose") -> list[dict[str, str]]:
    return [dict(d.slots) for d in extract([observation(text, trust=trust, title=title, app="chromium")])]


@pytest.mark.parametrize(
    ("text", "person", "topic"),
    [
        ("To: Anna Keller <anna@x.test>\nSubject: Re: Slides\nHello", "Anna Keller", "Slides"),
        ("To recipients: anna@x.test\nSubject: Slides", "anna@x.test", "Slides"),
        ("An: Jürgen Groß\nBetreff: AW: WG: Urlaub", "Jürgen Groß", "Urlaub"),
        ("À : Zoé Petit <zoe@x.test>\nObjet : Vacances", "Zoé Petit", "Vacances"),
        ("Para: José Díaz\nAsunto: RV: Informe", "José Díaz", "Informe"),
        ("A: Giulia Rossi\nOggetto: Riunione", "Giulia Rossi", "Riunione"),
        ("Aan: Sanne Bakker\nOnderwerp: Verslag", "Sanne Bakker", "Verslag"),
        ("宛先: 田中\n件名: 会議", "田中", "会議"),
        ("收件人：王伟\n主题：会议", "王伟", "会议"),
        ("Subject: Slides\nTo: Anna Keller", "Anna Keller", "Slides"),
    ],
)
def test_recipient_and_subject_of_a_mail_being_written(text: str, person: str, topic: str) -> None:
    assert seen(text) == [{"person": person, "topic": topic}]


def test_several_recipients_are_several_people() -> None:
    found = seen("To: Anna Keller <a@x.test>; Ben Ode <b@x.test>, c@x.test")
    assert [d["person"] for d in found] == ["Anna Keller", "Ben Ode", "c@x.test"]


@pytest.mark.parametrize(
    "text",
    [
        "From: Hamburg\nTo: Oslo\nDate: Friday",  # a journey
        "To: an\nSubject: Slides",  # still being typed
        "To: undisclosed recipients\nSubject: x",
        "To: noreply@shop.test\nSubject: order",
        "To:\nSubject: Slides",
        "Subject: Slides",
        "Dear Anna, to: be or not to be",
    ],
)
def test_other_forms_and_unfinished_names_are_no_recipients(text: str) -> None:
    assert seen(text) == []


@pytest.mark.parametrize(
    "title", ["Anna Keller (DM) - Riverwatch - Slack", "Chat | Anna Keller | Microsoft Teams"]
)
def test_a_chat_with_one_person_is_contact(title: str) -> None:
    assert seen("", Trust.ACTED_ON, title) == [{"person": "Anna Keller"}]
    assert seen("", Trust.READ, title) == []


def test_the_sender_of_a_personal_mail_is_a_contact_and_nothing_else_of_it_counts() -> None:
    mail = "From: Anna Keller <anna@x.test>\nSubject: Lunch\nI love sushi, the essay is due Friday."
    assert seen(mail, Trust.RECEIVED) == [{"person": "Anna Keller"}]
    assert seen(mail, Trust.READ) == []


@pytest.mark.parametrize(
    "text",
    [
        "From: Shop <newsletter@shop.test>\nSale!",
        "From: Anna Keller <anna@x.test>\nGreat deals. Unsubscribe here.",
        "From: Your Bank <bank@x.test>\nVerify your account, it has been suspended",
        "From: Prize Desk <desk@x.test>\nYou have won the lottery",
        "From: Anna Keller\nno address",
        "From: anna@x.test",
    ],
)
def test_newsletters_phishing_and_robots_are_no_contacts(text: str) -> None:
    assert seen(text, Trust.RECEIVED) == []
