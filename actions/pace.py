"""Keeps the pace of sending: so many messages a second, and a pause when the other side asks for one."""

from actions import clock

BURST_SECONDS = 0.25
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 900.0


class Pace:
    """A bucket that fills at the rate and holds a quarter of a second's worth. Not for use from several threads."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._tokens = self._most
        self._filled_at = clock.ticks()
        self._paused_until = 0.0
        self._slow_downs = 0

    def take(self, wanted: int) -> int:
        """How many of the wanted messages may go now."""
        if self.wait() > 0:
            return 0
        allowed = min(wanted, int(self._tokens))
        self._tokens -= allowed
        return allowed

    def give_back(self, count: int) -> None:
        """What was allowed and not needed."""
        self._tokens = min(self._most, self._tokens + count)

    def pause(self, seconds: float) -> None:
        """Let nothing go for so long; a shorter pause never ends a longer one."""
        self._paused_until = max(self._paused_until, clock.ticks() + seconds)

    def slow_down(self, seconds: float) -> None:
        """The other side is tired: pause for as long as it says, or twice as long as the last time if it does not say."""
        self._slow_downs += 1
        self.pause(seconds or min(FIRST_PAUSE * 2 ** min(self._slow_downs - 1, 20), LONGEST_PAUSE))

    def speed_up(self) -> None:
        """The other side takes messages again."""
        self._slow_downs = 0

    def wait(self) -> float:
        """Seconds until the next message may go."""
        now = clock.ticks()
        self._tokens = min(self._most, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        short = max(0.0, 1.0 - self._tokens) / self._rate
        return max(self._paused_until - now, short)
