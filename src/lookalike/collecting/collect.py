"""Photos from the web into a folder: in parallel, resumable, each with where it came from."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.collecting.alone import alone
from lookalike.collecting.crew import Crew
from lookalike.collecting.download import Means, PassedOver, Saved, save
from lookalike.collecting.journal import Journal, Kept
from lookalike.collecting.manifest import there, write_manifest
from lookalike.collecting.pursuit import Pursuit
from lookalike.collecting.summary import Summary
from lookalike.errors import FolderUnwritable, Offline, ServiceRefused, ServiceUnavailable
from lookalike.images import Limits
from lookalike.models.pull import downloads_forbidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lookalike.collecting.crew import Outcome
    from lookalike.collecting.licences import Wanted
    from lookalike.collecting.records import Offer, Task
    from lookalike.collecting.web import Web

#: Hidden, so that nobody takes it for a person.
_OWN_FOLDER: Final = ".collecting"

#: After so many failures in a row, the fault is not with single photos.
_HOPELESS_IN_A_ROW: Final = 12

_Job = tuple[Pursuit, "Offer"]


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """How to collect.

    Parameters
    ----------
    licence : {"any", "free", "cc0"}
        Which photos to keep.
    workers : int
        Downloads at the same time; each host gets fewer.
    limits : Limits
        How large a photo may be, and how small.
    """

    licence: Wanted = "any"
    workers: int = 4
    limits: Limits = field(default_factory=lambda: Limits(max_bytes=25 << 20, min_side_px=64))


def collect(
    root: str | Path,
    tasks: Iterable[Task],
    web: Web,
    options: CollectOptions | None = None,
    report: Callable[[], None] = lambda: None,
) -> Summary:
    """Collect photos into a folder, or go on where a run was interrupted.

    Parameters
    ----------
    root : str or Path
        The folder; it gets one folder for each person, and ``manifest.csv``.
    tasks : iterable of Task
        Whose photos, and how many. Read as far as there is something to do.
    web : Web
        What everything comes through.
    options : CollectOptions, optional
        How.
    report : callable, optional
        Called once for each photo that is there.

    Returns
    -------
    Summary
        What is in the folder, and what is not.

    Raises
    ------
    Offline
        If downloads are switched off.
    FolderBusy
        If another process collects into this folder.
    FolderUnwritable
        If the disk is full or the folder is read-only.
    ServiceRefused, ServiceUnavailable
        If a service does not answer. What has come stays.
    """
    if downloads_forbidden():
        raise Offline("collecting needs the web, and downloads are switched off")
    root = Path(root)
    options = options or CollectOptions()
    with alone(root, root / _OWN_FOLDER):
        run = _Run(root, web, options, report)
        try:
            run.go(tasks)
        except BaseException:
            run.stopped.set()
            with suppress(FolderUnwritable):
                write_manifest(root, run.journal)
            raise
        finally:
            run.crew.dismiss()
            run.journal.close()
        return run.summary


class _Run:
    def __init__(
        self, root: Path, web: Web, options: CollectOptions, report: Callable[[], None]
    ) -> None:
        self.journal = Journal(root / _OWN_FOLDER)
        self.crew: Crew[_Job, Saved] = Crew(self._save, options.workers)
        self.summary = Summary(root)
        self.stopped = threading.Event()
        self._root, self._options, self._report = root, options, report
        parts = root / _OWN_FOLDER / "parts"
        self._means = Means(web, options.limits, parts, self.stopped)
        self._pursuits: list[Pursuit] = []
        self._begun: set[str] = set()
        self._failures_in_a_row = 0
        self._refusals: list[ServiceRefused] = []
        self._pursued = 0
        shutil.rmtree(parts, ignore_errors=True)

    def go(self, tasks: Iterable[Task]) -> None:
        waiting = iter(tasks)
        trouble: ServiceRefused | ServiceUnavailable | None = None
        while True:
            try:
                if trouble is None:
                    self._fill(waiting)
            except (ServiceRefused, ServiceUnavailable) as error:
                trouble = error  # what is under way comes in first
            if not self.crew.under_way:
                break
            self._record(self.crew.take())
        if self._refusals and len(self._refusals) == self._pursued:
            trouble = trouble or self._refusals[-1]
        if trouble:
            raise trouble
        self.summary.manifest = write_manifest(self._root, self.journal)
        counts = [len(there(self._root, photos)) for photos in self.journal.photos.values()]
        self.summary.people = sum(1 for count in counts if count)
        self.summary.photos = sum(counts)

    def _fill(self, waiting: Iterator[Task]) -> None:
        while self.crew.has_room:
            for pursuit in list(self._pursuits):
                if offer := self._next(pursuit):
                    self.crew.give((pursuit, offer))
                    break
                self._leave_if_over(pursuit)
            else:
                if (task := next(waiting, None)) is None:
                    return
                self._begin(task)

    def _next(self, pursuit: Pursuit) -> Offer | None:
        try:
            return pursuit.next()
        except ServiceRefused as error:
            # One odd name must not cost a thousand people.
            pursuit.exhausted = True
            pursuit.failed += 1
            self.summary.failed[error.message] += 1
            self._refusals.append(error)
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _HOPELESS_IN_A_ROW:
                raise
            return None

    def _begin(self, task: Task) -> None:
        key = task.subject.key
        if key in self._begun:
            return
        self._begun.add(key)
        known = self.journal.person(task.subject)
        kept = len(there(self._root, self.journal.photos.get(key, ())))
        for _ in range(min(kept, task.wanted)):
            self._report()
        if not self.journal.is_done(key, task.request, task.wanted, kept):
            filters = (self._options.licence, self._options.limits.min_side_px)
            self._pursuits.append(Pursuit(task, known, self.journal, kept, filters))
            self._pursued += 1

    def _leave_if_over(self, pursuit: Pursuit) -> None:
        if not pursuit.over:
            return
        self._pursuits.remove(pursuit)
        self.summary.passed += pursuit.passed
        if pursuit.exhausted and not pursuit.failed:
            task = pursuit.task
            self.journal.finish(task.subject.key, task.request, task.wanted)

    def _save(self, job: _Job) -> Saved:
        pursuit, offer = job
        return save(offer, self._root / pursuit.known.folder, self._means)

    def _record(self, outcome: Outcome[_Job, Saved]) -> None:
        pursuit, offer = outcome.job
        pursuit.under_way -= 1
        if isinstance(outcome.error, ServiceUnavailable):
            self._failed(pursuit, outcome.error)
        elif isinstance(outcome.error, PassedOver):
            self._pass_over(pursuit, offer, outcome.error.reason, outcome.error.detail)
        elif outcome.error:
            raise outcome.error
        elif outcome.result:
            self._keep(pursuit, offer, outcome.result)

    def _keep(self, pursuit: Pursuit, offer: Offer, saved: Saved) -> None:
        self._failures_in_a_row = 0
        path = saved.path.relative_to(self._root).as_posix()
        others = there(self._root, self.journal.photos.get(pursuit.known.key, ()))
        twin = next((one.path for one in others if one.sha256 == saved.sha256), path)
        if twin != path:
            saved.path.unlink(missing_ok=True)
            self._pass_over(pursuit, offer, "the same photo again", twin)
            return
        self.journal.keep(_kept(pursuit.known.key, path, offer, saved))
        pursuit.kept += 1
        self.summary.added += 1
        self._report()

    def _pass_over(self, pursuit: Pursuit, offer: Offer, reason: str, detail: str) -> None:
        self._failures_in_a_row = 0
        self.summary.passed[reason] += 1
        self.journal.pass_over(pursuit.known.key, offer.key, f"{reason}: {detail}")

    def _failed(self, pursuit: Pursuit, error: ServiceUnavailable) -> None:
        pursuit.failed += 1
        self.summary.failed[error.message] += 1
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= _HOPELESS_IN_A_ROW:
            raise ServiceUnavailable(
                f"{_HOPELESS_IN_A_ROW} downloads in a row have failed, the last one: "
                f"{error.message}",
                "run the same command again later",
            )


def _kept(person: str, path: str, offer: Offer, saved: Saved) -> Kept:
    return Kept(
        person,
        offer.key,
        path,
        saved.sha256,
        saved.width,
        saved.height,
        licence=offer.licence,
        licence_page=offer.licence_page,
        credit=offer.credit,
        page=offer.page,
        url=offer.address,
        title=offer.title,
        service=offer.service,
        retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
    )
