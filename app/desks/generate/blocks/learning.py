"""Blocks that show what the person is learning."""

from app.desks.generate import stocks
from app.desks.generate.build import Build
from app.desks.generate.moves import answers, appends, article, comes, letter, opens, reads, search
from app.desks.generate.parts import Stock, Unsuited


def course(b: Build) -> Stock:
    options = [*stocks.fill(b.context.job["courses"], b.words), *b.life("courses")]
    return b.fresh("course", options, lambda one: str(one["subject"][0]))


def learns(b: Build, one: Stock, shown: list[str]) -> None:
    b.fact("learning", {"subject": one["subject"]}, shown, begins=b.ago(3, 120), also=["interested_in"])
    b.minor("working_on preparing_for", one["subject"], shown)


def by_course(b: Build) -> None:
    """Lesson after lesson, with notes now and then."""
    one = course(b)
    count = min(len(one["lessons"]), len(b.context.begins), b.rng.choice([2, 2, 3]))
    shown: list[str] = []
    for n, session in enumerate(b.sessions(count)):
        lesson = one["lessons"][n]
        body = b.say("lesson.body", lesson=lesson, subject=one["subject"][0])
        progress = f"{n + 1} / {b.rng.choice([8, 10, 12])}"
        page = b.page("course.lesson", course=one["course"], lesson=lesson, body=body, progress=progress)
        s = b.scene(session)
        shown.append(s.go(page))
        s.read(b.rng.randint(90, 400))
        b.minor("learning interested_in working_on", [one["course"], lesson], shown[-1:])
        if n < len(one["notes"]) and b.chance(0.6):
            name = b.say("lesson.file", subject=one["subject"][0].lower().replace(" ", "-"))
            shown.append(s.file(name))
            shown.append(appends(b, s, [f"{lesson}: {one['notes'][n]}"]))
    learns(b, one, shown)


def by_videos(b: Build) -> None:
    """Lessons on video, and then tried out in a file of their own."""
    one = course(b)
    first, second = b.sessions(2)
    subject, site = one["subject"][0], b.rng.choice(b.life("video_sites"))
    lesson = b.rng.choice(one["lessons"])
    title = b.say("video.lesson", subject=subject, lesson=lesson)
    channel = b.say("video.channel", subject=subject)
    page = b.page("video.watch", site=site, title=title, channel=channel)
    s = b.scene(first)
    shown = [s.go(page)]
    s.read(b.rng.randint(200, 700))
    b.minor("learning interested_in", [title, channel], shown)
    t = b.scene(second)
    name = b.say("exercise.file", subject=subject.lower().replace(" ", "-"))
    shown.append(t.file(name))
    shown.append(appends(b, t, [b.say("exercise.head", subject=subject), *one["notes"]]))
    b.minor("uses_for", [site], shown[:1], purpose=[*one["subject"], "videos", b.say("watching")])
    learns(b, one, shown)


def by_notes(b: Build) -> None:
    """A list of their own that grows, and an article on the thing."""
    one = course(b)
    first, second = b.sessions(2)
    subject = one["subject"][0]
    name = b.say("lesson.file", subject=subject.lower().replace(" ", "-"))
    s = b.scene(first)
    shown = [
        s.file(name),
        appends(b, s, [b.say("exercise.head", subject=subject), one["notes"][0]]),
    ]
    t = b.scene(second)
    page = article(
        b, subject[:1].upper() + subject[1:], b.say("lesson.body", lesson=one["lessons"][0], subject=subject)
    )
    if b.chance(0.5):
        query = b.say("learn.query", subject=subject, lesson=one["lessons"][-1])
        shown += search(b, t, query, one["subject"], [(b.field(page, "title"), b.say("search.text"), page)])
        reads(b, t, page, one["subject"], way=False)
    else:
        shown.append(reads(b, t, page, one["subject"]))
    learns(b, one, shown)


def with_teacher(b: Build) -> None:
    """A teacher's letter is answered: what has been learnt, and what not."""
    one, session = course(b), b.sessions(1)[0]
    subject, lesson = one["subject"][0], one["lessons"][0]
    teacher = b.stranger()
    address = b.say("address.person", name=f"teacher{b.rng.randint(10, 99)}")
    page = letter(
        b, session, teacher, address, one["course"], b.say("teacher.mail", subject=subject, lesson=lesson)
    )
    comes(b, b.scene(session), page)
    s = b.scene(session)
    shown = [opens(b, s, page), answers(b, s, page, b.say("teacher.reply", subject=subject, lesson=lesson))]
    b.minor("has_deadline working_on interested_in", [lesson, one["course"]], shown, date=[lesson])
    b.minor("learning interested_in", [lesson, one["course"]], shown)
    learns(b, one, shown)


def in_terminal(b: Build) -> None:
    """Exercises of a course, done in the terminal."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    one = course(b)
    at = b.sessions(2)
    slug = one["subject"][0].lower().replace(" ", "-")
    shown = []
    for n, session in enumerate(at):
        s = b.scene(session)
        s.terminal()
        lesson = one["lessons"][n % len(one["lessons"])]
        file = f"{n + 1:02}-{lesson.lower().replace(' ', '-')}"
        shown.append(
            s.run(
                f"python quiz.py {file}",
                b.say("exercise.done", subject=one["subject"][0]),
                folder=f"Courses/{slug}",
            )
        )
        b.minor("learning interested_in working_on", [lesson, file, "quiz.py"], shown[-1:])
    learns(b, one, shown)


BLOCKS = (by_course, by_videos, by_notes, with_teacher, in_terminal)
