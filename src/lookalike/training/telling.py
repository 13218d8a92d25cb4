"""What a run says of itself while it goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lookalike.errors import RunUnusable
from lookalike.training.writing import replacing
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.training.batch_figures import BatchFigures
    from lookalike.training.measuring import Measured


@dataclass(frozen=True, slots=True)
class Report:
    """One line of a run's diary.

    Parameters
    ----------
    step : int
        After so many steps.
    loss : float
        Of the last batch; NaN before the first.
    rate : float
        The learning rate.
    photos_a_second : float
        Since the last report.
    batch : BatchFigures or None
        Distances of the last batch.
    measured : Measured or None
        On people who were left out, where they were measured.
    """

    step: int
    loss: float
    rate: float
    photos_a_second: float
    batch: BatchFigures | None = None
    measured: Measured | None = None

    def fields(self) -> dict[str, Any]:
        """Return the report as JSON values, flat."""
        told: dict[str, Any] = {"step": self.step}
        if self.batch is not None:
            told |= {
                "loss": round(self.loss, 6),
                "rate": round(self.rate, 8),
                "photos_a_second": round(self.photos_a_second, 1),
                **{name: round(value, 5) for name, value in asdict(self.batch).items()},
            }
        return told | (self.measured.fields() if self.measured else {})


class Diary:
    """Keeps reports as JSON lines, and for TensorBoard.

    Parameters
    ----------
    folder : Path
        Of the run.
    step : int
        Where the run goes on: later lines, of steps that were lost, are taken out.
    """

    def __init__(self, folder: Path, step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._path = folder / "diary.jsonl"
        kept = [line for line in read_diary(folder) if line["step"] <= step]
        lines = "".join(f"{json.dumps(line)}\n" for line in kept)
        with replacing(self._path) as part:
            part.write_text(lines, "utf-8")
        with writing(folder / "board", RunUnusable):
            self._board = SummaryWriter(str(folder / "board"), purge_step=step + 1)

    def add(self, report: Report) -> None:
        """Write a report.

        Parameters
        ----------
        report : Report
            The next one.

        Raises
        ------
        RunUnusable
            If it cannot be written.
        """
        fields = report.fields()
        with writing(self._path, RunUnusable):
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(fields)}\n")
            for name, value in fields.items():
                if name != "step":
                    self._board.add_scalar(name, value, report.step)

    def close(self) -> None:
        """Write out what TensorBoard still holds."""
        self._board.close()


def read_diary(folder: Path) -> Sequence[dict[str, Any]]:
    """Read the reports of a run.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    sequence of dict
        One for each report; empty if there are none.

    Raises
    ------
    RunUnusable
        If a line but the last is no report: a run that was killed may leave half of it.
    """
    path = folder / "diary.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    found = []
    for at, line in enumerate(lines):
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError as error:
            if at < len(lines) - 1:
                raise RunUnusable(f"line {at + 1} of {path} is damaged") from error
    return found
