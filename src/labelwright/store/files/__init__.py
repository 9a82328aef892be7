"""Where the files of projects are: folders of this machine, or a store such as S3 with copies of what is in use."""

from labelwright.store.files.base import Files
from labelwright.store.files.local import LocalFiles
from labelwright.store.files.place import ADDRESS, CACHE_BYTES, FilesPlace, files_at
from labelwright.store.files.url import check_files_url

__all__ = ["ADDRESS", "CACHE_BYTES", "Files", "FilesPlace", "LocalFiles", "check_files_url", "files_at"]
