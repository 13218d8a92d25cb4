"""Everything that a running service holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.images import Limits
from lookalike.models.options import ModelOptions
from lookalike.models.threads import threads_to_use
from lookalike.pipeline import Analyst, Finder
from lookalike.web.access import Access
from lookalike.web.careful import for_strangers
from lookalike.web.desk import Desk
from lookalike.web.forms import FormLimits
from lookalike.web.guard.decoders import Decoders
from lookalike.web.metrics import Metrics
from lookalike.web.shelf import Shelf

if TYPE_CHECKING:
    from lookalike.gallery.gallery import Gallery
    from lookalike.protocols import Analyzer
    from lookalike.web.settings import Settings

#: Changing a gallery and auditing it take long; they wait for each other and for nobody else.
_SLOW_TIME_S: Final = 600.0
_SLOW_QUEUE: Final = 4


class Service:
    """What the endpoints share.

    Parameters
    ----------
    finder : Finder
        What answers by default.
    settings : Settings
        How.
    """

    def __init__(self, finder: Finder, settings: Settings) -> None:
        self.settings = settings
        self.access = Access(settings)
        self.metrics = Metrics()
        workers = settings.workers or threads_to_use()
        limits = Limits(settings.max_bytes, settings.max_pixels)
        self.decoders = Decoders(
            limits, workers if settings.guard else 0, settings.time_s, self.metrics.breakdowns.inc
        )
        self.desk = Desk("find", workers, settings.queue, settings.time_s)
        self.slow_desk = Desk("manage", 1, _SLOW_QUEUE, _SLOW_TIME_S)
        self.form_limits = FormLimits(
            settings.max_bytes, settings.max_photos, settings.upload_time_s
        )
        careful = Finder(finder.gallery, self._careful(finder.analyzer))
        self.shelf = Shelf(careful, settings.galleries, self._analyzer_of)
        self.live_sessions = 0
        self.metrics.watch(
            lambda: self.desk.inside + self.slow_desk.inside, lambda: self.live_sessions
        )
        self.ready = False

    def _analyzer_of(self, gallery: Gallery) -> Analyzer:
        space, settings = gallery.header.space, self.settings
        models = ModelOptions(
            settings.detector, space.encoder, gallery.header.views, settings.provider
        )
        return self._careful(Analyst.open(models))

    def _careful(self, analyzer: Analyzer) -> Analyzer:
        return for_strangers(analyzer, self.settings.max_faces, self.decoders.read)

    def open(self) -> None:
        """Take work from now on."""
        self.decoders.start()
        self.ready = True

    def close(self) -> None:
        """Finish what has begun and let go of everything."""
        self.ready = False
        self.desk.close()
        self.slow_desk.close()
        self.decoders.close()
        self.shelf.close()
