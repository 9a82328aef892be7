"""Coverage, gradients and design: each against a slow reference of a few lines."""

import numpy as np
import pytest

from labelwright import strategies
from labelwright.kernels.d2 import d2_sample
from labelwright.kernels.fisher import Weighted, least_trace
from labelwright.kernels.gradients import Gradients
from labelwright.kernels.k_center import k_center
from labelwright.kernels.k_means import closest, k_means, nearest_each
from labelwright.kernels.places import Places
from labelwright.scores.density import cosine_density
from labelwright.strategies.probcover import pure_radius
from labelwright.strategies.select import select


def plain_keys(idx):
    return idx.astype(np.uint64)


def alone(k):
    return np.array([k])


def cube(n=60, d=3, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def distances(A, B):
    return np.sqrt(((A[:, None].astype(float) - B[None].astype(float)) ** 2).sum(axis=2))


@pytest.fixture
def proba():
    return np.random.default_rng(0).dirichlet(np.ones(4), size=60).astype(np.float32)


# --- k-center beyond the front


@pytest.mark.parametrize("n_covered", [0, 30])
def test_k_center_with_a_front_smaller_than_the_pool_is_the_naive_loop(n_covered):
    X = np.random.default_rng(1).normal(size=(3000, 5)).astype(np.float32)
    covered = X[:n_covered]
    slow, gap = [], distances(X, covered).min(axis=1) if n_covered else np.linalg.norm(X - X.mean(axis=0), axis=1)
    for k in range(60):
        slow.append(int(gap.argmax()))
        step = distances(X, X[slow[-1:]])[:, 0]
        gap = step if k == 0 and not n_covered else np.minimum(gap, step)
        gap[slow] = -1
    assert k_center(Places(X), covered, 60, plain_keys, alone)[0].tolist() == slow


def test_k_center_breaks_ties_outside_the_front_by_key():
    X = np.zeros((5000, 2), dtype=np.float32)
    X[::7] = [1.0, 0.0]
    keys = np.random.default_rng(0).permutation(5000).astype(np.uint64)
    picks, _ = k_center(Places(X), X[1:2], 1, lambda idx: keys[idx], alone)
    assert picks[0] == np.arange(0, 5000, 7)[keys[::7].argmin()]


def test_k_center_agrees_with_scikit_activeml():
    pool = pytest.importorskip("skactiveml.pool")
    X = cube(80, 4)
    y = np.full(80, np.nan)
    y[:5] = 0
    theirs = pool.CoreSet(random_state=0).query(X, y, batch_size=12)
    ours = select("k-center", X[5:], n=12, X_labeled=X[:5], embed=lambda Z: np.asarray(Z)).indices + 5
    assert ours.tolist() == list(theirs)


# --- badge


def test_gradients_are_those_of_the_log_loss(proba):
    H = cube()
    g = proba.copy()
    g[np.arange(60), proba.argmax(axis=1)] -= 1
    explicit = (g[:, :, None] * np.column_stack([H, np.ones(60)])[:, None, :]).reshape(60, -1)
    gradients = Gradients(proba, Places(H, max_bytes=4096))
    assert np.allclose(gradients.norms(), (explicit**2).sum(axis=1), atol=1e-5)
    picks = np.array([4, 9, 33])
    slow = (distances(explicit, explicit[picks]) ** 2).min(axis=1)
    assert np.allclose(gradients.nearest(picks), slow, atol=1e-4)
    assert np.isclose(gradients.nearest_of(7, picks), slow[7], atol=1e-4)


class _Line:
    """Points on a line, as d2_sample sees them."""

    def __init__(self, x):
        self.x = x.astype(np.float32)

    def norms(self):
        return self.x**2

    def nearest(self, picks):
        return ((self.x[:, None] - self.x[picks]) ** 2).min(axis=1)

    def nearest_of(self, row, picks):
        return float(((self.x[row] - self.x[picks]) ** 2).min())


def test_d2_sampling_by_rejection_has_the_chances_of_d2_sampling():
    x = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 7.5])
    n_runs, counts = 6000, np.zeros((6, 6))
    for seed in range(n_runs):
        picks, _ = d2_sample(_Line(x), 3, 5, alone, np.random.default_rng(seed))
        counts[picks[1], picks[2]] += 1
    second = (x - x[5]) ** 2 / ((x - x[5]) ** 2).sum()
    for k in range(5):
        third = np.minimum((x - x[5]) ** 2, (x - x[k]) ** 2)
        expected = second[k] * third / third.sum()
        error = np.sqrt(expected * (1 - expected) / n_runs)
        assert (np.abs(counts[k] / n_runs - expected) <= 4.5 * error + 1e-12).all()


def test_badge_starts_with_the_longest_gradient_and_never_repeats(proba):
    s = select("badge", cube(), n=60, proba=proba, embed=lambda Z: np.asarray(Z))
    assert s.indices[0] == Gradients(proba, Places(cube())).norms().argmax() and len(set(s.indices.tolist())) == 60


# --- bait


def test_bait_is_the_naive_greedy_design():
    rng = np.random.default_rng(0)
    H, w = cube(40, 3), rng.random(40).astype(np.float32)
    V = np.column_stack([H, np.ones(40)]) * w[:, None]
    known, wanted = np.eye(4) * 0.3, V.T @ V / 40

    def trace(rows):
        return np.trace(np.linalg.inv(known + V[rows].T @ V[rows]) @ wanted)

    slow = []
    for _ in range(10):
        slow.append(min((k for k in range(40) if k not in slow), key=lambda k: trace([*slow, k])))
    while len(slow) > 5:
        slow.remove(min(slow, key=lambda k: trace([i for i in slow if i != k])))
    rows = Weighted(Places(H, max_bytes=4096), w)
    assert np.allclose(rows.information(), V.T @ V, rtol=1e-4)
    picks, gain = least_trace(rows, known, wanted, 5, alone, lambda ties: int(ties[0]))
    assert picks.tolist() == slow and (gain > 0).all()


def test_bait_among_the_highest_gains_loses_little():
    H, w = cube(3000, 6), np.random.default_rng(0).random(3000).astype(np.float32)
    V = np.column_stack([H, np.ones(3000)]) * w[:, None]
    known, wanted = np.eye(7) * 0.3, V.T @ V / 3000

    def gain(max_candidates):
        args = 20, alone, lambda ties: int(ties[0]), 2.0, max_candidates
        picks, _ = least_trace(Weighted(Places(H), w), known, wanted, *args)
        assert len(set(picks.tolist())) == 20
        left = np.linalg.inv(known + V[picks].T @ V[picks])
        return np.trace((np.linalg.inv(known) - left) @ wanted)

    assert gain(300) >= 0.98 * gain(10_000)


# --- covers


def test_facility_location_is_greedy_k_medoids():
    X, L = cube(), cube(4, seed=1)  # the twelfth pick is a tie
    far = distances(X, X)
    gap, slow = distances(X, L).min(axis=1), []
    for _ in range(11):
        slow.append(int(np.argmin([np.minimum(gap, far[k]).sum() if k not in slow else np.inf for k in range(60)])))
        gap = np.minimum(gap, far[slow[-1]])
    found = select("facility-location", X, n=11, X_labeled=L, embed=lambda Z: np.asarray(Z))
    assert found.indices.tolist() == slow


def test_probcover_is_greedy_maximum_coverage():
    X, L = cube(100, 2), cube(3, 2, seed=1)
    radius = 0.7
    near = distances(X, X) <= radius
    open_, slow_gains = ~(distances(X, L) <= radius).any(axis=1), []
    taken = set()
    for _ in range(8):
        gains = [(near[k] & open_).sum() if k not in taken else -1 for k in range(100)]
        slow_gains.append(max(gains))
        taken.add(int(np.argmax(gains)))
        open_ &= ~near[int(np.argmax(gains))]
    from labelwright.kernels.herding import ball, coverage, herd

    found = herd(X, X, np.ones(100), coverage(X, L, ball(radius)), ball(radius), 8, plain_keys, alone)
    assert np.allclose(found[1] * 100, slow_gains)


def test_the_radius_of_probcover_is_the_largest_with_the_purity():
    X = cube(200, 2)
    radius = pure_radius(X, 3, 0.9, np.random.default_rng(0))
    centres, _ = k_means(X, np.ones(200), 3, np.random.default_rng(0))
    cluster, far = closest(Places(X), centres), distances(X, X)

    def purity(r):
        return np.mean([(cluster[far[k] <= r] == cluster[k]).all() for k in range(200)])

    assert purity(radius) >= 0.9 and purity(radius * 1.05) < 0.9


def test_uherding_is_the_naive_greedy():
    X, L = cube(), cube(6, seed=1)
    p = np.random.default_rng(0).dirichlet(np.ones(3), size=60)
    ranked = np.sort(p, axis=1)
    doubt = 1 - (ranked[:, -1] - ranked[:, -2])
    apart = distances(L, L) + 1e9 * np.eye(6)
    K = np.exp(-((distances(X, X) / apart.min()) ** 2))
    covered, slow = np.exp(-((distances(X, L) / apart.min()) ** 2)).max(axis=1), []
    for _ in range(9):
        gains = [doubt @ np.maximum(K[k] - covered, 0) if k not in slow else -1 for k in range(60)]
        slow.append(int(np.argmax(gains)))
        covered = np.maximum(covered, K[slow[-1]])
    kw = {"X_labeled": L, "y_labeled": np.arange(6) % 3, "embed": lambda Z: np.asarray(Z)}
    assert select("uherding", X, n=9, proba=p, **kw).indices.tolist() == slow


def test_typiclust_takes_the_most_typical_of_the_largest_clusters_without_a_label():
    rng = np.random.default_rng(0)
    middles = np.array([[0, 0], [30, 0], [0, 30], [30, 30]])
    sizes = (50, 40, 30, 20)
    X = np.concatenate([m + rng.normal(size=(n, 2)) for m, n in zip(middles, sizes, strict=True)]).astype(np.float32)
    found = select("typiclust", X, n=3, X_labeled=X[:1], embed=lambda Z: np.asarray(Z)).indices
    slow, start = [], 50
    for n in sizes[1:]:  # the largest holds the label
        inside = distances(X[start : start + n], X[start : start + n])
        near = np.sort(inside, axis=1)[:, 1 : 1 + min(20, n // 2)]
        slow.append(start + int(near.mean(axis=1).argmin()))
        start += n
    assert found.tolist() == slow


def test_typiclust_agrees_with_scikit_activeml_where_the_clusters_are_plain():
    """On clusters that any k-means finds. Theirs counts an item among its own neighbours and takes 5; the paper 20."""
    pool = pytest.importorskip("skactiveml.pool")
    rng = np.random.default_rng(2)
    X = np.concatenate([m + rng.normal(size=(50 + 5 * i, 2)) for i, m in enumerate(([0, 0], [40, 0], [0, 40]))])
    theirs = pool.TypiClust(random_state=0, k=21, cluster_algo_dict={"n_init": 5, "random_state": 0}).query(
        X, np.full(len(X), np.nan), batch_size=3
    )
    assert select("typiclust", X, n=3, embed=lambda Z: np.asarray(Z)).indices.tolist() == list(theirs)


def test_density_is_the_mean_over_all_pairs():
    X = cube()
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    assert np.allclose(cosine_density(Places(X, max_bytes=2048)), ((1 + unit @ unit.T) / 2).mean(axis=1), atol=1e-6)


def test_k_means_picks_are_nearest_to_the_centres():
    X = cube(90, 2)
    centres, near = k_means(X, np.ones(90), 7, np.random.default_rng(0))
    assert nearest_each(Places(X, max_bytes=512), centres).tolist() == distances(X, centres).argmin(axis=0).tolist()
    assert near.tolist() == distances(X, centres).argmin(axis=1).tolist()


def test_cluster_margin_takes_the_most_doubtful_of_each_cluster():
    rng = np.random.default_rng(0)
    X = np.concatenate([m + 0.1 * rng.normal(size=(10, 2)) for m in ([0, 0], [9, 0], [0, 9])])
    p = rng.uniform(0.5, 0.6, 30)
    kw = {"proba": np.column_stack([p, 1 - p]), "embed": lambda Z: np.asarray(Z)}
    found = select(strategies.make("cluster-margin", prefilter=10.0), X, n=3, **kw).indices
    assert set(found.tolist()) == {10 * c + int(p[10 * c : 10 * c + 10].argmin()) for c in range(3)}


def test_dropquery_asks_where_predictions_flip():
    """A model that says yes above 0: what lies above falls to 0 where its feature is left out, the rest stays."""
    X = np.column_stack([np.r_[np.full(50, -9.0), np.full(50, 9.0)], np.full(100, 4.0)])

    class Model:
        classes_ = np.array([0, 1])

        def predict_proba(self, Z):
            yes = (Z[:, 0] > 0).astype(float)
            return np.column_stack([1 - yes, yes])

    s = select("dropquery", X, n=10, model=Model(), embed=lambda Z: np.asarray(Z))
    assert (s.scores > 0.5).all() and s.indices.min() >= 50
