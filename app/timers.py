"""Timers that go on when the clock is set back.

A scheduler notes for each of its jobs at what time it is next due. Set back by a day, the clock reaches that
a day late: no status, no offers, nothing let go until then.
"""

import asyncio

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from gum.ports import Clock

LOOK_S = 30.0


async def follow_clock(scheduler: AsyncIOScheduler, clock: Clock, look_s: float = LOOK_S) -> None:
    """Until cancelled: makes every job due at once when the clock has gone back; once more does no harm."""
    last = clock.now()
    while True:
        await asyncio.sleep(look_s)  # by the monotonic clock
        now = clock.now()
        if now < last:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        last = now
