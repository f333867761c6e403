"""Servers that stand in for the world: over real sockets on loopback, with faults on demand, and a memory that survives the sender."""
