"""The law as data, and the pure arithmetic that turns facts into duties and dates."""
