"""Everything that a deployment can set."""

__version__ = "0.1.0"
