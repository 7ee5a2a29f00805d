"""How the demo's person answers a suggestion: by reading the real card and clicking its buttons."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from app.client import Client, Json
from app.demo.eyes import look
from app.demo.person import Person
from gum.errors import ActionFailed

RUN_S = 60.0
CARD = "gumption"  # the program the buttons belong to, as it calls itself on the accessibility bus


@dataclass
class Answered:
    """What the person did with the suggestions, and what came of it."""

    suggestion: Json | None = None  # the one approved, as the daemon tells it at the end
    plan: Json | None = None  # as it was when it had been run
    undone: Json | None = None  # as it was after undoing
    declined: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Every step was done and seen to have had its effect."""
        plan = self.plan or {}
        outcomes, steps = plan.get("outcomes", []), plan.get("steps", [])
        return (
            plan.get("state") == "done" and len(outcomes) == len(steps) > 0 and all(o["ok"] for o in outcomes)
        )

    @property
    def taken_back(self) -> bool:
        return (self.undone or {}).get("state") == "undone"


def can_be_taken_back(said: Collection[str]) -> bool:
    """Whether an approval card speaks of a plan that changes something and can be undone. Pure.

    `said`: the texts on the card, as `app.panels.approval` words them.
    """
    undoable = any("Can be undone" in line for line in said)
    return undoable and not any("Cannot be undone" in line for line in said)


class Consent:
    """Answers cards until one plan that can be taken back was approved, done and undone.

    `remember` is told what is on the screen at moments worth a picture; `plans` gives the ids of the plans
    that the daemon has told of so far, the oldest first.
    """

    def __init__(
        self, person: Person, client: Client, remember: Callable[[str], None], plans: Callable[[], list[str]]
    ) -> None:
        self._person = person
        self._client = client
        self._remember = remember
        self._plans = plans
        self._met: set[str] = set()
        self.answered = Answered()

    def attend(self, patience_s: float) -> bool:
        """Waits for a card and answers it; whether there was one. Raises ActionFailed."""
        if not self._person.until(lambda: bool(self._waiting()), patience_s):
            return False
        suggestion = self._waiting()[0]
        self._met.add(suggestion["id"])
        self._person.find("Do it", "button", CARD)
        self._person.rest(2.5)  # reads the card
        if not suggestion["has_plan"]:
            self._decline(suggestion, "Not now")
            return True
        self._remember("The offer, with its reason and evidence")
        self._person.press("Do it", program=CARD)
        self._person.find("Approve", "button", CARD)
        self._person.rest(2.5)  # reads what exactly would be done
        if not can_be_taken_back({seen.name for seen in look(self._person.desktop.env, "", program=CARD)}):
            self._decline(suggestion, "Deny")
            return True
        self._remember("The question: exactly what would be done, and where")
        self._approve(suggestion)
        return True

    def _approve(self, suggestion: Json) -> None:
        before = set(self._plans())
        self._person.press("Approve", program=CARD)
        key = self._told_of(before)
        answered = self.answered
        answered.plan = self._settled(key, ("done", "failed"))
        answered.suggestion = self._suggestion(suggestion["id"])
        if answered.plan["state"] != "done":
            raise ActionFailed("The approved action did not succeed", _seen(answered.plan))
        self._person.find("Undo", "button", CARD)
        self._person.rest(2.5)
        self._remember("Done, and checked")
        self._person.press("Undo", program=CARD)
        answered.undone = self._settled(key, ("undone", "failed"))
        self._person.find("OK", "button", CARD)
        self._person.rest(2.5)
        self._remember("Undone, and checked")
        self._person.press("OK", program=CARD)
        answered.suggestion = self._suggestion(suggestion["id"])

    def _decline(self, suggestion: Json, button: str) -> None:
        self._person.press(button, program=CARD)
        self.answered.declined.append(str(suggestion["text"]))

    def _told_of(self, before: set[str]) -> str:
        """Id of the plan that runs now. Raises ActionFailed."""
        if not self._person.until(lambda: bool(set(self._plans()) - before)):
            raise ActionFailed("The approved plan was never started", "The daemon told of no plan.")
        return next(key for key in self._plans() if key not in before)

    def _settled(self, key: str, states: tuple[str, ...]) -> Json:
        """The plan when it has reached one of `states`. Raises ActionFailed."""
        plan = self._client.get(f"/plans/{key}")

        def there() -> bool:
            nonlocal plan
            plan = self._client.get(f"/plans/{key}")
            return plan["state"] in states

        if not self._person.until(there, RUN_S):
            raise ActionFailed("The approved plan never came to an end", _seen(plan))
        return plan

    def _waiting(self) -> list[Json]:
        """Suggestions that are on a card, or will be, and were not answered yet; the oldest first."""
        items = self._client.get("/suggestions", {"state": "shown"})["items"]
        return sorted((s for s in items if s["id"] not in self._met), key=lambda s: str(s["created_at"]))

    def _suggestion(self, key: str) -> Json:
        items = self._client.get("/suggestions", {"state": "all"})["items"]
        found: Json = next(s for s in items if s["id"] == key)
        return found


def _seen(plan: Json) -> str:
    seen = [f"step {o['step_index'] + 1}: {o['seen']}" for o in plan["outcomes"]]
    return f"State {plan['state']}. " + " ".join(seen)
