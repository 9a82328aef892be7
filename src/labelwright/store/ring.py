"""The keys that a site has signed with: the one that signs, and those whose place was taken, each up to an event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labelwright.store.receipts import Receipt, check_signature, is_signed


@dataclass(frozen=True)
class Transition:
    """One key took the place of another.

    Attributes
    ----------
    signature : str, optional
        Of the old key; None where it was lost.
    holds : bool
        Whether the old key vouches for the new one.
    """

    old: str
    new: str
    at: str
    signature: str | None
    holds: bool


@dataclass
class Ring:
    """The keys of a site.

    Attributes
    ----------
    public : str
        The key that signs now, in hex digits; empty where it is not known.
    transitions : list of Transition
        The oldest first.
    ends : dict of str to mapping of str to int or None
        By key, the last event of each chain that it may have signed; None where that is not known.
    """

    public: str
    transitions: list[Transition] = field(default_factory=list)
    ends: dict[str, Mapping[str, int | None]] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """All public keys, the oldest first."""
        listed = [key for one in self.transitions for key in (one.old, one.new)]
        return list(dict.fromkeys([*listed, *([self.public] if self.public else [])]))

    def has(self, key: str) -> bool:
        """Whether a key is one of them."""
        return key in self.keys

    def refusal(self, receipt: Receipt) -> str | None:
        """Why a signed head is not one of this site's; None if it is. Costs one check of a signature."""
        key, seq = receipt["key"], receipt["seq"]
        if not self.has(key) or not check_signature(receipt):
            return f"the signature of event {seq} is not by this site's key."
        if key not in self.ends:
            return None
        end = self.ends[key].get(receipt["project"], 0)
        if end is not None and seq > end:
            return f"event {seq} was signed by a key that had ended at event {end}."
        return None


def read_ring(path: Path, public: str) -> Ring:
    """The keys that a file of rotations names; lines that cannot be read, such as a torn one, are left out."""
    ring = Ring(public)
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            read = json.loads(line)
            if "ended" in read:
                heads = {str(chain): None if seq is None else int(seq) for chain, seq in read["heads"].items()}
                if is_signed(read["ended"], ending_message(read["ended"], heads), read["signature"]):
                    ring.ends.setdefault(read["ended"], heads)
                continue
            old, new, at, signature = read["old"], read["new"], read["at"], read["signature"]
            holds = signature is not None and is_signed(old, transition_message(old, new, at), signature)
            ring.transitions.append(Transition(old, new, at, signature, holds))
        except (ValueError, TypeError, LookupError, AttributeError):
            continue
    return ring


def transition_message(old: str, new: str, at: str) -> bytes:
    """What the old key signs when a new one takes its place."""
    return f"labelwright:key:{old}:{new}:{at}".encode()


def ending_message(key: str, heads: Mapping[str, int | None]) -> bytes:
    """What a key signs last: up to which event of each chain its signatures hold."""
    return f"labelwright:key-ended:{key}:{json.dumps(dict(heads), sort_keys=True)}".encode()
