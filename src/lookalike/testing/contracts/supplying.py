"""What every source and every session must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from lookalike.protocols import Session, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SourceContract(ABC):
    """What every source must do."""

    @abstractmethod
    def source(self) -> Source:
        """Return a source with at least two photos."""

    def test_is_a_source(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.source(), Source)

    def test_is_the_same_at_every_pass(self) -> None:
        """Re-iterable, in one order, with one uri and one stamp for each photo."""
        source = self.source()
        first = [(c.person, c.uri, c.stamp) for c in source]
        assert first == [(c.person, c.uri, c.stamp) for c in source]
        assert len({uri for _, uri, _ in first}) == len(first) >= 2

    def test_photos_can_be_loaded(self) -> None:
        """Bytes come out, on demand."""
        for candidate in self.source():
            assert isinstance(candidate.load(), bytes)


class SessionContract(ABC):
    """What every session must do."""

    @abstractmethod
    def session(self) -> Session:
        """Return a session that is ready."""

    @abstractmethod
    def batch(self, n: int) -> NDArray[np.float32]:
        """Return n rows that the network takes."""

    def test_is_a_session(self) -> None:
        """It has the seam's names and says what runs it."""
        session = self.session()
        assert isinstance(session, Session)
        assert session.provider

    def test_one_output_row_for_each_input_row(self) -> None:
        """Any number of rows, also none, and odd ones."""
        for n in (0, 1, 5, 33):
            for output in self.session().run(self.batch(n)):
                assert len(output) == n

    def test_a_batch_is_as_good_as_one_by_one(self) -> None:
        """Rows do not depend on the company."""
        session, batch = self.session(), self.batch(5)
        together = session.run(batch)
        for at in range(5):
            alone = session.run(batch[at : at + 1])
            for one, many in zip(alone, together, strict=True):
                np.testing.assert_allclose(one[0], many[at], atol=1e-4)
