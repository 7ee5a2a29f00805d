"""Blocks that show what the person waits for. What comes ends the fact; some things do not come."""

from app.desks.generate import stocks
from app.desks.generate.build import Build
from app.desks.generate.moves import (
    at_work,
    comes,
    from_contact,
    letter,
    number,
    opens,
    order,
    says,
    thread,
    ware,
    writes,
)
from app.desks.generate.names import core, headed


def parcel(b: Build) -> None:
    """Something that was ordered before; it is on its way, and comes by the end or not."""
    one, code = ware(b), number(b, "")
    comes_at_last = b.chance(0.6)
    at = b.sessions(2 if comes_at_last else 1)
    day = b.write(b.ahead(at[-1], 0 if comes_at_last else 1, 4), at[0])
    page = order(b, [one], code, delivery=b.say("parcel.due", date=day.said))
    s = b.scene(at[0])
    shown = [s.go(page)]
    s.read(b.rng.randint(5, 15))
    ends = None
    if comes_at_last:
        text = b.say("parcel.here", item=core(one.name)[-1])
        mail = letter(
            b, at[1], one.shop, b.say("address.shop", code="7"), b.say("parcel.subject", code=code), text
        )
        ends = comes(b, b.scene(at[1], "first"), mail)
        opens(b, b.scene(at[1]), mail)
    named = [*core(one.name), code, *b.life("parcels")]
    b.fact("waiting_for", {"thing": named}, shown, ends=ends)
    b.fact("waiting_for", {"thing": [*named, one.shop]}, shown, ends=ends, also=["bought"], minor=True)
    b.minor("bought interested_in", [*core(one.name), code, one.shop], shown)
    b.minor("waiting_for", b.life("shopping"), shown)


def answer(b: Build) -> None:
    """Asks for something by mail; the answer comes on another day."""
    one = b.stock("waits", "thing")
    first, second = b.sessions(2)
    subject = headed(one["thing"][0])
    address = b.say("address.help", code=str(b.rng.randint(10, 99)))
    text = f"{b.say('mail.dear')}\n\n{one['ask']}"
    shown = writes(b, b.scene(first), one["who"], address, subject, text)
    back = letter(b, second, one["who"], address, b.say("mail.re", subject=subject), one["answer"])
    ends = comes(b, b.scene(second, "first"), back)
    opens(b, b.scene(second), back)
    b.fact("waiting_for", {"thing": one["thing"]}, shown, ends=ends)
    b.minor("waiting_for communicating_with", [one["who"], subject], shown)
    b.minor("interested_in", one["thing"], shown)


def told(b: Build) -> None:
    """Says in the chat that they are still waiting; some time later it is there."""
    options = stocks.fill(b.context.job["waits"], b.words)
    thing = b.fresh("wait", options, lambda one: str(one))
    who, other = b.contact(work=True), b.contact(work=True, fresh=False)
    at = b.sessions(b.rng.choice([1, 2]))
    talk = at_work(b, [(other.name, b.say("wait.ask", name=b.context.first))])
    shown = says(b, b.scene(at[0]), talk, b.say("wait.tell", thing=thing, who=who.name))[1:]
    ends = None
    if len(at) > 1:
        page = from_contact(b, at[1], who, headed(thing), b.say("wait.here", thing=thing))
        ends = comes(b, b.scene(at[1], "first"), page)
        opens(b, b.scene(at[1]), page)
    b.fact("waiting_for", {"thing": [thing]}, shown, ends=ends)
    b.fact("waiting_for", {"thing": [thing], "from": [who.name, who.short]}, shown, ends=ends, minor=True)
    b.minor("interested_in working_on communicating_with", [thing, who.name, who.short], shown)


def reply(b: Build) -> None:
    """Has asked something in a forum and looks again and again whether anybody has answered."""
    one = b.stock("troubles", "thing")
    first, second = b.sessions(2)
    forum = b.rng.choice(b.life("private_forums"))
    question = b.say("trouble.ask", thing=one["thing"][0], title=one["title"])
    asked = thread(b, forum, one["title"], [(b.context.persona.name, question)])
    s = b.scene(first)
    desk = b.say("forum.questions")
    key = s.go(thread(b, forum, desk, [(b.stranger(), b.say("forum.rules"))]))
    b.minor("interested_in communicating_with", [desk, forum], [key])
    shown = [s.type(question, "reply"), s.click("post", asked)]
    t = b.scene(second)
    shown.append(t.go(asked))
    t.read(b.rng.randint(5, 15))
    who = b.contact(fresh=False)
    talk = at_work(b, [(who.name, b.say("wait.how", thing=one["thing"][0]))])
    thing = b.say("wait.reply", title=one["title"])
    shown += says(b, t, talk, b.say("wait.none", thing=thing))[1:]
    b.fact("waiting_for", {"thing": [thing, one["title"], *b.life("replies")]}, shown)
    b.minor("struggling_with interested_in waiting_for", [*one["thing"], one["title"], forum], shown)


BLOCKS = (parcel, answer, told, reply)
