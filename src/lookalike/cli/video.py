"""``lookalike video label``, ``live`` and ``mux``: names on the faces of videos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.cli.bell import rings
from lookalike.cli.options import DetectorOption, GalleryOption, ProviderOption, ThreadsOption
from lookalike.cli.output import INTERRUPTED, AsJson, Command, out, print_json

if TYPE_CHECKING:
    from lookalike.video.heads import Head
    from lookalike.video.options import LabelOptions

app = typer.Typer(help="Name the faces of videos.", no_args_is_help=True)

HeadOption = Annotated[
    str,
    typer.Option(
        "--head",
        help="What names a face: find names whom it looks like; svm, knn or centroid say who of "
        "the gallery it is, or nobody.",
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        help="From where on somebody is named: for find the largest distance, for the others the "
        "least score. Everybody else stays unknown.",
        show_default=False,
    ),
]
FmrOption = Annotated[
    float | None,
    typer.Option(
        "--fmr",
        help="Instead of a threshold: how often a stranger may be given a name, whichever it is. "
        "Default: 0.01 for svm, knn and centroid.",
        show_default=False,
    ),
]
StrideOption = Annotated[
    int,
    typer.Option(
        "--stride",
        min=0,
        help="Look for faces in every so manieth frame. Default: as the motion asks.",
        show_default=False,
    ),
]
LeastOption = Annotated[
    float, typer.Option("--min-face", min=0, help="The smallest face that counts, in pixels.")
]
BlurUnknownOption = Annotated[
    bool, typer.Option("--blur-unknown", help="Make faces without a name unrecognizable.")
]
BlurAllOption = Annotated[
    bool, typer.Option("--blur-all", help="Make all faces unrecognizable; nobody is named.")
]
ShowOption = Annotated[
    bool, typer.Option("--show", help="Show the labeled frames in the browser meanwhile.")
]


def label(
    video: Annotated[
        Path, typer.Argument(help="A video, or a folder of frames.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The labeled video: .mp4, .mkv, .mov, .webm or .ts. Default: beside the video.",
            show_default=False,
        ),
    ] = None,
    gallery: GalleryOption = None,
    head: HeadOption = "find",
    threshold: ThresholdOption = None,
    fmr: FmrOption = None,
    start: Annotated[str, typer.Option("--from", help="Where to begin: 75, 1:15 or 1:02:03.")] = "",
    end: Annotated[str, typer.Option("--to", help="Where to end.")] = "",
    stride: StrideOption = 0,
    least_px: LeastOption = 24,
    blur_unknown: BlurUnknownOption = False,
    blur_all: BlurAllOption = False,
    lists: Annotated[
        bool, typer.Option(help="Write who is on screen when into a folder beside the output.")
    ] = True,
    rate: Annotated[
        float | None,
        typer.Option(help="Frames a second of a folder of frames.", show_default=False),
    ] = None,
    show: ShowOption = False,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Write the same video with names on its faces, its sound untouched, and who is on it when."""
    from lookalike.cli.video_heads import HeadChoice, open_head
    from lookalike.cli.video_running import interrupted, refuse_same, report, run_label, seconds
    from lookalike.models.options import ModelOptions
    from lookalike.video.footage import Span
    from lookalike.video.lists import fields, write_lists
    from lookalike.video.opening import open_footage
    from lookalike.video.writing import Writer, beside, form_of

    path = output or beside(video, f"-labeled{_suffix_for(video)}")
    form_of(path)
    refuse_same(video, path)
    footage = open_footage(video, Span(seconds(start) or 0.0, seconds(end)), rate)
    models = ModelOptions(detector, provider=provider, threads=threads)
    networks = open_head(gallery, HeadChoice(head, threshold, fmr, blur_all), models, quiet=as_json)
    options = label_options(networks[1], stride, least_px, (blur_unknown, blur_all))
    writer = Writer(path, footage)
    labeling = run_label(footage, networks, [writer], options, show=show, quiet=as_json)
    folder = beside(path, "-people") if lists else None
    if folder is not None:
        write_lists(folder, labeling, networks[1], video.name)
    if as_json:
        answer = fields(labeling, networks[1])
        print_json({"video": str(path), "lists": str(folder or ""), **answer,
                    "left_out": writer.left_out})  # fmt: skip
    else:
        report(labeling, path, folder, writer.left_out)
    if interrupted(labeling):
        raise typer.Exit(INTERRUPTED)


def _suffix_for(video: Path) -> str:
    """Return the format of a video where it can be written, else one that holds everything."""
    from lookalike.video.writing import FORMATS

    if video.is_dir():
        return ".mp4"
    return video.suffix if video.suffix.lower() in FORMATS else ".mkv"


def live(
    source: Annotated[
        str,
        typer.Argument(
            help="A camera (0, /dev/video0) or an address: rtsp://, http://, udp://, …",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Keep the labeled video here.", show_default=False),
    ] = None,
    gallery: GalleryOption = None,
    head: HeadOption = "find",
    threshold: ThresholdOption = None,
    fmr: FmrOption = None,
    lasting: Annotated[
        str, typer.Option("--for", help="For how long. Default: until Ctrl-C.")
    ] = "",
    size: Annotated[str, typer.Option(help="What a camera shall send, for example 1280x720.")] = "",
    stride: StrideOption = 0,
    least_px: LeastOption = 24,
    blur_unknown: BlurUnknownOption = False,
    blur_all: BlurAllOption = False,
    show: ShowOption = False,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Name the faces that a camera or an address shows, as they come and go."""
    from lookalike.cli.video_heads import HeadChoice, open_head
    from lookalike.cli.video_running import Comings, report, run_label, seconds
    from lookalike.models.options import ModelOptions
    from lookalike.video.lists import fields
    from lookalike.video.opening import open_live
    from lookalike.video.writing import Writer, form_of

    if output is not None:
        form_of(output)
    models = ModelOptions(detector, provider=provider, threads=threads)
    networks = open_head(gallery, HeadChoice(head, threshold, fmr, blur_all), models, quiet=as_json)
    # A file waits until it is asked for more.
    options = label_options(
        networks[1], stride, least_px, (blur_unknown, blur_all), live=not Path(source).is_file()
    )
    footage = open_live(source, size)
    writers = [Writer(output, footage, live=True)] if output is not None else []
    comings = Comings(seconds(lasting), footage.stop, quiet=as_json)
    labeling = run_label(
        footage, networks, writers, options, show=show, quiet=True, seen=comings.see
    )
    if as_json:
        print_json({"source": source, "video": str(output or ""), **fields(labeling, networks[1])})
    else:
        report(labeling, output, None, [name for one in writers for name in one.left_out])


def mux(
    video: Annotated[Path, typer.Argument(help="Where the frames are from.", show_default=False)],
    sound: Annotated[
        Path, typer.Argument(help="A video or sound file: where the sound is from.",
                             show_default=False)
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The new video.")],
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Put the sound of one file onto the frames of another; nothing is encoded anew."""
    from lookalike.cli.video_running import refuse_same
    from lookalike.video.muxing import mux as mux_files

    for source in (video, sound):
        refuse_same(source, output)
    length_s = mux_files(video, sound, output)
    if as_json:
        print_json({"video": str(output), "length_s": round(length_s, 3)})
    else:
        out.print(f"written: {output}, {length_s:.1f} s", highlight=False, markup=False)


def label_options(
    head: Head,
    stride: int,
    least_px: float,
    blur: tuple[bool, bool],
    *,
    live: bool = False,
) -> LabelOptions:
    """Make options of what a command was given.

    Parameters
    ----------
    head : Head
        What names faces.
    stride : int
        Every so manieth frame; 0 chooses.
    least_px : float
        The smallest face that counts.
    blur : tuple of bool
        Whether faces without a name are hidden, and whether all are.
    live : bool, default False
        Whether nobody wants to wait.

    Returns
    -------
    LabelOptions
        For `label`.
    """
    from lookalike.video.options import LabelOptions
    from lookalike.video.pace import PaceOptions
    from lookalike.video.watching import WatchOptions

    unknown, everybody = blur
    hidden = "all" if everybody else "unknown" if unknown else ""
    often = (10.0, 20.0) if hidden else (5.0, 12.0)
    pace = PaceOptions(stride, *often, live=live)
    watching = WatchOptions(
        look_ahead_s=0.3 if live else 1.0, pace=pace, hold_s=0.4 if hidden else 0.0
    )
    prefix = "like " if head.name == "find" and not head.exclusive else ""
    return LabelOptions(hidden, least_px, prefix, watching)  # type: ignore[arg-type]


app.command("label", cls=Command)(rings(label))
app.command("live", cls=Command)(live)
app.command("mux", cls=Command)(mux)
