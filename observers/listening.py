"""A connection to a message bus for a source that listens on it, inside a loop of its own. Knows no service.

Whoever only asks now and then takes `observers.backends.session_bus`.
"""

import asyncio
import contextlib
from collections.abc import Sequence

from dbus_fast import DBusFastError, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus

from observers.bus import Body, Ref

ANSWER_S = 3.0  # who does not answer within this is treated as silent
# What a bus that is not there, silent or gone makes one raise; TimeoutError is an OSError.
LOST = (OSError, EOFError, ValueError, DBusFastError)


async def connected(address: str) -> MessageBus:
    """A connection to the bus at `address`. Raises one of LOST."""
    if not address:
        raise ValueError("there is no such bus")
    bus = MessageBus(bus_address=address)
    try:
        await asyncio.wait_for(bus.connect(), ANSWER_S)
    except BaseException:  # whatever it is: its socket is ours to close
        bus.disconnect()
        raise
    return bus


async def ask(
    bus: MessageBus, ref: Ref, interface: str, member: str, signature: str = "", body: Sequence[object] = ()
) -> Body | None:
    """The answer's arguments; None for a no. Starts nobody who is not there. Raises one of LOST."""
    call = Message(
        destination=ref[0],
        path=ref[1],
        interface=interface,
        member=member,
        signature=signature,
        body=list(body),
        flags=MessageFlag.NO_AUTOSTART,
    )
    answer = await asyncio.wait_for(bus.call(call), ANSWER_S)
    if answer is None or answer.message_type is MessageType.ERROR:
        return None
    return list(answer.body)


async def left(bus: MessageBus) -> None:
    """Ends a connection, whatever became of it, and returns when it is over."""
    bus.disconnect()
    await gone(bus)


async def gone(bus: MessageBus) -> None:
    """Returns when a connection is over, however it ended."""
    with contextlib.suppress(*LOST):
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
