"""The commands of `./pass`, one a file. A command imports what it needs when it runs, so that each is quick."""

RUNNING = "The platform"
LOOKING = "Looking into it"
DEVELOPING = "Developing it"
PANELS = (RUNNING, LOOKING, DEVELOPING)
