"""python -m tests.simulation SEED STEPS: plays one seed and shows its last steps."""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from pathlib import Path

from tests.simulation import play as stage
from tests.world import world as worlds


def main() -> None:
    seed, steps = int(sys.argv[1]), int(sys.argv[2])
    last: deque[str] = deque(maxlen=int(sys.argv[3]) if len(sys.argv) > 3 else 40)
    plain = worlds.World.step

    def told(self: worlds.World, fact: object) -> object:
        last.append(f"{self.now:.3f} {fact}")
        try:
            return plain(self, fact)  # type: ignore[arg-type]
        finally:
            last.extend(f"      {effect}"[:300] for effect in self.effects)

    worlds.World.step = told  # type: ignore[assignment,method-assign]
    with tempfile.TemporaryDirectory() as folder:
        try:
            stage.play(seed, steps, Path(folder))
        finally:
            sys.stdout.write("\n".join(last) + "\n")


if __name__ == "__main__":
    main()
