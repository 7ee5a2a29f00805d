import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.timers import follow_clock

DAY = timedelta(days=1)


class SetBack:
    """A clock that is set back by a day after it was first looked at."""

    def __init__(self) -> None:
        self.ahead = DAY

    def now(self) -> datetime:
        ahead, self.ahead = self.ahead, timedelta()
        return datetime.now(UTC) + ahead


def test_a_clock_that_was_set_back_by_a_day_delays_no_timer_by_a_day() -> None:
    async def scenario() -> None:
        done = asyncio.Event()

        async def job() -> None:
            done.set()

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(job, "interval", seconds=30, next_run_time=datetime.now(UTC) + DAY)
        scheduler.start()
        following = asyncio.create_task(follow_clock(scheduler, SetBack(), 0.01))
        try:
            await asyncio.wait_for(done.wait(), 20)
            [left] = scheduler.get_jobs()
            assert left.next_run_time - datetime.now(UTC) <= timedelta(seconds=30)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            scheduler.shutdown(wait=False)

    asyncio.run(scenario())
