"""Ways out of the building: each channel hands one envelope over and says truthfully what became of it.

Handing over either returns `Accepted` or raises one of four errors, which differ in what is known, not in how bad it is:

    ChannelError            everything that a channel may raise
    ├── TryAgain            surely not sent; the same envelope may go later, after `retry_after` seconds if given
    ├── Refused             surely not sent, and never will be as it stands; a person decides what next
    ├── Unknown             it may have been sent; only evidence settles it, never a second try
    └── Halt                surely not sent, and nothing else would be either until a person mends the configuration

`stops_run` says that the next envelope would meet the same fate: always true of Halt, true of a full disk or of a server that
answers with a redirect, false otherwise.

Telephone calls, visits and portals have no channel here on purpose. A channel may only say "accepted" when something has left the
building; a call is handed over when its task exists and done when a person records it, and both are rows, so both are actions.
"""
