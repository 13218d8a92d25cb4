"""A run on one page: batches go in, weights come out, and it can be killed at any time."""

from __future__ import annotations

import json
import math
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from torch.nn.parallel import DistributedDataParallel

from lookalike.errors import RunUnusable
from lookalike.training import keeping
from lookalike.training.backbones import WANTS, make
from lookalike.training.batch_figures import batch_figures
from lookalike.training.batches import Batches
from lookalike.training.collapse import Watch
from lookalike.training.feeding import Feeder
from lookalike.training.learner import Learner
from lookalike.training.losses import Objective
from lookalike.training.measuring import columns_of, measured, scores_of
from lookalike.training.processes import Place, joined
from lookalike.training.schedule import rate_at
from lookalike.training.telling import Diary, Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from torch import Tensor

    from lookalike.training.config import TrainConfig
    from lookalike.training.material import Material
    from lookalike.training.measuring import Measured
    from lookalike.training.people import Split

STATE: Final = "state.safetensors"

_DTYPES: Final = {"bfloat16": torch.bfloat16, "float16": torch.float16}


def run(
    config: TrainConfig,
    material: Material,
    split: Split,
    folder: Path,
    on_report: Callable[[Report], None] = lambda _report: None,
) -> Measured:
    """Train an encoder, or go on with a run that was stopped.

    Parameters
    ----------
    config : TrainConfig
        What and how.
    material : Material
        Photos or vectors.
    split : Split
        Who is learned from, and who is measured on.
    folder : Path
        Of the run.
    on_report : callable, optional
        Called with every report, in the process that leads.

    Returns
    -------
    Measured
        Of the last weights.

    Raises
    ------
    TrainingError
        If there are too few people for a batch.
    Collapsed
        If the vectors become one; what was kept before stays.
    RunUnusable
        If the folder holds another run, or cannot be written.
    """
    with joined(config.run) as place:
        return _Run(config, material, split, folder, place).go(on_report)


class _Run:
    def __init__(
        self, config: TrainConfig, material: Material, split: Split, folder: Path, place: Place
    ) -> None:
        _be_deterministic(config)
        self._config, self._material, self._place = config, material, place
        self._state = folder / STATE
        self._folder = folder
        self._held_out = material.of(split.held_out)
        self._batches = Batches(material.groups, split.learned, config.schedule, config.run.seed)
        scale = WANTS[config.model.backbone].scale if config.model.backbone in WANTS else 1.0
        self._feeder = Feeder(material, place.device, scale, augment=config.schedule.augment)
        network = make(config.model, material.rows.shape[-1])
        if config.model.weights:
            keeping.fill(Path(config.model.weights), network)
        objective = Objective(config.loss, config.model.dimension, len(split.learned))
        self._learner = Learner(network, objective).to(place.device)
        self._optimizer = torch.optim.AdamW(
            self._learner.parameters(), weight_decay=config.schedule.weight_decay
        )
        half = config.run.precision == "float16"
        self._scaler = torch.amp.GradScaler(place.device.type, enabled=half)
        self._told: dict[str, Any] = {
            # As it will be read: JSON has lists only.
            "config": json.loads(json.dumps(config.fields())),
            "material": material.digest,
            "learned": len(split.learned),
            "held_out": len(split.held_out),
            "photos": len(material.of(split.learned)),
        }

    def go(self, on_report: Callable[[Report], None]) -> Measured:
        """Make all steps that are left."""
        begun = self._taken_up()
        diary = Diary(self._folder, begun) if self._place.leads else None
        learner: Any = self._learner
        if self._place.size > 1:
            learner = DistributedDataParallel(self._learner)
        watch, last = Watch(), self._measured()

        def tell(report: Report) -> None:
            if diary is not None:
                diary.add(report)
                on_report(report)

        try:
            if begun == 0:
                tell(Report(0, math.nan, 0.0, 0.0, None, last))
            clock, told = time.perf_counter(), begun
            for step in range(begun, self._config.schedule.steps):
                loss, vectors, people = self._step(learner, step)
                done = step + 1
                report, measure, keep = self._due(done)
                if report or measure:
                    seen = batch_figures(vectors, people, self._config.loss.margin)
                    watch.see(done, loss, seen)
                    speed = self._photos(done - told) / (time.perf_counter() - clock)
                    last = self._measured() if measure else last
                    rate = rate_at(step, self._config.schedule)
                    tell(Report(done, loss, rate, speed, seen, last if measure else None))
                    clock, told = time.perf_counter(), done
                if keep and self._place.leads:
                    self._keep(done)
        finally:
            if diary is not None:
                diary.close()
        return last

    def _step(self, learner: Any, step: int) -> tuple[float, Tensor, Tensor]:
        """Change the weights once; return the mean loss, and the last batch."""
        schedule = self._config.schedule
        for group in self._optimizer.param_groups:
            group["lr"] = rate_at(step, schedule)
        self._optimizer.zero_grad(set_to_none=True)
        turns = range(schedule.accumulate)
        *_, (_, vectors, people) = done = [self._turn(learner, step, turn) for turn in turns]
        self._scaler.step(self._optimizer)
        self._scaler.update()
        return sum(loss for loss, _, _ in done) / len(done), vectors, people

    def _turn(self, learner: Any, step: int, turn: int) -> tuple[float, Tensor, Tensor]:
        """Add the gradients of a batch; return its loss, its vectors and whose they are."""
        accumulate, rank = self._config.schedule.accumulate, self._place.rank
        rows, labels = self._batches.draw(step, turn, rank)
        # Whatever draws at random, draws the same when the run goes on here.
        seed = self._batches.seed_of(step, turn, rank)
        torch.manual_seed(seed)
        fed = self._feeder.taught(rows, seed)
        people = torch.from_numpy(labels).to(self._place.device)
        waits = self._place.size > 1 and turn < accumulate - 1
        with learner.no_sync() if waits else nullcontext():
            with self._cast():
                loss, vectors = learner(fed, people)
            self._scaler.scale(loss / accumulate).backward()
        return float(loss.detach()), vectors.detach(), people

    def _cast(self) -> AbstractContextManager[Any]:
        dtype = _DTYPES.get(self._config.run.precision)
        if dtype is None:
            return nullcontext()
        return torch.autocast(self._place.device.type, dtype)

    def _due(self, done: int) -> tuple[bool, bool, bool]:
        """Say whether to report, to measure and to keep after a step."""
        run, ends = self._config.run, done == self._config.schedule.steps
        often = (run.report_every, run.measure_every, run.keep_every)
        report, measure, keep = (ends or done % every == 0 for every in often)
        return report, measure, keep

    def _photos(self, steps: int) -> int:
        schedule = self._config.schedule
        batch = schedule.people * schedule.photos * schedule.accumulate
        return steps * batch * self._place.size

    def _measured(self) -> Measured:
        vectors = self._feeder.encoded(self._learner.network, self._held_out)
        columns = columns_of(self._material, self._held_out, vectors)
        return measured(scores_of(columns, self._config.model.name))

    def _keep(self, step: int) -> None:
        told = {**self._told, "step": step, "scaler": self._scaler.state_dict()}
        keeping.keep(self._state, self._learner, self._optimizer, told)

    def _taken_up(self) -> int:
        """Take up what is kept; return how many steps it has seen."""
        if not self._state.is_file():
            return 0
        told = keeping.told_by(self._state)
        for what in ("config", "material"):
            if told.get(what) != self._told[what]:
                raise RunUnusable(
                    f"{self._folder} holds a run of another {what}", "choose another --output"
                )
        keeping.restore(self._state, self._learner, self._optimizer)
        if self._scaler.is_enabled():
            self._scaler.load_state_dict(told["scaler"])
        return int(told["step"])


def _be_deterministic(config: TrainConfig) -> None:
    from lookalike.models.threads import threads_to_use

    torch.set_num_threads(config.run.threads or threads_to_use())
    torch.manual_seed(config.run.seed)
    # Some operators of GPUs have no other way; they say so once.
    torch.use_deterministic_algorithms(True, warn_only=True)  # noqa: FBT003 - torch's
