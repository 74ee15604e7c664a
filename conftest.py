"""Fixtures of the whole suite: real servers, and services opened on fresh databases."""

import hypothesis

pytest_plugins = ["local_platform.testing", "chassis.testing", "chassis.outbound.partner"]

# Properties are judged, not how busy the machine is.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
