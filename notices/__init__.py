"""Turns an incident and an obligation into words: notices to people and reports to authorities."""
