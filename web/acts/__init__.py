"""What can be done to an incident: one file a subject, each act a form over the action of the same name."""
