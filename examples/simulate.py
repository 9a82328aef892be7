"""Would active learning have helped? Replay labeled data and compare strategies: ``python examples/simulate.py``."""

from __future__ import annotations

from sklearn.datasets import load_digits

import labelwright as lw


def main() -> None:
    """Compare three strategies on handwritten digits."""
    X, y = load_digits(return_X_y=True)
    results = lw.simulate(
        X, y, "linear", strategies=["auto", "margin", "random"], n_initial=20, batch_size=10, budget=100, seeds=range(3)
    )
    print(results.summary()[["aulc", "delta_vs_random", "wins", "losses"]].round(3).to_string())
    print(f"trained on the whole pool: {results.full.mean():.3f} {results.metric}")


if __name__ == "__main__":
    main()
