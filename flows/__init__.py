"""Order: the Prefect flows, and the only room that knows Prefect."""
