"""Uncertainty, committee and information scores against slow references, the papers' figures and scikit-activeml."""

import itertools

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy
from scipy.stats import spearmanr
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from labelwright import strategies, tasks
from labelwright.check import check_finite, check_proba
from labelwright.errors import InputError
from labelwright.evidence.committees import _gaussian, different
from labelwright.evidence.committees import committee as make_committee
from labelwright.kernels.gumbel import powered
from labelwright.kernels.joint import Configurations
from labelwright.kernels.last_layer import Curvature, softmax, with_one
from labelwright.kernels.plogp import shannon
from labelwright.kernels.rows import as_rows
from labelwright.kernels.top_two import largest, top_two
from labelwright.scores import committee, diversity, gradient, information, reduction, uncertainty
from labelwright.strategies import Evidence
from labelwright.strategies.select import select
from labelwright.strategies.shared.given import infer_task, plain_schema
from labelwright.testing.samples import sample_task


def dirichlet(*size, n_classes=4, sharp=0.7, seed=0):
    return np.random.default_rng(seed).dirichlet(np.full(n_classes, sharp), size=size)


def kl(p, q):
    return scipy_entropy(p, q)


# --- one model


@pytest.mark.parametrize("n_classes", [2, 3, 10, 64, 65, 1000])
@pytest.mark.parametrize("layout", ["C", "F", "strided", "memmap", "float64"])
def test_fast_scores_are_a_sort_in_every_layout(n_classes, layout, tmp_path):
    proba = dirichlet(300, n_classes=n_classes)
    if layout != "float64":
        proba = proba.astype(np.float32)
    if layout == "F":
        proba = np.asfortranarray(proba)
    if layout == "strided":
        proba = np.repeat(np.repeat(proba, 2, axis=0), 3, axis=1)[::2, ::3]
    if layout == "memmap":
        np.save(tmp_path / "p.npy", proba)
        proba = np.load(tmp_path / "p.npy", mmap_mode="r")
    ranked = np.sort(proba, axis=1)
    first, second = ranked[:, -1], ranked[:, -2]
    assert (uncertainty.margin(proba) == second - first).all()
    assert (uncertainty.least_confidence(proba) == 1 - first).all()
    assert (uncertainty.ratio(proba) == second / first).all()
    assert np.allclose(uncertainty.entropy(proba), scipy_entropy(proba, axis=1), rtol=1e-4, atol=1e-6)
    assert (top_two(np.asarray(proba))[1] == second).all() and (largest(np.asarray(proba)) == first).all()


def test_many_rows_are_many_blocks():
    proba = np.tile(dirichlet(1000, n_classes=3).astype(np.float32), (300, 1))
    assert (uncertainty.margin(proba) == np.tile(uncertainty.margin(proba[:1000]), 300)).all()


@pytest.mark.parametrize(
    "score", [uncertainty.margin, uncertainty.least_confidence, uncertainty.entropy, uncertainty.ratio]
)
def test_a_bad_row_is_named_wherever_it_is(score):
    proba = np.tile(dirichlet(1000, n_classes=3).astype(np.float32), (300, 1))
    for row, value in ((0, 0.25), (123_456, 2.0), (299_999, np.nan)):
        bad = proba.copy()
        bad[row] = value
        with pytest.raises(InputError, match=rf"rows that sum to 1 within 1e-3, got {3 * value:g} at row {row}\."):
            score(bad)
    bad = proba.copy()
    bad[7] = -0.5, 1.0, 0.5
    with pytest.raises(InputError, match="got 1 at row 7"):
        score(bad)
    for shape in ((5,), (5, 1), (2, 5, 3)):
        with pytest.raises(InputError, match="with two classes or more"):
            score(np.ones(shape))
    assert len(score(np.empty((0, 3)))) == 0


def test_finite_is_told_from_large():
    check_finite("x", "y", np.full((3, 3), 1e30, dtype=np.float32))  # whose squares overflow
    check_finite("x", "y", np.zeros((4, 4))[::2, ::2])
    check_finite("x", "y", np.array([2**62, 2**62]))
    check_proba("x", np.empty((0, 2)))
    for bad in (np.nan, np.inf, -np.inf):
        for array in (np.zeros((4, 3), np.float32), np.zeros((4, 6))[:, ::2], np.asfortranarray(np.zeros((4, 3)))):
            array[2, 1] = bad
            with pytest.raises(InputError, match=f"{bad} at row 2"):
                check_finite("x", "y", array)


def test_ratio_ranks_two_classes_like_margin():
    proba = dirichlet(50, n_classes=2)
    assert (np.argsort(uncertainty.ratio(proba)) == np.argsort(uncertainty.margin(proba))).all()


@pytest.mark.parametrize("name", ["least-confidence", "margin", "ratio", "entropy"])
@pytest.mark.parametrize("over", ["mean", "max"])
def test_labels_are_combined(name, over):
    yes = np.random.default_rng(0).random((40, 3))
    score = getattr(uncertainty, name.replace("-", "_"))
    each = np.stack([score(np.stack([p, 1 - p], axis=1)) for p in yes.T], axis=1)
    slow = getattr(each, over)(axis=1)
    found = select(strategies.make(name, over=over), np.zeros((40, 1)), n=40, proba=yes, y_labeled=np.eye(3, dtype=int))
    assert found.indices.tolist() == np.argsort(-slow).tolist()
    assert np.allclose(found.scores, np.sort(slow)[::-1], atol=1e-6)
    with pytest.raises(InputError, match="over must be one of max, mean"):
        strategies.make(name, over="min")


# --- a committee


def test_committee_scores():
    draws = dirichlet(6, 100)
    mean, votes = draws.mean(axis=0), draws.argmax(axis=2)
    counts = np.stack([np.bincount(votes[:, i], minlength=4) for i in range(100)])
    assert np.allclose(committee.vote_entropy(draws), scipy_entropy(counts / 6, axis=1))
    assert np.allclose(committee.variation_ratio(draws), 1 - counts.max(axis=1) / 6)
    assert np.allclose(committee.consensus_entropy(draws), scipy_entropy(mean, axis=1))
    far = np.array([[kl(member[i], mean[i]) for member in draws] for i in range(100)])
    assert np.allclose(committee.max_disagreement(draws), far.max(axis=1))
    assert np.allclose(committee.committee_kl(draws), far.mean(axis=1))
    assert (committee.committee_kl(draws) == information.bald(draws)).all()
    assert np.allclose(committee.min_margin(draws), np.max([uncertainty.margin(member) for member in draws], axis=0))


def test_committee_scores_where_members_exclude_classes():
    sure = np.eye(3)[[[0, 0], [1, 0], [2, 0]]]  # three members, two items: each its own class, all the same class
    assert np.allclose(committee.max_disagreement(sure), [np.log(3), 0])
    assert np.allclose(information.bald(sure), [np.log(3), 0])
    assert np.allclose(committee.variation_ratio(sure), [2 / 3, 0])
    many = np.eye(2)[np.arange(300) % 2][:, None]  # more members than a byte counts
    assert np.allclose(committee.vote_entropy(many), np.log(2)) and np.allclose(committee.variation_ratio(many), 0.5)


@pytest.mark.parametrize("score", [committee.vote_entropy, committee.variation_ratio, committee.consensus_entropy,
                                   committee.committee_kl, committee.max_disagreement, committee.min_margin, information.bald])  # fmt: skip
def test_a_bad_member_is_refused(score):
    draws = dirichlet(3, 20)
    draws[1, 13] = 2
    with pytest.raises(InputError, match="got 8 at row 13"):
        score(draws)
    for bad in (draws[0], draws[:0]):
        with pytest.raises(InputError, match="n_draws, n_items, n_classes"):
            score(bad)


@pytest.mark.parametrize("name", ["vote-entropy", "variation-ratio", "consensus-entropy", "committee-kl",
                                  "max-disagreement", "bald", "min-margin", "power-bald"])  # fmt: skip
def test_draws_of_labels_are_scored_label_by_label(name):
    draws = np.random.default_rng(0).random((5, 30, 3))
    task = tasks.make("multilabel", plain_schema(3))
    strategy = strategies.make(name)
    found = strategy.score(Evidence(np.zeros((30, 1)), task=task, committee=lambda: draws))
    pairs = np.stack([draws, 1 - draws], axis=-1)
    module = information if "bald" in name else committee
    score = getattr(module, name.replace("power-", "").replace("-", "_"))
    assert np.allclose(found, np.mean([score(pairs[:, :, k]) for k in range(3)], axis=0), atol=1e-6)


def test_scikit_activeml_agrees_on_committees():
    pool = pytest.importorskip("skactiveml.pool")
    draws = dirichlet(6, 100)
    votes = draws.argmax(axis=2).T
    assert np.allclose(committee.vote_entropy(draws), pool.vote_entropy(votes, classes=np.arange(4)))
    assert np.allclose(committee.variation_ratio(draws), pool.variation_ratios(votes))
    assert np.allclose(committee.committee_kl(draws), pool.average_kl_divergence(draws.copy()), atol=1e-5)
    proba = draws[0]
    for ours, theirs in (
        ("least_confidence", "least_confident"),
        ("margin", "margin_sampling"),
        ("entropy", "entropy"),
    ):
        found = getattr(uncertainty, ours)(proba)
        expected = pool.uncertainty_scores(proba, method=theirs)
        # theirs is 1 - (p1 - p2), ours -(p1 - p2): the same order
        assert np.allclose(found + (ours == "margin"), expected)


def test_disagreement_is_counted_pair_by_pair():
    draws = dirichlet(5, 60)
    votes = draws.argmax(axis=2)
    slow = np.array([[np.mean(a != b) for b in votes] for a in votes])
    assert np.allclose(diversity.disagreement(draws), slow)
    assert np.isclose(diversity.committee_diversity(draws), slow[np.triu_indices(5, 1)].mean())
    numbers = np.array([[0.0, 2.0], [0.0, 4.0]])  # the mean is 0 and 3, its spread 1.5
    assert np.isclose(diversity.committee_diversity(numbers), np.mean([0, 2]) / 1.5)
    assert (
        diversity.committee_diversity(draws[:1]) == 0 == diversity.committee_diversity(np.repeat(draws[:1], 3, axis=0))
    )
    labels = np.random.default_rng(0).random((5, 30, 4))
    slow = np.mean([((a >= 0.5) != (b >= 0.5)).mean() for a, b in itertools.combinations(labels, 2)])
    assert np.isclose(diversity.committee_diversity(diversity.label_by_label(labels)), slow)
    known = {"X_labeled": np.eye(4), "y_labeled": np.eye(4, dtype=int)}
    why = select("vote-entropy", np.zeros((30, 4)), n=3, proba=labels[0], draws=labels, **known).why
    assert str(why) == f"The committee of 5 disagrees by {slow:.3f} on average."
    with pytest.raises(InputError, match="one member and one item"):
        diversity.disagreement(draws[:, :0])


# --- sampling in proportion


def test_powered_draws_in_proportion_to_the_power_of_the_gain():
    rng, gains = np.random.default_rng(0), np.array([0.0, 1.0, 2.0, 3.0])
    for beta, weights in ((0.0, [0, 1, 1, 1]), (1.0, [0, 1, 2, 3]), (2.0, [0, 1, 4, 9])):
        first = [int(powered(gains, beta, rng).argmax()) for _ in range(4000)]
        assert np.allclose(np.bincount(first, minlength=4) / 4000, np.array(weights) / sum(weights), atol=0.03)
    assert all(powered(gains, 1.0, rng).argmin() == 0 for _ in range(50))
    assert np.isfinite(powered(np.zeros(3), 1.0, rng)).all()


def test_power_strategies_have_new_noise_in_every_batch_and_none_at_infinity():
    proba, draws, X = dirichlet(200), dirichlet(5, 200), np.zeros((200, 1))
    rng = np.random.default_rng(0)
    for name, plain, kw in (("power-margin", "margin", {"proba": proba}), ("power-bald", "bald", {"draws": draws})):
        twice = [set(select(name, X, n=10, random_state=rng, **kw).indices) for _ in range(2)]
        assert twice[0] != twice[1]
        greedy = select(strategies.make(name, beta=np.inf), X, n=10, **kw).indices
        assert greedy.tolist() == select(plain, X, n=10, **kw).indices.tolist()


# --- information


def slow_epig(draws, targets):
    """The mean over targets of sum p(y, y*) log(p(y, y*) / (p(y) p(y*)))."""
    out = []
    for i in range(draws.shape[1]):
        each = []
        for t in range(targets.shape[1]):
            joint = np.mean([np.outer(a, b) for a, b in zip(draws[:, i], targets[:, t], strict=True)], axis=0)
            apart = np.outer(draws[:, i].mean(axis=0), targets[:, t].mean(axis=0))
            each.append((joint * np.log(joint / apart)).sum())
        out.append(np.mean(each))
    return np.array(out)


@pytest.mark.parametrize("max_bytes", [None, 4096])
def test_epig(max_bytes):
    draws, targets = dirichlet(5, 30), dirichlet(5, 7, seed=1)
    found = information.epig(draws, targets, max_bytes)
    assert np.allclose(found, slow_epig(draws, targets), atol=2e-6)
    assert (found <= information.bald(draws) + 2e-6).all()  # y tells of y* only through the member
    with pytest.raises(InputError, match="targets"):
        information.epig(draws, targets[:4])
    with pytest.raises(InputError, match="got 8 at row 2"):
        information.epig(np.where(np.arange(30)[:, None] == 2, 2, draws), targets)


def test_epig_keeps_the_highest_bald_of_a_large_pool():
    draws, X = dirichlet(5, 400), np.random.default_rng(0).normal(size=(400, 2))
    whole = select("epig", X, n=5, draws=draws).indices
    some = select(strategies.make("epig", max_candidates=100), X, n=5, draws=draws).indices
    assert set(some) <= set(np.argsort(-information.bald(draws))[:100])
    assert len(set(some) & set(whole)) >= 4


def joint_information(draws, batch):
    """I(y_1 .. y_b; member) by writing out every configuration."""
    n_classes, total = draws.shape[2], 0.0
    for ys in itertools.product(range(n_classes), repeat=len(batch)):
        each = np.prod([draws[:, i, y] for i, y in zip(batch, ys, strict=True)], axis=0)
        total -= each.mean() * np.log(each.mean())
    return total - sum(scipy_entropy(draws[:, i], axis=1).mean() for i in batch)


def plain_greedy(draws, n, costs=None):
    batch, before, costs = [], 0.0, np.ones(draws.shape[1]) if costs is None else costs
    gains = []
    for _ in range(n):
        after = {i: joint_information(draws, [*batch, i]) for i in range(draws.shape[1]) if i not in batch}
        best = max(after, key=lambda i: (after[i] - before) / costs[i])
        gains.append(after[best] - before)
        before = after[best]
        batch.append(best)
    return batch, gains


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("priced", [False, True])
def test_batch_bald_is_plain_greedy_while_configurations_are_exact(seed, n_classes, priced):
    draws = dirichlet(5, 25, n_classes=n_classes, seed=seed)
    costs = np.random.default_rng(seed).uniform(1, 3, 25) if priced else None
    slow, gains = plain_greedy(draws, 4, costs)
    for kind in (draws, draws.astype(np.float32)):
        found = select("batch-bald", np.arange(25.0)[:, None], n=4, draws=kind, costs=costs)
        assert found.indices.tolist() == slow
        assert np.allclose(found.reasons["information"], gains, atol=1e-6)


def test_lazy_batch_bald_is_plain_greedy_over_many_candidates():
    """More candidates than are renewed at a time, so that bounds decide."""
    draws = dirichlet(6, 3000, n_classes=3, seed=2)
    found = select("batch-bald", np.arange(3000.0)[:, None], n=6, draws=draws)
    batch, rng = Configurations(6, 10_000), np.random.default_rng(0)
    spread, taken = np.stack([shannon(member) for member in draws]), []
    for _ in range(6):
        added = batch.information(draws, spread)
        added[taken] = -1
        taken.append(int(added.argmax()))
        batch.add(draws[:, taken[-1]], rng)
    assert found.indices.tolist() == taken


def test_drawn_configurations_are_unbiased():
    """The remaining information about the member is unbiased over samples, and close to it in each."""
    draws = dirichlet(6, 7, n_classes=3, seed=3)
    left = []
    for seed, most in [(0, 10_000)] + [(seed, 400) for seed in range(30)]:
        batch, rng = Configurations(6, most), np.random.default_rng(seed)
        for i in range(7):
            batch.add(draws[:, i], rng)
        assert np.isclose(batch.weight.sum(), 1) and len(batch.weight) <= most
        left.append(batch.weight @ shannon(batch.posterior))
    assert np.isclose(left[0], np.log(6) - joint_information(draws, range(7)))
    assert abs(np.mean(left[1:]) - left[0]) < 4 * np.std(left[1:]) / np.sqrt(30) + 1e-9
    assert np.std(left[1:]) < 0.06


def test_batch_bald_does_not_ask_the_same_twice():
    """The figure of the paper: two copies of the most informative item, and another one; BALD picks both copies."""
    a, b = [[0.95, 0.05], [0.05, 0.95], [0.95, 0.05], [0.05, 0.95]], [[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]]
    draws, X = np.stack([a, a, b], axis=1), np.arange(3.0)[:, None]
    assert set(select("bald", X, n=2, draws=draws).indices) == {0, 1}
    assert set(select("batch-bald", X, n=2, draws=draws).indices) in ({0, 2}, {1, 2})


def test_scikit_activeml_agrees_on_batch_bald():
    pool = pytest.importorskip("skactiveml.pool")
    draws = dirichlet(5, 25, n_classes=3)
    found = select("batch-bald", np.arange(25.0)[:, None], n=4, draws=draws)
    # theirs are sums over the batch so far, ours what each pick adds; exact for as many configurations as it may sample
    theirs = pool.batch_bald(draws.copy(), batch_size=4, n_MC_samples=10_000, random_state=0)
    assert np.nanargmax(theirs, axis=1).tolist() == found.indices.tolist()
    assert np.allclose(np.nanmax(theirs, axis=1), np.cumsum(found.scores), atol=1e-5)


# --- looking ahead


def blobs(n_classes, seed, n_labeled=60, n_items=40, n_dims=3):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(n_classes, n_dims))
    y = np.concatenate([np.arange(n_classes), rng.integers(n_classes, size=n_labeled + n_items - n_classes)])
    X = centres[y] + rng.normal(size=(len(y), n_dims))
    return X[:n_labeled], y[:n_labeled], X[n_labeled:]


def refitted(model, X, X_labeled, y, loss):
    """Expected error reduction by refitting for each possible answer."""

    def expected_loss(m):
        p = m.predict_proba(X)
        return (scipy_entropy(p, axis=1) if loss == "log" else 1 - p.max(axis=1)).mean()

    now, out = expected_loss(model), np.zeros(len(X))
    for i, p in enumerate(model.predict_proba(X)):
        for k, p_k in enumerate(p):
            more = LogisticRegression(tol=1e-8, max_iter=500).fit(np.vstack([X_labeled, X[i]]), np.append(y, k))
            out[i] += p_k * (now - expected_loss(more))
    return out


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("loss", ["log", "zero-one"])
def test_expected_error_reduction_is_like_refitting(n_classes, loss):
    ranks = []
    for seed in range(2):
        known, y, X = blobs(n_classes, seed)
        model = LogisticRegression(tol=1e-8, max_iter=500).fit(known, y)
        slow = refitted(model, X, known, y, loss)
        p, q = model.predict_proba(X), model.predict_proba(known)
        fast = reduction.expected_error_reduction(p, X, (p, X), (q, known), loss=loss, min_proba=0)
        ranks.append(spearmanr(slow, fast).statistic)
        assert slow[fast.argmax()] >= np.quantile(slow, 0.8)
        picked = select(strategies.make("expected-error-reduction", loss=loss, min_proba=0), X, n=5, proba=p,
                        embed=lambda A: A, X_labeled=known, y_labeled=y)  # fmt: skip
        assert len(set(picked.indices) & set(np.argsort(-fast)[:5])) >= 4
    assert min(ranks) > 0.8, ranks


def test_the_step_of_two_classes_is_that_of_a_refit():
    """Where much is labeled, one answer moves the coefficients as the closed form says."""
    known, y, X = blobs(2, 5, n_labeled=400)
    model = LogisticRegression(tol=1e-10, max_iter=1000).fit(known, y)
    more = LogisticRegression(tol=1e-10, max_iter=1000).fit(np.vstack([known, X[:1]]), np.append(y, 1))
    layer, item = Curvature(with_one(known), model.predict_proba(known), 1.0), with_one(X[:1])
    steps = layer.steps(model.predict_proba(X[:1]), np.array([1]), layer.own(item))
    moved = (layer.directions * (steps[0] * (layer.inverses[0] @ item[0]))[:, None, None]).squeeze()
    change = np.append(more.coef_ - model.coef_, more.intercept_ - model.intercept_)
    assert np.allclose(moved[:, 1] - moved[:, 0], change, rtol=0.05, atol=1e-3)


def test_answers_that_are_unlikely_change_nothing():
    known, y, X = blobs(3, 0)
    model = LogisticRegression().fit(known, y)
    p, q = model.predict_proba(X), model.predict_proba(known)
    none = reduction.expected_error_reduction(p, X, (p, X), (q, known), min_proba=1.0)
    assert (none == 0).all()
    for bad in ({"loss": "hinge"}, {"min_proba": 2.0}):
        with pytest.raises(InputError):
            reduction.expected_error_reduction(p, X, (p, X), (q, known), **bad)
    with pytest.raises(InputError, match="targets"):
        reduction.expected_error_reduction(p, X, (p[:0], X[:0]), (q, known))


def test_targets_count_by_their_share_and_tiles_are_nothing():
    known, y, X = blobs(3, 0)
    model = LogisticRegression().fit(known, y)
    p, q = model.predict_proba(X), model.predict_proba(known)
    for loss in ("log", "zero-one"):
        one = reduction.expected_error_reduction(p, X, (p[:2], X[:2]), (q, known), loss=loss)
        many = [np.repeat(part[:2], 50, axis=0) for part in (p, X)]
        for max_bytes in (None, 4096):
            same = reduction.expected_error_reduction(
                p, X, (many[0], many[1]), (q, known), loss=loss, max_bytes=max_bytes
            )
            assert np.allclose(one, same, atol=1e-5)


def test_expected_gradient_length_reads_the_embedding_in_passes():
    proba, H = dirichlet(50), np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    task = tasks.make("classification", plain_schema(4))
    evidence = Evidence(H, task=task, predict=lambda: task.predictions(proba))
    found = strategies.make("expected-gradient-length").score(evidence)
    assert np.allclose(found, gradient.expected_gradient_length(proba, H), rtol=1e-5)


# --- committees made for one selection

rng = np.random.default_rng(0)
X_ALL = rng.normal(size=(200, 4))
Y_ALL = np.array(list("abc"))[X_ALL[:, :3].argmax(axis=1)]


def made(model, kind, y=Y_ALL):
    model.fit(X_ALL[:60], y[:60])
    task = infer_task(model, y[:60], None, None)
    return make_committee(as_rows(X_ALL[60:]), model, task, None, as_rows(X_ALL[:60]), y[:60], kind=kind)()


@pytest.mark.parametrize("kind", ["auto", "bagging", "families", "laplace"])
@pytest.mark.parametrize("y", [Y_ALL, (X_ALL[:, 0] > 0).astype(int)], ids=["three", "two"])
@pytest.mark.parametrize(
    "steps", [LogisticRegression(), make_pipeline(StandardScaler(), LogisticRegression())], ids=["plain", "pipeline"]
)
def test_every_kind_of_committee(kind, y, steps):
    draws = made(steps, kind, y)
    assert draws.shape[1:] == (140, len(np.unique(y))) and np.allclose(draws.sum(axis=2), 1, atol=1e-5)
    assert 0 < diversity.committee_diversity(draws) < 0.5
    assert np.abs(draws.mean(axis=0) - steps.predict_proba(X_ALL[60:])).mean() < 0.15
    assert (draws == made(steps, kind, y)).all()


def test_committees_of_forests_and_of_what_does_not_fit():
    forest = RandomForestClassifier(6, random_state=0)
    trees = made(forest, "forest")
    assert (trees == np.stack([tree.predict_proba(X_ALL[60:]) for tree in forest.estimators_])).all()
    for model, kind in ((forest, "laplace"), (LogisticRegression(), "forest"), (forest, "nope")):
        with pytest.raises(InputError, match="must be"):
            made(model, kind)


def test_families_serve_labels_and_numbers():
    from sklearn.linear_model import Ridge

    labels = RandomForestClassifier(5, random_state=0)
    assert made(labels, "families", (X_ALL[:, :2] > 0).astype(int)).shape == (3, 140, 2)
    draws = made(Ridge(), "families", X_ALL[:, 0])
    assert draws.shape == (4, 140) and 0 < diversity.committee_diversity(draws) < 1


def test_gaussian_draws_have_the_inverse_hessian():
    root = np.random.default_rng(0).normal(size=(4, 3))
    for A in (root, root.T):  # more rows than columns, and fewer
        drawn = _gaussian(A, 0.5, 200_000, np.random.default_rng(1))
        assert np.allclose(np.cov(drawn.T), np.linalg.inv(A.T @ A + 0.5 * np.eye(A.shape[1])), atol=0.03)


def test_members_that_are_alike_are_drawn_again():
    pool = dirichlet(30, 40)
    calls = []

    def members(n, seed):
        calls.append(n)
        return np.repeat(pool[:1], n, axis=0) if seed == 0 else pool[10 * seed : 10 * seed + n].copy()

    draws = different(members, sample_task("classification"), "bagging")
    assert calls == [8, 7] and diversity.disagreement(draws)[np.triu_indices(8, 1)].min() > 0
    with pytest.raises(InputError, match="members that disagree somewhere"):
        different(lambda n, seed: np.repeat(pool[:1], n, axis=0), sample_task("classification"), "bagging")


def test_a_model_may_draw_for_itself():
    class Dropout(LogisticRegression):
        def predict_draws(self, X, n_draws):
            return np.stack([self.predict_proba(X)] * n_draws)

    assert made(Dropout(), "auto").shape == (8, 140, 3)


def test_softmax():
    assert np.allclose(softmax(np.log(np.array([[1.0, 3.0]]))), [[0.25, 0.75]])
