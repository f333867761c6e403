"""Verbs: one verb, one file, one transaction; the only writers."""
