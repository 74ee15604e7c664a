from chassis.cli import run
from notebook.main import SERVICE

run(SERVICE)
