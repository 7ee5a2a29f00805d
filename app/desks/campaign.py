"""Plays a set of desks with every arm asked for, on all cores, and measures what came out.

A desk travels to its process as its seed or folder, never as itself: the truth stays where it is judged.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from app import config
from app.desks import generate, load, pixels
from app.desks.base_rate import base_rate, constant
from app.desks.chain import ChainArm, Drafters
from app.desks.contexts import Answered, Asking
from app.desks.generate import splits
from app.desks.gum_arm import GumArm
from app.desks.last_k import LastKArm
from app.desks.metered import Metered
from app.desks.oracle import Oracle, Rates
from app.desks.renewal import due, renewals
from app.desks.trace import sights
from app.desks.types import Desk, Played, Sight
from app.drafters import worker_settings
from app.paths import Paths
from gum.errors import ActionFailed, NotFound, SettingsInvalid
from gum.model.client import ModelWorker
from gum.model.embedder import HashingEmbedder
from gum.model.llm_drafter import LlmDrafter
from gum.model.llm_judge import LlmJudge
from gum.model.remote import OpenAiDecoder
from gum.ports import Decoder
from gum.propose import StructureDrafter
from gum.types import Vector

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent.parent.parent / "tests" / "desks"
ARMS = ("gumption", "gum", "last_k", "base_rate")
PLAYED = tuple(arm for arm in ARMS if arm != "base_rate")  # that one is made of another's beliefs
# The hand-written desks short enough to be lived for real: about four minutes each.
PIXELS = ("bakery", "dental-office", "eclipse-trip", "flood-thesis", "freelance-web", "student-nurse")
ORACLE = "oracle"
DEFAULT = "default"
USUAL = Rates()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a desk comes from: a seed of the generator or a folder."""

    seed: int | None = None
    folder: Path | None = None

    def desk(self) -> Desk:
        """Raises DeskInvalid."""
        if self.folder is not None:
            return load.load(self.folder)
        assert self.seed is not None
        return generate.desk(self.seed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run. `model`: "default", "oracle", or the name of one at the configured server."""

    set: str = "small"
    path: Path | None = None
    model: str = DEFAULT
    arms: tuple[str, ...] = ARMS
    seed: int = 0
    count: int | None = None  # the first so many desks of the set
    processes: int = 0  # 0: one a core
    rates: Rates = USUAL  # of the oracle's mistakes
    remember: bool = False  # what the product's last beliefs rest on

    @property
    def by_words(self) -> bool:
        """Whether hashing embeds: what an oracle drafts and what lessons tell hang on words alone."""
        return self.model == ORACLE or self.remember


@dataclass(frozen=True, slots=True)
class Run:
    """A desk and what each arm made of it."""

    desk: Desk
    played: dict[str, Played]


def rates(false: float | None, duplicated: float | None) -> Rates:
    """The oracle's usual rates of mistakes, but for those that are given. Raises SettingsInvalid."""
    try:
        return replace(
            USUAL,
            false=USUAL.false if false is None else false,
            duplicated=USUAL.duplicated if duplicated is None else duplicated,
        )
    except ValueError as error:
        raise SettingsInvalid("That is no rate of mistakes", f"{error}.") from error


def sources(wanted: Wanted) -> list[Source]:
    """The desks of a set. Raises NotFound, DeskInvalid."""
    if wanted.path is not None:
        found = _folders(wanted.path)
    elif wanted.set == "held-out":
        found = [Source(seed) for seed in splits.HELD_OUT]
    else:
        made = [Source(seed) for seed in splits.TUNE]
        found = made if wanted.set == "small" else _written()
        if wanted.set == "pixels":
            found = [source for source in found if source.folder and source.folder.name in PIXELS]
        elif wanted.set == "all":
            found = made + found
    return found[: wanted.count]


def _written() -> list[Source]:
    if not HERE.is_dir():
        raise NotFound(
            "The hand-written desks are not here",
            "They come with the source, not with the installed program; --path takes any folder of desks.",
        )
    return _folders(HERE)


def _folders(path: Path) -> list[Source]:
    """All of them are read here once, so that a malformed one is refused before anything is played."""
    return [Source(folder=desk.folder) for desk in load.load_all(path)]


def play(
    wanted: Wanted,
    done: Callable[[Run], object] = lambda run: None,
    begins: Callable[[int], object] = lambda desks: None,
) -> list[Run]:
    """Every desk with every arm, in the order of the set; `done` is told as they are finished.

    `begins` is told how many there are. Raises NotFound, DeskInvalid, SettingsInvalid, ModelUnavailable.
    """
    from_where = sources(wanted)
    _check(wanted)
    begins(len(from_where))
    if wanted.set == "pixels" and wanted.path is None:
        return _lived(wanted, from_where, done)
    runs = play_pairs([(source, wanted) for source in from_where], done)
    return _with_base_rate(runs) if "base_rate" in wanted.arms else runs


def play_pairs(
    pairs: Sequence[tuple[Source, Wanted]], done: Callable[[Run], object] = lambda run: None
) -> list[Run]:
    """Each desk with the arms of what is wanted of it, in the order of `pairs`, all by one set of processes.

    Raises ValueError when not all of them embed alike; else as `play`.
    """
    by_words = {wanted.by_words for _, wanted in pairs}
    if len(by_words) > 1:
        raise ValueError("one set of processes has one embedder")
    processes = max((wanted.processes for _, wanted in pairs), default=0) or os.cpu_count() or 1
    finished: dict[int, Run] = {}
    # spawn: a fork would copy threads' locks in whatever state they are
    with ProcessPoolExecutor(
        min(processes, max(1, len(pairs))),
        mp_context=get_context("spawn"),
        initializer=_prepare,
        initargs=(True in by_words,),
    ) as pool:
        waiting = {pool.submit(_one, *pair): n for n, pair in enumerate(pairs)}
        try:
            for future in as_completed(waiting):
                n = waiting[future]
                finished[n] = Run(pairs[n][0].desk(), future.result())
                done(finished[n])
        finally:  # an error or Ctrl-C: the desks that wait are not played first
            pool.shutdown(cancel_futures=True)
    return [finished[n] for n in sorted(finished)]


def ask(wanted: Wanted, done: Callable[[], object] = lambda: None) -> list[Answered]:
    """Plays the product with a noisy oracle at every desk of the set, and makes the requests at each.

    Embeds with the product's own model: what is meant by a request hangs on it. `done` is told of each desk.
    Raises as `play`.
    """
    from_where = sources(wanted)
    processes = min(wanted.processes or os.cpu_count() or 1, max(1, len(from_where)))
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, _prepare, (False,)) as pool:
        waiting = [pool.submit(_ask_one, source, wanted) for source in from_where]
        try:
            for future in as_completed(waiting):
                future.result()
                done()
        finally:
            pool.shutdown(cancel_futures=True)
    return [answer for future in waiting for answer in future.result()]


def _lived(wanted: Wanted, from_where: Sequence[Source], done: Callable[[Run], object]) -> list[Run]:
    """On real displays, one after the other: programs that wait for the processor are seen half drawn.

    A desk at which a step cannot be done is begun once more, then left out and told: the others count.
    """
    runs = []
    for source in from_where:
        desk = source.desk()
        played = _live(desk, wanted.seed, tries=2)
        if played is not None:
            runs.append(Run(desk, {"gumption": played}))
            done(runs[-1])
    return _with_base_rate(runs) if "base_rate" in wanted.arms else runs


def _live(desk: Desk, seed: int, tries: int) -> Played | None:
    for left in range(tries, 0, -1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                return pixels.play(desk, seed, Path(folder))
            except ActionFailed as error:
                log.error("%s stopped (%d more tries): %s", desk.id, left - 1, error.title)
    return None


def _check(wanted: Wanted) -> None:
    if wanted.set == "pixels" and wanted.path is None and wanted.model != DEFAULT:
        raise SettingsInvalid(
            "The pixels set is played with the product as it is shipped", "Leave out --model."
        )
    if wanted.model in (DEFAULT, ORACLE):
        return
    if not config.load(Paths.home().settings_file).model.server_url:
        raise SettingsInvalid(
            f"There is no server to ask for the model {wanted.model}",
            "Set server_url under [model] in settings.toml, or GUMPTION_MODEL__SERVER_URL.",
        )


def _with_base_rate(runs: Sequence[Run]) -> list[Run]:
    """Beside the product its own beliefs at one constant confidence: the share of them that is true."""
    ours = [(run.desk, run.played["gumption"]) for run in runs if "gumption" in run.played]
    rate = base_rate(ours)
    return [
        replace(run, played={**run.played, "base_rate": constant(run.played["gumption"], rate)})
        if "gumption" in run.played
        else run
        for run in runs
    ]


# --- in a process of the pool ---------------------------------------------------------------------

_worker: ModelWorker | None = None


class _ByWords(ModelWorker):
    """Embeds by hashing words, in process. What an oracle drafts is compared by its words and slots; the
    embedder of the product would take half the time of a run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._words = HashingEmbedder()

    @property
    def embedder_name(self) -> str:
        return self._words.name

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return self._words.embed(texts)


def _prepare(by_words: bool) -> None:
    global _worker
    home = Paths.home()
    settings = config.load(home.settings_file)
    _worker = (
        _ByWords(home.models)
        if by_words
        else ModelWorker(
            home.models, replace(worker_settings(settings.model), drafter="structure")
        )  # it embeds
    )


def _one(source: Source, wanted: Wanted) -> dict[str, Played]:
    desk = source.desk()
    seen = sights(desk, wanted.seed)
    arms = [arm for arm in PLAYED if arm in wanted.arms or (arm == "gumption" and "base_rate" in wanted.arms)]
    changed = renewals(desk, seen)
    told = {name: _play(name, desk, seen, due(changed), wanted) for name in arms}
    return {name: replace(one, renewals=changed) for name, one in told.items() if one is not None}


def _ask_one(source: Source, wanted: Wanted) -> list[Answered]:
    assert _worker is not None
    desk = source.desk()
    seen = sights(desk, wanted.seed)
    oracle = Oracle(desk, wanted.rates, wanted.seed)
    asking = Asking(desk, seen, _worker)
    meter = Metered(oracle)
    drafter = LlmDrafter(meter, languages=desk.persona.languages)
    ChainArm((drafter, None), _worker, meter, oracle.tell, judge=LlmJudge(meter), look=asking.look).play(
        desk, seen
    )
    return asking.answered


def _play(
    name: str, desk: Desk, seen: Sequence[Sight], ask: Sequence[datetime], wanted: Wanted
) -> Played | None:
    """None where the arm cannot be played: GUM's logic needs a language model."""
    assert _worker is not None
    if name == "last_k":
        return LastKArm().play(desk, seen, ask)
    with _model(desk, wanted) as (decoder, tell):
        if name == "gum":
            return GumArm(decoder, tell).play(desk, seen, ask) if decoder is not None else None
        meter = Metered(decoder) if decoder is not None else None
        structure = StructureDrafter(desk.persona.languages)
        drafters: Drafters
        if meter is None:
            drafters = structure, None
        elif wanted.model == ORACLE:
            # Every draft is the oracle's: what is measured comes after.
            drafters = LlmDrafter(meter, languages=desk.persona.languages), None
        else:
            # As the daemon has them.
            drafters = structure, LlmDrafter(meter, languages=desk.persona.languages)
        judge = LlmJudge(meter) if meter is not None else None
        return ChainArm(drafters, _worker, meter, tell, wanted.remember, judge).play(desk, seen, ask)


@contextmanager
def _model(desk: Desk, wanted: Wanted) -> Iterator[tuple[Decoder | None, Callable[[datetime], None]]]:
    """The language model of a run, and who is told the desk's time."""
    if wanted.model == DEFAULT:
        yield None, lambda at: None
    elif wanted.model == ORACLE:
        # In process: its answers are those of its server (a test compares them), without 5 ms a call.
        oracle = Oracle(desk, wanted.rates, wanted.seed)
        yield oracle, oracle.tell
    else:
        model = config.load(Paths.home().settings_file).model
        key, allow = model.server_key or None, model.allow_remote  # a desk is nobody's: it needs no guard
        yield OpenAiDecoder(model.server_url, wanted.model, key, allow_remote=allow), lambda at: None
