"""Work done aside: asked for in the transaction that wants it, done in steps, resumed, seen by its owner."""

from chassis.jobs.kinds import Job
from chassis.jobs.queue import JobRecord, JobState, cancel, enqueue, find_own
from chassis.jobs.run import Run
from chassis.jobs.timetable import PARIS, Row

__all__ = [
    "PARIS",
    "Job",
    "JobRecord",
    "JobState",
    "Row",
    "Run",
    "cancel",
    "enqueue",
    "find_own",
]
