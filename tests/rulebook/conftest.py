"""Properties are tried on many cases; how long one takes is no part of any of them."""

from hypothesis import settings

settings.register_profile("no time limits", deadline=None)
settings.load_profile("no time limits")
