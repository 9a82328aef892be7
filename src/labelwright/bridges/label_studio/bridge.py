"""One exchange with Label Studio: annotations come in, items go out; done again it changes nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from labelwright.bridges.label_studio.instructions import Guide, instructions_of
from labelwright.bridges.label_studio.mapping import config_of, task_of
from labelwright.bridges.label_studio.peer import Peer
from labelwright.bridges.label_studio.peer_project import Shown, project_of
from labelwright.bridges.label_studio.taking import PeerTask, Recorder
from labelwright.engine.project import Project
from labelwright.errors import NotFoundError, UnreachableError, UserError
from labelwright.plain import JsonObject
from labelwright.services.bridges.seats import member, seats_of
from labelwright.services.bridges.state import BridgeState
from labelwright.services.labeling import handing, holding, queue
from labelwright.services.labeling.handing import Held
from labelwright.services.labeling.queue import LeaseView
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.questions import guidelines
from labelwright.services.site import Site

LOOK_BACK: Final = timedelta(seconds=30)


@dataclass
class Exchanged:
    """What an exchange did.

    Attributes
    ----------
    pushed, taken, withdrawn : int
        Items that went out, annotations that came in, tasks that were deleted as nobody is asked about them any more.
    refused : list of str
        Why annotations could not be taken, if that is new.
    """

    pushed: int = 0
    taken: int = 0
    withdrawn: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.pushed or self.taken or self.withdrawn or self.refused)


class Bridge:
    """Keeps a project of Label Studio in step with a project here.

    Parameters
    ----------
    lead : Actor
        Who makes accounts for people that are new.
    window : int
        How many items are open in Label Studio at once.
    path : path
        Its memory.
    peer_project : int, optional
        An empty project of Label Studio to use; one is made where it is left out.

    Notes
    -----
    The leases are the bridge's until somebody answers, and then theirs. What the record needs (ranking, place, kind of
    slot, propensity) is in the lease; Label Studio is told its name alone. Both sides are looked at anew in each
    exchange, so nothing is lost or doubled when one of them, or the bridge, ends at any moment.
    """

    def __init__(
        self, site: Site, lead: Actor, slug: str, peer: Peer, path: Path, *, window: int = 50,
        peer_project: int | None = None,
    ) -> None:  # fmt: skip
        self._site, self._lead, self._slug, self._peer, self._path = site, lead, slug, peer, path
        self._window, self._asked_project = window, peer_project
        self.state = BridgeState.read(path)
        if self.state.peer not in ("", peer.url):
            self.state = BridgeState()
        self.state.peer = peer.url
        self._tasks: dict[int, PeerTask] = {}
        self._emails: dict[int, str] = {}
        self._shown: Shown | None = None
        self._is_complete = False

    def exchange(self, *, anew: bool = False) -> Exchanged:
        """Take what is new, push what is next, withdraw what is no more asked.

        Parameters
        ----------
        anew : bool
            Look at all tasks instead of those that changed; the first exchange does so by itself.

        Raises
        ------
        AwayError
            If Label Studio does not answer.
        InputError
            If it refuses the token, or the project cannot be asked there.
        """
        done, store = Exchanged(), self._site.project(self._slug)
        with store.read() as rows:
            project = access.ready(store, rows)
            known = [(question.text, guidelines(store, rows, question)) for question in project.questions]
        instructions = instructions_of([Guide(text, one.version, one.markdown) for text, one in known])
        seats = seats_of(self._site, self._lead, project)
        peer_project = self._peer_project(project, instructions)
        is_whole, self._is_complete = anew or not self._is_complete, False
        self._refresh(peer_project, whole=is_whole)
        try:
            self._take_in(done, project, seats, peer_project)
        finally:
            if done.taken or done.refused:
                self.state.write(self._path)
        held = self._push(done, project, seats, peer_project)
        self._refresh(peer_project, whole=False)
        self._adjust(done, held)
        self._is_complete = True
        return done

    def note_waiting(self, since: str | None, reason: str | None) -> None:
        """Remember since when Label Studio does not answer, and why, which Progress says; None if it does."""
        if (since, reason) != (self.state.waiting_since, self.state.reason):
            self.state.waiting_since, self.state.reason = since, reason
            self.state.write(self._path)

    def _peer_project(self, project: Project, instructions: str | None) -> int:
        shown = Shown(config_of(project.questions, project.kind), instructions)
        if shown != self._shown or self.state.peer_project is None:
            known = self._asked_project or self.state.peer_project
            found = project_of(self._peer, project, shown, known, is_asked=self._asked_project is not None)
            if found != self.state.peer_project:
                self.state.taken, self.state.refused = {}, {}
            self.state.peer_project, self._shown = found, shown
            self.state.write(self._path)
        return self.state.peer_project

    def _refresh(self, peer_project: int, *, whole: bool) -> None:
        """Look at the tasks that changed, and a little further back, as clocks are no exact order."""
        last = max((task.updated_at for task in self._tasks.values()), default=None)
        if whole or last is None:
            self._tasks, last = {}, None
        before = None
        if last is not None:
            before = (datetime.fromisoformat(last) - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for found in self._peer.tasks(peer_project, before):
            task = PeerTask.of(found)
            if task is not None:
                self._tasks[task.id] = task

    def _take_in(self, done: Exchanged, project: Project, seats: Sequence[Actor], peer_project: int) -> None:
        ordinals = {lease.id: lease.ordinal for lease in handing.held(self._site, self._slug, seats)}
        source = f"{self._peer.url}/projects/{peer_project}/annotations"
        recorder = Recorder(self._site, self._slug, seats, project, source)
        before: dict[int, list[int]] = {}
        for key in self.state.taken:
            task_id, _, user_id = key.partition(":")
            before.setdefault(int(task_id), []).append(int(user_id))
        for task in sorted(self._tasks.values(), key=lambda one: one.id):
            for user in {*task.by_user, *before.get(task.id, ())}:
                self._take_one(done, recorder, task, user, ordinals.get(task.lease))

    def _take_one(self, done: Exchanged, recorder: Recorder, task: PeerTask, user: int, ordinal: int | None) -> None:
        key, found = f"{task.id}:{user}", task.by_user.get(user)
        before = self.state.taken.get(key)
        if found is not None and before is not None and before.is_of(found.id, found.updated_at):
            return
        try:
            if ordinal is None:
                raise NotFoundError(
                    "bridge: the lease of a task is not in this home, perhaps as a backup was restored."
                )
            who = member(self._site, self._lead, self._slug, self._email(user))
            if found is not None:
                self.state.taken[key] = recorder.take(ordinal, who, found, before)
            elif before is not None:
                recorder.forget(ordinal, who, before)
                del self.state.taken[key]
        except UnreachableError:
            raise
        except UserError as error:
            if self.state.refused.get(key) != error.message:
                self.state.refused[key] = error.message
                done.refused.append(error.message)
            return
        self.state.refused.pop(key, None)
        done.taken += 1

    def _email(self, user: int) -> str:
        if user not in self._emails:
            self._emails = self._peer.users()
        return self._emails.get(user, f"label-studio-user-{user}@bridge.invalid")

    def _push(self, done: Exchanged, project: Project, seats: Sequence[Actor], peer_project: int) -> list[Held]:
        """Push what seats hold and Label Studio does not show, in the published order."""
        offered: list[tuple[Actor, LeaseView, str | None]] = []
        for seat in seats:
            work = queue.take(self._site, seat, self._slug, n=self._window)
            offered += [(seat, lease, work.ranking) for lease in work.leases]
        held = handing.held(self._site, self._slug, seats)
        ordinals = {lease.id: lease.ordinal for lease in held}
        shown = {ordinals[task.lease] for task in self._tasks.values() if task.lease in ordinals}
        place = max((task.place for task in self._tasks.values()), default=0)
        tasks: list[JsonObject] = []
        for seat, lease, ranking in offered:
            if ordinals[lease.id] in shown:
                continue
            shown.add(ordinals[lease.id])
            place += 1
            image = self._image(seat, lease) if project.kind == "image" else None
            tasks.append(task_of(lease.id, lease.item.content, image, ranking, 1 / place))
        if tasks:
            self._peer.push(peer_project, tasks)
            done.pushed = len(tasks)
        return held

    def _image(self, seat: Actor, lease: LeaseView) -> str:
        media = holding.media(self._site, seat, self._slug, lease.id)
        return f"data:{media.mime};base64,{base64.b64encode(media.path.read_bytes()).decode()}"

    def _adjust(self, done: Exchanged, held: Sequence[Held]) -> None:
        """Show each task to as many more people as seats hold its item; withdraw those that nobody is asked about."""
        ordinals = {lease.id: lease.ordinal for lease in held}
        n_live: dict[int, int] = {}
        for lease in held:
            n_live[lease.ordinal] = n_live.get(lease.ordinal, 0) + lease.is_live
        for task in list(self._tasks.values()):
            if task.lease not in ordinals:
                continue
            needed = task.n_answers + n_live[ordinals[task.lease]]
            if needed == 0 and not task.by_user and not task.has_draft and self._is_untouched(task.id):
                self._peer.withdraw(task.id)
                del self._tasks[task.id]
                done.withdrawn += 1
            elif needed > 0 and task.overlap != needed:
                self._peer.ask_more(task.id, needed)

    def _is_untouched(self, task_id: int) -> bool:
        """Whether nobody has begun on a task, looked at once more just before it is deleted."""
        found = self._peer.task(task_id)
        return found is None or not (found.get("annotations") or found.get("drafts"))
