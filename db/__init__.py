"""Memory: what is kept, how it is asked, and the one way to write it."""
