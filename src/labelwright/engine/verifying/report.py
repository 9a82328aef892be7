"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_PROBLEMS = 50


@dataclass
class Report:
    """Lines that say what was checked, and problems, each naming the first thing that is wrong."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Note what was checked."""
        self.lines.append(line)

    def complain(self, problem: str) -> None:
        """Note what is wrong; after fifty the rest is counted by whoever repairs."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
