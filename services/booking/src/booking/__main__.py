from booking.main import SERVICE
from chassis.cli import run

run(SERVICE)
