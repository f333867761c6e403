"""The law as data, and the pure arithmetic that turns facts into duties and dates.

What it refuses, each a ValueError of one sentence with its place:

BadFacts    something said about an incident cannot stand (facts.py)
BadLaw      a file of the book cannot be used (law.py)
BadYaml     a text is not YAML that this house reads (reading.py); the two above carry it further
"""
