"""The schema's history: one numbered step after another, up and down, the same on SQLite and PostgreSQL."""
