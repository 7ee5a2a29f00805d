"""Paths to `app.clients.Clients`: the person's own, and those by which a program asks to be let in."""

from fastapi import FastAPI, Response

from app.api.problems import documented, problem
from app.clients import Clients
from app.clients_shapes import (
    ClientIn,
    ClientList,
    ClientMade,
    ClientPatch,
    PairCodeIn,
    PairedOut,
    PairIn,
    PairingChoiceIn,
    PairingList,
    PairOut,
)
from app.pairing import Busy


def add_clients(api: FastAPI, clients: Clients) -> None:
    """The person's paths: who was let in, who asks to be."""

    @api.get("/clients")
    async def clients_() -> ClientList:
        """The programs that were let in, also those that were revoked lately."""
        return await clients.listed()

    @api.post("/clients")
    async def add_client(body: ClientIn) -> ClientMade:
        """Lets a program in without a code, for whoever can read the owner's token is the person."""
        return await clients.add(body)

    @api.patch("/clients/{client_id}")
    async def change_client(client_id: str, body: ClientPatch) -> ClientList:
        """Another scope or end, in force at once."""
        return await clients.change(client_id, body)

    @api.delete("/clients/{client_id}")
    async def revoke_client(client_id: str) -> ClientList:
        """It may not ask any more, from now on."""
        return await clients.revoke(client_id)

    @api.get("/pairings")
    async def pairings() -> PairingList:
        """The programs that wait for the code that is shown here."""
        return clients.pairings()

    @api.post("/pairings/{pairing_id}")
    async def choose(pairing_id: str, body: PairingChoiceIn) -> PairingList:
        """What it will be given when its code is typed."""
        return clients.choose(pairing_id, body)

    @api.delete("/pairings/{pairing_id}")
    async def refuse(pairing_id: str) -> PairingList:
        """It is not let in; its code is good for nothing."""
        return clients.refuse(pairing_id)


def add_pairing(api: FastAPI, clients: Clients, prefix: str = "/v1") -> None:
    """The two paths that need no token, for there is none yet. `prefix`: "" below a mount."""

    @api.post(
        f"{prefix}/pair",
        status_code=202,
        operation_id="pair",
        tags=["pairing"],
        responses=documented(400, 403, 413, 415, 422, 423, 429, 500, 503),
        response_model=PairOut,
    )
    async def pair(body: PairIn) -> PairOut | Response:
        """Ask to be let in. The person is shown a code of six digits: ask for it, within five minutes."""
        try:
            return clients.begin(body)
        except Busy as error:
            return problem(429, error.title, error.hint, {"Retry-After": str(error.after_s)})

    @api.post(
        f"{prefix}/pair/{{pairing_id}}",
        operation_id="pair_finish",
        tags=["pairing"],
        responses=documented(400, 403, 413, 415, 422, 423, 429, 500, 503),
    )
    async def pair_finish(pairing_id: str, body: PairCodeIn) -> PairedOut:
        """Give the code, and take the token. Whatever is wrong is answered by the same 403; the third wrong
        code ends the pairing."""
        return await clients.finish(pairing_id, body)
