"""Settings: flags, then variables, then config.toml, then defaults; each with its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelwright.errors import InputError
from labelwright.services.site.settings import Settings, load


def test_each_layer_goes_before_the_next(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('log_level = "error"\nmax_upload = 5\nbase_url = "http://config"\n')
    environ = {"LABELWRIGHT_MAX_UPLOAD": "6", "LABELWRIGHT_BASE_URL": "http://variable"}
    found = load({"home": tmp_path, "base_url": "http://flag"}, environ)
    assert (found.base_url, found.max_upload, found.log_level, found.database_url) == ("http://flag", 6, "ERROR", None)
    assert found.source == {
        "home": "flag", "base_url": "flag", "max_upload": "LABELWRIGHT_MAX_UPLOAD", "log_level": "config.toml",
        "max_text": "default", "database_url": "default", "key_file": "default", "trusted_proxies": "default",
        "maps": "default", "receipts_dir": "default", "backup_dir": "default", "backup_every": "default",
        "backup_keep": "default", "encoders": "default", "webhook_hosts": "default", "webhook_private": "default", "mlflow_uri": "default",
        "executor": "default", "oidc_issuer": "default", "oidc_client_id": "default", "oidc_client_secret": "default",
        "oidc_name": "default", "oidc_claim": "default", "oidc_roles": "default",
        "files_url": "default", "files_cache": "default",
    }  # fmt: skip


def test_home_comes_from_the_variable_or_the_default(tmp_path: Path) -> None:
    assert load({}, {"LABELWRIGHT_HOME": str(tmp_path)}).home == tmp_path
    assert load({"home": None}, {}).home == Path.home() / ".labelwright"
    assert load({"home": "relative"}, {}).home.is_absolute()
    assert load({"home": "~/x"}, {}).home == Path.home() / "x"


def test_a_switch_is_on_or_off(tmp_path: Path) -> None:
    assert load({"home": tmp_path}, {}).maps and not load({"home": tmp_path}, {"LABELWRIGHT_MAPS": "off"}).maps
    (tmp_path / "config.toml").write_text("maps = false\n")
    assert not load({"home": tmp_path}, {}).maps


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    assert load({"home": tmp_path}, {"LABELWRIGHT_DATABASE_URL": ""}).database_url is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("surprise = 1\n", "keys must be among .* got 'surprise'"),
        ("log_level = 'loud'\n", "config.toml: log_level must be one of DEBUG, INFO, WARNING, ERROR, got 'loud'"),
        ("max_upload = 'much'\n", "max_upload must be a number of bytes, got 'much'"),
        ("max_upload = 0\n", "max_upload must be a number of bytes, got '0'"),
        ("max_upload = [1]\n", "max_upload must be a number of bytes"),
        ("executor = 'spark://here:1'\n", "executor must be local, dask://HOST:PORT or ray://HOST:PORT, got 'spark://"),
        ("executor = 'dask'\n", "config.toml: executor must be local, dask://HOST:PORT .* got 'dask'"),
        ("files_cache = 0\n", "files_cache must be a number of bytes, got '0'"),
        ("files_url = 's3://me:hidden@bucket'\n", "config.toml: files_url must be an address without password"),
        ("maps = 'maybe'\n", "config.toml: maps must be on or off, got 'maybe'"),
        ("max_upload = \n", "the file must be TOML"),
    ],
)
def test_a_wrong_value_names_its_place(tmp_path: Path, config: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(config)
    with pytest.raises(InputError, match=said):
        load({"home": tmp_path}, {})


def test_a_key_file_outside_the_home_is_used(tmp_path: Path) -> None:
    from labelwright.services.site import Site

    (tmp_path / "safe").mkdir()
    site = Site(load({"home": tmp_path / "home"}, {"LABELWRIGHT_KEY_FILE": str(tmp_path / "safe/key.pem")}))
    site.close()
    assert (tmp_path / "safe/key.pem").exists() and not (tmp_path / "home/keys/signing-key.pem").exists()


def test_defaults_are_for_one_machine() -> None:
    assert Settings().database_url is None and Settings().log_level == "INFO"
