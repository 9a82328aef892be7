"""All settings in one typed class: flags, then LABELWRIGHT_* variables, then HOME/config.toml, then defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from labelwright.errors import InputError
from labelwright.store.files import CACHE_BYTES, check_files_url

PREFIX: Final = "LABELWRIGHT_"
COUNTS: Final = {
    "max_upload": "bytes", "max_text": "characters", "backup_every": "hours", "backup_keep": "backups",
    "files_cache": "bytes",
}  # fmt: skip
SWITCHES: Final = ("maps", "webhook_private")
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Settings:
    """What a site is run with; ``source`` names where each value came from.

    Parameters
    ----------
    home : Path
        Holds all data. Back it up.
    database_url : str or None
        A PostgreSQL URL; none means SQLite in ``home``.
    base_url : str or None
        The address people use, where a proxy stands in front; its host is then allowed.
    key_file : Path or None
        The signing key; default ``home/keys/signing-key.pem``.
    log_level : str
        DEBUG, INFO, WARNING or ERROR.
    max_upload : int
        Bytes a single upload may have.
    trusted_proxies : str or None
        Addresses or networks, by commas, of proxies whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed.
    max_text : int
        Characters the text of a single item may have.
    maps : bool
        Whether the worker makes maps of the pools for Explore when nothing else is to do.
    backup_dir : Path or None
        Where backups go while the server runs; none means that none are made.
    backup_every : int
        Hours from one to the next.
    backup_keep : int
        The newest ones, which stay.
    receipts_dir : Path or None
        A folder, best on another machine, where the signed heads of all projects are written each day and with each
        export.
    encoders : str or None
        Specs of encoders with weights on this machine, or elsewhere, that leads may name in the app, by commas.
    webhook_hosts : str or None
        Hosts that webhooks may go to, by commas; none means that none are sent.
    webhook_private : bool
        Whether webhooks may go to private addresses, and without TLS.
    mlflow_uri : str or None
        The MLflow server that the worker sends all projects to; none means that none is sent.
    oidc_issuer, oidc_client_id, oidc_client_secret : str or None
        An OpenID provider, and this site as it is known there; none means that people sign in with passwords alone.
    oidc_name : str
        What the button says.
    oidc_claim : str
        The claim that lists the groups of somebody.
    oidc_roles : str or None
        ``GROUP=ROLE`` by commas: who may sign in, and their role on the site; none means those who were invited.
    executor : str
        Where the worker has the work of a cycle done that is cut by shards: "local", "dask://HOST:PORT" or
        "ray://HOST:PORT".
    files_url : str or None
        Where arrays and media of new projects go, such as ``s3://bucket/folder``; none means into ``home``.
    files_cache : int
        Bytes that copies of files of a store may have on this machine.
    """

    home: Path = field(default_factory=lambda: Path.home() / ".labelwright")
    database_url: str | None = None
    base_url: str | None = None
    key_file: Path | None = None
    log_level: str = "INFO"
    max_upload: int = 2 * 1024**3
    trusted_proxies: str | None = None
    max_text: int = 1_000_000
    maps: bool = True
    backup_dir: Path | None = None
    backup_every: int = 24
    backup_keep: int = 7
    receipts_dir: Path | None = None
    encoders: str | None = None
    webhook_hosts: str | None = None
    webhook_private: bool = False
    mlflow_uri: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "Single sign-on"
    oidc_claim: str = "groups"
    oidc_roles: str | None = None
    executor: str = "local"
    files_url: str | None = None
    files_cache: int = CACHE_BYTES
    source: Mapping[str, str] = field(default_factory=dict, compare=False)


def load(flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Collect the settings.

    Raises
    ------
    InputError
        For an unknown key in config.toml, or a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    flags = {k: v for k, v in (flags or {}).items() if v is not None}
    names = [f.name for f in fields(Settings) if f.name != "source"]
    values: dict[str, Any] = {}
    source: dict[str, str] = {}
    home = Path(str(flags.get("home") or environ.get(PREFIX + "HOME") or Settings().home)).expanduser()
    config = _read_config(home / "config.toml", names)
    for name in names:
        for where, found in (
            ("flag", flags.get(name)),
            (PREFIX + name.upper(), environ.get(PREFIX + name.upper()) or None),
            ("config.toml", config.get(name)),
        ):
            if found is not None:
                values[name], source[name] = _typed(name, found, where), where
                break
        else:
            source[name] = "default"
    values["home"] = home.absolute()
    return Settings(**values, source=source)


def _read_config(path: Path, names: list[str]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        config = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: the file must be TOML ({error}).") from error
    if unknown := set(config) - set(names) - {"home"}:
        raise InputError(f"{path}: keys must be among {', '.join(names)}, got '{sorted(unknown)[0]}'.")
    return config


def _typed(name: str, value: Any, where: str) -> Any:
    if name in ("home", "key_file", "backup_dir", "receipts_dir"):
        return Path(value).expanduser()
    if name in COUNTS:
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = 0
        if number < 1:
            raise InputError(f"{where}: {name} must be a number of {COUNTS[name]}, got '{value}'.")
        return number
    if name in SWITCHES:
        if str(value).lower() not in ("on", "off", "true", "false"):
            raise InputError(f"{where}: {name} must be on or off, got '{value}'.")
        return str(value).lower() in ("on", "true")
    if name == "log_level":
        if str(value).upper() not in LOG_LEVELS:
            raise InputError(f"{where}: log_level must be one of {', '.join(LOG_LEVELS)}, got '{value}'.")
        return str(value).upper()
    if name == "trusted_proxies":
        return _addresses(str(value), where)
    if name == "executor":
        return _executor(str(value), where)
    return check_files_url(str(value), caller=where) if name == "files_url" else str(value)


def _executor(value: str, where: str) -> str:
    from labelwright.engine.executors import executor_of

    try:
        return executor_of(value).spec
    except InputError as error:
        raise InputError(f"{where}: {error.message.replace('executor: it', 'executor')}") from None


def _addresses(value: str, where: str) -> str:
    named = [part.strip() for part in value.split(",")]
    try:
        return ",".join(str(ip_network(part)) for part in named)
    except ValueError:
        raise InputError(
            f"{where}: trusted_proxies must be addresses or networks between commas, got '{value}'.",
            "For example '127.0.0.1' where the proxy runs on this machine.",
        ) from None
