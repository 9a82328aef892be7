"""Secrets of webhooks are encrypted at rest, by a key outside the database, and lose nothing if the key is away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.webhooks import told
from labelwright.engine.webhooks.delivering import deliver
from labelwright.errors import IntegrityError
from labelwright.services.site.backup import backup
from labelwright.store import tables as t
from labelwright.store.sealing import NAME, Sealer, new_secret
from tests.conftest import make_site
from tests.engine.test_webhooks import HERE, Receiver, hooked, label, put, receiver, try_now

__all__ = ["hooked", "receiver"]


def stored(store: Any) -> str:
    """The secret as it lies in the database."""
    with store.read() as rows:
        return str(rows.scalar(rows.select(t.webhook.c.secret)))


def is_signed_with(secret: str, one: tuple[dict[str, str], bytes]) -> bool:
    """Whether a delivery carries the signature of a secret."""
    headers, body = one
    at = headers["Labelwright-Signature"].partition(",")[0].removeprefix("t=")
    return headers["Labelwright-Signature"] == told.signature(secret, body, int(at))


def test_the_database_does_not_hold_the_secret(hooked: Any, receiver: Receiver) -> None:
    secret = put(hooked, receiver.url, ["label"]).json()["secret"]
    assert stored(hooked.store).startswith("s1:") and len(stored(hooked.store)) <= 80
    key = hooked.home / "keys" / NAME
    assert key.stat().st_mode & 0o077 == 0
    for path in hooked.home.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    label(hooked, 1)
    deliver(hooked.store, HERE)
    assert is_signed_with(secret, receiver.got[0])


@pytest.mark.parametrize("by", ["delivery", "setting"])
def test_a_secret_of_an_earlier_version_is_read_and_encrypted(hooked: Any, receiver: Receiver, by: str) -> None:
    put(hooked, receiver.url, ["label"])
    old = new_secret()
    with hooked.store.stage() as rows:
        rows.update(t.webhook, secret=old)
    (hooked.home / "keys" / NAME).unlink()
    if by == "setting":
        assert put(hooked, receiver.url, ["label", "round"]).json()["secret"] is None
        assert stored(hooked.store).startswith("s1:")
    label(hooked, 1)
    deliver(hooked.store, HERE)
    assert is_signed_with(old, receiver.got[0]) and stored(hooked.store).startswith("s1:")


@pytest.mark.parametrize(("harm", "sentence"), [("away", "which is not there"), ("other", "encrypted with another")])
def test_without_the_key_deliveries_wait_and_a_new_secret_sends_them(
    hooked: Any, receiver: Receiver, harm: str, sentence: str
) -> None:
    first = put(hooked, receiver.url, ["label"]).json()["secret"]
    label(hooked, 2)
    key = hooked.home / "keys" / NAME
    key.unlink()
    if harm == "other":
        Sealer(key.parent).seal(new_secret(), "p", "w")
    deliver(hooked.store, HERE)
    assert receiver.got == []
    (hook,) = hooked.api.get("/projects/topics/webhooks").json()["items"]
    assert sentence in hook["reason"] and "set the address again" in hook["reason"] and hook["waiting_since"]
    warnings = " ".join(hooked.api.get("/projects/topics/progress").json()["warnings"])
    assert sentence in warnings and "set the address again" in warnings and first not in warnings
    second = put(hooked, receiver.url, ["label"]).json()["secret"]
    assert second and second != first
    deliver(hooked.store, HERE)  # without another pause
    assert len(receiver.got) == 2 and all(is_signed_with(second, one) for one in receiver.got)


def test_with_the_key_put_back_the_old_secret_goes_on(hooked: Any, receiver: Receiver) -> None:
    secret = put(hooked, receiver.url, ["label"]).json()["secret"]
    key = hooked.home / "keys" / NAME
    content = key.read_bytes()
    key.unlink()
    label(hooked, 1)
    deliver(hooked.store, HERE)
    key.write_bytes(content)
    try_now(hooked)
    assert is_signed_with(secret, receiver.got[0])


def test_a_backup_has_the_key_and_a_restored_one_delivers(hooked: Any, receiver: Receiver, tmp_path: Path) -> None:
    secret = put(hooked, receiver.url, ["label"]).json()["secret"]
    label(hooked, 1)
    backup(hooked.site, tmp_path / "copy")
    assert (tmp_path / "copy/keys" / NAME).stat().st_mode & 0o077 == 0
    restored = make_site(tmp_path / "copy")
    deliver(restored.project("topics"), HERE)
    restored.close()
    assert is_signed_with(secret, receiver.got[0])
    assert secret.encode() not in (tmp_path / "copy/projects/topics/project.sqlite").read_bytes()


def test_a_sealed_secret_opens_in_its_own_row_alone(tmp_path: Path) -> None:
    sealer, secret = Sealer(tmp_path), new_secret()
    sealed = sealer.seal(secret, "pr_1", "wh_1")
    assert sealer.open(sealed, "pr_1", "wh_1") == secret
    for project, hook in (("pr_2", "wh_1"), ("pr_1", "wh_2")):
        with pytest.raises(IntegrityError, match="another"):
            sealer.open(sealed, project, hook)
    for damaged in (sealed[:-1], sealed[:20], "s1:", "s1:!", sealed[:10] + "A" * 10 + sealed[20:]):
        with pytest.raises(IntegrityError, match="another"):
            sealer.open(damaged, "pr_1", "wh_1")
    assert json.dumps(sealed).isascii()
