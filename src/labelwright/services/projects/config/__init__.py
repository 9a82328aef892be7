"""A project as a TOML file: read into a draft, written from a project, compared with one, and applied to it."""

from __future__ import annotations

from labelwright.services.projects.config.document import Document, is_project_file, parse, parse_text, read_toml
from labelwright.services.projects.config.drafting import draft_of

__all__ = ["Document", "draft_of", "is_project_file", "parse", "parse_text", "read_toml"]
