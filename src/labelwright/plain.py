"""Plain JSON as a type: what bodies, answers, schemas and parameters are made of."""

from __future__ import annotations

from typing_extensions import TypeAliasType

Json = TypeAliasType("Json", "bool | int | float | str | list[Json] | dict[str, Json] | None")
JsonObject = TypeAliasType("JsonObject", "dict[str, Json]")
