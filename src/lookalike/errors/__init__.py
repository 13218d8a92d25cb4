"""Every error that lookalike raises on purpose.

::

    LookalikeError                    something a person can mend; carries a ``hint``
    ├── ImageError                    a photo cannot be read
    │   ├── ImageUnreadable           broken, truncated, empty, or not a picture at all
    │   ├── ImageTooLarge             over the limit on bytes or pixels
    │   ├── ImageMissing              no such file
    │   ├── ImageTooSlow              looking at it takes longer than it may
    │   └── ImageHarmful              looking at it ends the process that does
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
    │   │   ├── Complaint             with an error status that will not pass
    │   │   └── AnswerTooLong         with more bytes than allowed
    │   ├── ServiceUnavailable        a service does not answer now; it may later
    │   │   └── QueryTooHard          not within the time that it allows
    │   ├── FolderUnwritable          the folder cannot be written: full disk, no permission
    │   └── FolderBusy                another process collects into the same folder
    ├── CleaningError                 a folder or a table cannot be cleaned
    │   ├── CleaningUnwritable        full disk, no permission
    │   ├── QuarantineBusy            another process cleans the same folder
    │   ├── TableUnreadable           no table, or in another encoding
    │   └── NothingLeft               a cleaned table would have no rows
    ├── VideoError                    a video cannot be read or written
    │   ├── VideoMissing              no such file or folder of frames
    │   ├── VideoUnreadable           broken from the start, empty, or no video at all
    │   └── VideoUnwritable           full disk, no permission, a format that cannot hold it
    ├── ClusterError                  work cannot be shared out
    │   ├── ClusterUnreachable        no scheduler answers, or it has no workers
    │   ├── ClusterLost               the scheduler or all workers went away for good
    │   └── ClusterMismatch           workers have another version, other weights, or nothing
    ├── EvaluationError               pairs or scores that cannot be used
    ├── TrainingError                 an encoder cannot be trained
    │   ├── Collapsed                 everybody has the same vector, or no numbers at all
    │   └── RunUnusable               a run's folder lacks something, or cannot be written
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

from lookalike.errors.cleaning import (
    CleaningError,
    CleaningUnwritable,
    NothingLeft,
    QuarantineBusy,
    TableUnreadable,
)
from lookalike.errors.cluster import ClusterError, ClusterLost, ClusterMismatch, ClusterUnreachable
from lookalike.errors.collecting import (
    AnswerTooLong,
    CollectError,
    Complaint,
    FolderBusy,
    FolderUnwritable,
    QueryTooHard,
    ServiceRefused,
    ServiceUnavailable,
)
from lookalike.errors.evaluation import EvaluationError
from lookalike.errors.gallery import (
    GalleryBusy,
    GalleryEmpty,
    GalleryError,
    GalleryInvalid,
    GalleryMissing,
    GalleryRefused,
    GalleryUnreachable,
    GalleryUnwritable,
    GalleryVersion,
)
from lookalike.errors.general import (
    ArrayError,
    LookalikeError,
    MissingExtra,
    NoFace,
    OptionError,
    SpaceMismatch,
    UnknownName,
)
from lookalike.errors.images import (
    ImageError,
    ImageHarmful,
    ImageMissing,
    ImageTooLarge,
    ImageTooSlow,
    ImageUnreadable,
)
from lookalike.errors.models import (
    CardError,
    ChecksumMismatch,
    DownloadFailed,
    LicenceNotAccepted,
    ModelError,
    Offline,
    ProviderMissing,
    WeightsMissing,
    WeightsUnreadable,
    WeightsUnwritable,
)
from lookalike.errors.training import Collapsed, RunUnusable, TrainingError
from lookalike.errors.video import VideoError, VideoMissing, VideoUnreadable, VideoUnwritable
from lookalike.errors.web import (
    RequestError,
    RequestMalformed,
    RequestTooLarge,
    RequestTooSlow,
    ScopeTooNarrow,
    ServiceBusy,
    ServiceUnreachable,
    StrangerRefused,
    TokenWrong,
    TooManyRequests,
    TryAgainLater,
)

__all__ = [
    "AnswerTooLong",
    "ArrayError",
    "CardError",
    "ChecksumMismatch",
    "CleaningError",
    "CleaningUnwritable",
    "ClusterError",
    "ClusterLost",
    "ClusterMismatch",
    "ClusterUnreachable",
    "Collapsed",
    "CollectError",
    "Complaint",
    "DownloadFailed",
    "EvaluationError",
    "FolderBusy",
    "FolderUnwritable",
    "GalleryBusy",
    "GalleryEmpty",
    "GalleryError",
    "GalleryInvalid",
    "GalleryMissing",
    "GalleryRefused",
    "GalleryUnreachable",
    "GalleryUnwritable",
    "GalleryVersion",
    "ImageError",
    "ImageHarmful",
    "ImageMissing",
    "ImageTooLarge",
    "ImageTooSlow",
    "ImageUnreadable",
    "LicenceNotAccepted",
    "LookalikeError",
    "MissingExtra",
    "ModelError",
    "NoFace",
    "NothingLeft",
    "Offline",
    "OptionError",
    "ProviderMissing",
    "QuarantineBusy",
    "QueryTooHard",
    "RequestError",
    "RequestMalformed",
    "RequestTooLarge",
    "RequestTooSlow",
    "RunUnusable",
    "ScopeTooNarrow",
    "ServiceBusy",
    "ServiceRefused",
    "ServiceUnavailable",
    "ServiceUnreachable",
    "SpaceMismatch",
    "StrangerRefused",
    "TableUnreadable",
    "TokenWrong",
    "TooManyRequests",
    "TrainingError",
    "TryAgainLater",
    "UnknownName",
    "VideoError",
    "VideoMissing",
    "VideoUnreadable",
    "VideoUnwritable",
    "WeightsMissing",
    "WeightsUnreadable",
    "WeightsUnwritable",
]
