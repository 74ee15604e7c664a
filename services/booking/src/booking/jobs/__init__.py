"""What booking does by itself at night (domain.md §4.5), each with its line of the timetable.

Each may be given the instant of a run (`--at`, ISO 8601 with an offset) to replay a night.
"""
