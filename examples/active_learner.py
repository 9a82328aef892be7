"""The loop with yourself as the annotator; here the answers are looked up: ``python examples/active_learner.py``."""

from __future__ import annotations

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import labelwright as lw
from labelwright.stopping import make


def main() -> None:
    """Label 60 of 398 rows; measure on rows that were drawn at random before."""
    X, y = load_breast_cancer(return_X_y=True)
    X_pool, X_test, y_pool, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    learner = lw.ActiveLearner(model, batch_size=10, stop=make("budget", n_labels=60))
    for batch in learner.rounds(X_pool):
        answers = [int(y_pool[i]) for i in batch.indices]  # ask a person here; None skips an item
        learner.teach(batch, answers)
        print(f"{len(learner.history_) * 10:3} labels: {learner.model_.score(X_test, y_test):.3f}")


if __name__ == "__main__":
    main()
