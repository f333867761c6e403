"""What can be looked at: one page a file."""
