"""Blocks that show with whom the person is in contact, and about what."""

from collections.abc import Sequence

from app.desks.generate.build import Build
from app.desks.generate.moves import answers, comes, from_contact, opens, says, with_friend, writes
from app.desks.generate.names import headed
from app.desks.generate.parts import Contact


def known(b: Build, who: Contact, topic: Sequence[str], shown: Sequence[str]) -> None:
    """The fact is the contact; that it is about the topic is true as well."""
    begins = b.ago(30, 2000)
    b.fact("communicating_with", {"person": [who.name, who.short, who.address]}, shown, begins=begins)
    b.minor("communicating_with interested_in", topic, shown)
    b.fact(
        "communicating_with",
        {"person": [who.name, who.short, who.address], "topic": topic},
        shown,
        minor=True,
    )


def answered(b: Build) -> None:
    """A letter comes and is answered."""
    one, who, session = b.stock("letters", "topic"), b.contact(work=False), b.sessions(1)[0]
    page = from_contact(b, session, who, headed(one["topic"][0]), one["body"])
    shown = [comes(b, b.scene(session), page)]
    s = b.scene(session)
    shown += [opens(b, s, page), answers(b, s, page, one["reply"])]
    known(b, who, one["topic"], shown)


def chatted(b: Build) -> None:
    """The same, talked over in a chat, to and fro, perhaps on two days."""
    one, who = b.stock("letters", "topic"), b.contact()
    at = b.sessions(b.rng.choice([1, 2]) if len(b.context.begins) > 1 else 1)
    shown = says(b, b.scene(at[0]), with_friend(b, who, [(who.name, one["body"])]), one["reply"])
    if len(at) > 1:
        again = with_friend(
            b, who, [(b.context.persona.name, one["reply"]), (who.name, b.say("chat.thanks"))]
        )
        shown += says(b, b.scene(at[1]), again, b.say("chat.welcome", topic=one["topic"][0]))
    known(b, who, one["topic"], shown)


def wrote_first(b: Build) -> None:
    """Writes of their own accord; an answer comes another day."""
    one, who = b.stock("letters", "topic"), b.contact(work=False)
    first, second = b.sessions(2)
    text = b.say("contact.ask", topic=one["topic"][0], name=who.short)
    subject = headed(one["topic"][0])
    shown = writes(b, b.scene(first), who.name, who.address, subject, text)
    page = from_contact(b, second, who, b.say("mail.re", subject=subject), one["reply"])
    shown.append(comes(b, b.scene(second, "first"), page))
    shown.append(opens(b, b.scene(second), page))
    b.fact("waiting_for", {"thing": [*one["topic"], who.name, who.short]}, shown, ends=shown[-1], minor=True)
    known(b, who, one["topic"], shown)


def met(b: Build) -> None:
    """A meeting with somebody in the calendar, and a word about it in the chat."""
    who, session = b.contact(work=True), b.sessions(1)[0]
    topic = b.fresh("task", b.context.job["channels"], str)
    day = b.write(b.ahead(session, 0, 5), session)
    title = b.say("meeting.title", name=who.name, topic=topic)
    page = b.page("calendar.event", title=title, when=f"{day.bare} 11:00", guests=(who.name,))
    s = b.scene(session)
    shown = [s.go(page)]
    s.read(b.rng.randint(5, 15))
    talk = with_friend(b, who, [(who.name, b.say("meeting.ask", topic=topic))])
    shown += says(b, s, talk, b.say("meeting.answer", topic=topic))
    b.minor("preparing_for", [title], shown)
    known(b, who, [topic, title], shown)


BLOCKS = (answered, chatted, wrote_first, met)
