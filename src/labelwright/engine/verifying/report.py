"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_PROBLEMS = 50


@dataclass
class Report:
    """Lines that say what was checked, and problems, each naming the first thing that is wrong.

    Attributes
    ----------
    n_problems : int
        How many were found; the list keeps the first fifty.
    """

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    n_problems: int = 0

    def say(self, line: str) -> None:
        """Note what was checked."""
        self.lines.append(line)

    def complain(self, problem: str) -> None:
        """Note what is wrong."""
        self.n_problems += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def close(self) -> None:
        """Say how many problems there are beside those listed."""
        if self.n_problems > len(self.problems):
            self.problems.append(f"and {self.n_problems - len(self.problems)} more.")
            self.n_problems = len(self.problems)
