"""Every error that lookalike raises on purpose.

::

    LookalikeError                    something a person can mend; carries a ``hint``
    ├── ImageError                    a photo cannot be read
    │   ├── ImageUnreadable           broken, truncated, empty, or not a picture at all
    │   ├── ImageTooLarge             over the limit on bytes or pixels
    │   └── ImageMissing              no such file
    ├── NoFace                        a face was needed and none was found
    ├── ArrayError      (ValueError)  an array of the wrong shape or dtype
    ├── SpaceMismatch   (ValueError)  vectors of two different encoders were to be compared
    ├── UnknownName     (LookupError) no implementation, person or model of that name
    ├── OptionError     (ValueError)  an option out of its range, or two that exclude each other
    ├── ModelError                    a network cannot be used
    │   ├── CardError                 a model card is wrong
    │   ├── WeightsMissing            the weights file is not there
    │   ├── ChecksumMismatch          the weights file is not the one that the card names
    │   ├── DownloadFailed            no address gave the weights file
    │   ├── Offline                   a download is needed and has been forbidden
    │   ├── WeightsUnwritable         a model's file cannot be written: full disk, no permission
    │   ├── WeightsUnreadable         the weights file does not hold the network it should
    │   ├── LicenceNotAccepted        the weights need an explicit yes
    │   └── ProviderMissing           the accelerator that was asked for is not there
    ├── GalleryError                  a gallery cannot be read or written
    │   ├── GalleryMissing            no such gallery
    │   ├── GalleryInvalid            a file that is not a gallery, or a damaged one
    │   ├── GalleryVersion            written by a newer lookalike, or an older one
    │   ├── GalleryEmpty              nobody in it to compare with
    │   ├── GalleryBusy               another process is writing
    │   ├── GalleryUnwritable         read-only file, full disk
    │   ├── GalleryUnreachable        its server does not answer, or the connection was lost
    │   └── GalleryRefused            its server says no: wrong password, no pgvector
    ├── CollectError                  photos cannot be collected
    │   ├── ServiceRefused            a service says no, or gives what cannot be understood
    │   ├── ServiceUnavailable        a service does not answer now; it may later
    │   ├── FolderUnwritable          the folder cannot be written: full disk, no permission
    │   └── FolderBusy                another process collects into the same folder
    ├── VideoError                    a video cannot be read or written
    │   ├── VideoMissing              no such file or folder of frames
    │   ├── VideoUnreadable           broken from the start, empty, or no video at all
    │   └── VideoUnwritable           full disk, no permission, a format that cannot hold it
    ├── ClusterError                  work cannot be shared out
    ├── EvaluationError               pairs or scores that cannot be used
    ├── TrainingError                 an encoder cannot be trained, see `lookalike.training.faults`
    ├── RequestError                  the service does not answer a request
    │   ├── RequestMalformed          not in the form that was asked for
    │   ├── RequestTooLarge           over a limit on bytes or on the number of photos
    │   ├── RequestTooSlow            the body did not come in time
    │   ├── TokenWrong                no token, or one that is not known
    │   ├── ScopeTooNarrow            a token that is not good for this
    │   ├── ServiceUnreachable        nobody answers at that address, or not a lookalike service
    │   ├── StrangerRefused           a page or a host name that is not this service's
    │   └── TryAgainLater             not now; carries ``again_s``
    │       ├── TooManyRequests       more than one visitor may make
    │       └── ServiceBusy           too many at a time, or this one took too long
    └── MissingExtra    (ImportError) an optional part is not installed
"""

from __future__ import annotations


class LookalikeError(Exception):
    """Base of every error raised on purpose.

    Parameters
    ----------
    message : str
        What went wrong, in one line.
    hint : str, optional
        What to do about it, in one line.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ImageError(LookalikeError):
    """A photo cannot be read."""


class ImageUnreadable(ImageError):
    """The bytes are broken, truncated, empty, or no picture at all."""


class ImageTooLarge(ImageError):
    """The picture is over the limit on bytes or on pixels."""


class ImageMissing(ImageError):
    """There is no such file, or it may not be read."""


class NoFace(LookalikeError):
    """A face was needed and none was found."""


class ArrayError(LookalikeError, ValueError):
    """An array has the wrong shape or dtype."""


class SpaceMismatch(LookalikeError, ValueError):
    """Vectors of two different encoders were to be compared."""


class UnknownName(LookalikeError, LookupError):
    """There is no implementation, person or model of that name."""


class OptionError(LookalikeError, ValueError):
    """An option is out of its range, or excludes another one."""


class ModelError(LookalikeError):
    """A network cannot be used."""


class CardError(ModelError):
    """A model card lacks a field or has a wrong one."""


class WeightsMissing(ModelError):
    """The weights file is not where the card says."""


class ChecksumMismatch(ModelError):
    """The weights file is not the one that the card names."""


class DownloadFailed(ModelError):
    """None of the addresses gave the weights file."""


class Offline(ModelError):
    """A download is needed, and downloads have been forbidden."""


class WeightsUnwritable(ModelError):
    """A file of a model cannot be written: the disk is full, or the folder is read-only."""


class WeightsUnreadable(ModelError):
    """The weights file does not hold the network that its card names."""


class LicenceNotAccepted(ModelError):
    """The weights are not free for every use and nobody has accepted their terms."""


class ProviderMissing(ModelError):
    """The accelerator that was asked for is not available."""


class GalleryError(LookalikeError):
    """A gallery cannot be read or written."""


class GalleryMissing(GalleryError):
    """There is no such gallery."""


class GalleryInvalid(GalleryError):
    """The file is not a gallery, or it is damaged."""


class GalleryVersion(GalleryError):
    """The gallery was written by a newer lookalike, or by an older one."""


class GalleryEmpty(GalleryError):
    """There is nobody in the gallery to compare with."""


class GalleryBusy(GalleryError):
    """Another process is writing to the gallery."""


class GalleryUnwritable(GalleryError):
    """The gallery is read-only, or its disk is full."""


class GalleryUnreachable(GalleryError):
    """The gallery's server does not answer, or the connection to it was lost."""


class GalleryRefused(GalleryError):
    """The gallery's server answers and says no: wrong password, no rights, no pgvector."""


class CollectError(LookalikeError):
    """Photos cannot be collected."""


class ServiceRefused(CollectError):
    """A service says no, or gives what cannot be understood."""


class ServiceUnavailable(CollectError):
    """A service does not answer now; it may later."""


class FolderUnwritable(CollectError):
    """The folder cannot be written: the disk is full, or it is read-only."""


class FolderBusy(CollectError):
    """Another process collects into the same folder."""


class VideoError(LookalikeError):
    """A video cannot be read or written."""


class VideoMissing(VideoError):
    """There is no such file or folder, or it may not be read."""


class VideoUnreadable(VideoError):
    """The file is broken from the start, empty, or no video at all."""


class VideoUnwritable(VideoError):
    """The disk is full, the folder is read-only, or the format cannot hold what it should."""


class ClusterError(LookalikeError):
    """Work cannot be shared out to other processes or machines."""


class EvaluationError(LookalikeError):
    """Pairs or stored scores cannot be used."""


class TrainingError(LookalikeError):
    """An encoder cannot be trained on this."""


class RequestError(LookalikeError):
    """The service does not answer a request."""


class RequestMalformed(RequestError):
    """The request is not in the form that was asked for."""


class RequestTooLarge(RequestError):
    """The request is over a limit on bytes, or on the number of photos."""


class RequestTooSlow(RequestError):
    """The body of the request did not come in time."""


class TokenWrong(RequestError):
    """There is no token, or one that is not known."""


class ScopeTooNarrow(RequestError):
    """The token is not good for this, or nobody may do it here."""


class ServiceUnreachable(RequestError):
    """Nobody answers at the address, or something that is no service of lookalike."""


class StrangerRefused(RequestError):
    """The request comes from another page, or under another host name, than this service's."""


class TryAgainLater(RequestError):
    """The service cannot answer now.

    Parameters
    ----------
    message, hint : str
        As for every error.
    again_s : int, default 2
        After how many seconds trying again makes sense.
    """

    def __init__(self, message: str, hint: str = "", again_s: int = 2) -> None:
        super().__init__(message, hint)
        self.again_s = again_s


class TooManyRequests(TryAgainLater):
    """One visitor asks more often than this service allows."""


class ServiceBusy(TryAgainLater):
    """Too much is asked at a time, or answering took too long; it may work later."""


class MissingExtra(LookalikeError, ImportError):
    """An optional part of lookalike is not installed."""
