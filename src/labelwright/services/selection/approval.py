"""A lead's leave for a batch: chosen items that were looked at are asked, in their order, whatever is ranked later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labelwright.check import check_count
from labelwright.errors import ConflictError, InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.selection.batch import GATED, MAX_BATCH, BatchView, show
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.pins import ApprovedSlot, BatchApproved
from labelwright.store.record.project import PolicyChanged


def require(site: Site, actor: Actor, slug: str, required: bool) -> None:
    """Say whether chosen items wait until a lead has let them pass; what measures is asked in any case."""
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        policy = replace(project.policy, approval=required)
        if required != project.policy.approval:
            transaction.record(PolicyChanged(policy.to_config()), actor=actor.person_id)


def approve(
    site: Site, actor: Actor, slug: str, ranking: str, item_ids: Sequence[str], dropped: Sequence[str] = ()
) -> BatchView:
    """Let slots of a ranking be asked in this order, whatever is ranked later.

    Raises
    ------
    InputError, NotFoundError
        If no item is named, or too many, or one has no open chosen slot in the ranking.
    ConflictError
        If another ranking is served by now.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        if project.row.ranking_id != ranking:
            raise ConflictError(
                "Another ranking was published since you looked at this batch.", "Look at the new batch."
            )
        check_count("batch", "items", len(item_ids), 1, MAX_BATCH)
        ordinals = shown.named(rows, project, [*item_ids, *dropped])
        slot = t.slot
        found = {
            row.ordinal: row
            for row in rows.all(
                rows.select(slot.c.position, slot.c.ordinal, slot.c.kind, slot.c.propensity, slot.c.n_before).where(
                    slot.c.ranking_id == ranking, slot.c.done == False, slot.c.kind.in_(GATED),  # noqa: E712
                    slot.c.ordinal.in_([ordinals[name] for name in item_ids]),
                )
            )
        }  # fmt: skip
        named = list(dict.fromkeys(ordinals[name] for name in item_ids))
        if missing := [ordinal for ordinal in named if ordinal not in found]:
            raise InputError(
                f"batch: {len(missing)} of the items, such as {shown.item_id_of(missing[0])}, are not chosen next.",
                "They may be answered by now; look at the batch again.",
            )
        approved = tuple(
            ApprovedSlot(found[o].position, o, found[o].kind, found[o].propensity, found[o].n_before) for o in named
        )
        left_out = tuple(sorted(ordinals[name] for name in dropped))
        transaction.record(BatchApproved(ranking, approved, left_out), actor=actor.person_id)
    return show(site, actor, slug, len(item_ids))
