"""A small set of real French towns, venues and titles, loaded through the gateway like any client would."""

from local_platform.demo.data.load import ensure_demo_set

__all__ = ["ensure_demo_set"]
