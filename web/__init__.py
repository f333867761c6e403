"""The response team's room: pages and forms over the same actions and questions that the command line uses.

A route says who may take it (routes.py), a page shows, a form acts (forms.py); guard.py stands before all of them.
"""
