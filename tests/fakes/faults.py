"""What a fake does wrong, when: in a set order, or by seeded chance."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Faults:
    """Faults queued with `then` come first, one a request; after them each request draws from `chances`."""

    chances: dict[str, float] = field(default_factory=dict)
    seed: int = 0
    always: str = ""
    """A fault for every request that finds the queue empty."""

    def __post_init__(self) -> None:
        self._queue: deque[str] = deque()
        self._random = random.Random(self.seed)

    def then(self, *names: str) -> None:
        """Queue faults; an empty name is a request that goes well."""
        self._queue.extend(names)

    def draw(self) -> str:
        if self._queue:
            return self._queue.popleft()
        if self.always or not self.chances:
            return self.always
        names, weights = zip(*self.chances.items(), strict=True)
        [drawn] = self._random.choices(["", *names], [1 - sum(weights), *weights])
        return str(drawn)
