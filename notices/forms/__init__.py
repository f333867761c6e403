"""The authorities' forms as data: which questions they ask, in their order and words, and where each answer comes from."""
