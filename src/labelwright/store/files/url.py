"""The address of a store of files: what it may be, and how it is shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from labelwright.errors import InputError

LOCAL = "file"
CURE = "Give credentials by the variables or files of its driver, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


def check_files_url(url: str, *, caller: str = "files_url") -> str:
    """The address without a slash at its end.

    Raises
    ------
    InputError
        If it is no address of a place, or holds a password or a query, where credentials might be; the message never
        repeats it.

    Examples
    --------
    >>> check_files_url("s3://bucket/labels/")
    's3://bucket/labels'
    """
    try:
        parts = urlsplit(url)
        has_password = parts.password is not None or (parts.scheme.startswith("s3") and "@" in parts.netloc)
    except ValueError:
        parts, has_password = urlsplit(""), False
    if has_password or parts.query or parts.fragment:
        raise InputError(f"{caller}: files_url must be an address without password and query, it has one.", CURE)
    if not parts.scheme or "://" not in url or not (parts.netloc or parts.path.strip("/")):
        raise InputError(
            f"{caller}: files_url must be an address such as s3://bucket/folder, it is none.",
            "A folder of a shared file system is file:///mnt/share/labelwright.",
        )
    if parts.scheme == LOCAL and parts.netloc:
        raise InputError(
            f"{caller}: files_url must have three slashes after 'file:', it names the host '{parts.netloc}'.",
            "For example file:///mnt/share/labelwright.",
        )
    return url.rstrip("/")


def local_folder(url: str) -> str | None:
    """The folder of an address of this machine; None for other addresses.

    >>> local_folder("file:///mnt/share"), local_folder("s3://bucket")
    ('/mnt/share', None)
    """
    parts = urlsplit(url)
    return parts.path if parts.scheme == LOCAL else None
