"""Whom the default models serve worse: both errors at one threshold, group by group.

Run: ``python benchmarks/groups.py --pins PINS.gallery --lfw LFW.gallery`` with galleries of the
default models (``lookalike gallery build DATA/pins``, ``… DATA/lfw --faces centered``), and with
``pip install gender-guesser``, which knows first names.

The labels: of PINS, gender, written by hand (``labels/pins_gender.csv``). Of LFW, only names are
known. *First name*: what gender-guesser says of it, where it is sure. *Family name*: whether it is
one of the common Chinese, Japanese, Korean and Vietnamese ones below. A name is not a face: such
labels are wrong of some people, which makes differences look smaller than they are, and they are
used for nothing but these sums.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import record

from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.groups import groups
from lookalike.evaluation.report_pairs import group_fields
from lookalike.gallery.gallery import Gallery
from lookalike.models.card import card
from lookalike.search.metrics import ready_made
from lookalike.types import person_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.evaluation.scores import Scores
    from lookalike.types import Person

LABELS = Path(__file__).parent / "labels" / "pins_gender.csv"
RATES = (1e-2, 1e-3, 1e-4)

#: Common in China, Japan, Korea and Vietnam, and hardly anywhere else.
_FAMILY_NAMES = """
    abe chan chang chen cheng cheung chiang chien choi chow chung deng feng fu fukuda gao gong
    guo han hashimoto hatoyama hayashi he ho hong hsu hu huang hwang inoue ito jeong jiang jung kan
    kang kato kawaguchi kim kimura kobayashi koizumi kwon lam lau leung li liang liao lim lin ling
    liu lu luo ma matsuda matsui mori morita murakami nakamura nakata ng nguyen nomura obuchi oh
    ono pan park pham qian roh ryu saito sakamoto sasaki sato shen shi shin song su sugiyama suh
    sun suzuki takahashi takeuchi tanaka tang tran tsai tsang tung wang watanabe wei wen wong wu
    xie xu yamada yamaguchi yamamoto yamasaki yan yang yao ye yoon yoshida yu yuan zeng zhang zhao
    zheng zhong zhou zhu
"""
FAMILY_NAMES = frozenset(_FAMILY_NAMES.split())

#: Also first names elsewhere: Kim Clijsters, Chan Gailey.
FIRST_NAMES = frozenset({"kim", "chan"})


def family_name(person: Person) -> str:
    """Return whether a family name is common in East Asia; it stands first or last there."""
    words = person.name.lower().split()
    first = words[0] in FAMILY_NAMES
    if words[0] in FIRST_NAMES:
        # "Kim Dae-jung", "Kim Su Nam".
        first = "-" in words[1] or len(words) > 2 if len(words) > 1 else False
    return "East Asian" if first or words[-1] in FAMILY_NAMES else "other"


def first_name() -> Callable[[Person], str | None]:
    """Return what tells the gender of first names; None where it is not sure."""
    from gender_guesser.detector import Detector

    detector = Detector(case_sensitive=False)

    def told(person: Person) -> str | None:
        found = detector.get_gender(person.name.split()[0])
        return found if found in ("female", "male") else None

    return told


def by_hand() -> Callable[[Person], str | None]:
    """Return what looks people up in the table."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        table = {person_id(row["name"]): row["gender"] for row in csv.DictReader(file)}
    return lambda person: table.get(person.id)


def labelled(scores: Scores, name: str, label: Callable[[Person], str | None]) -> Scores:
    """Return scores whose people carry a label."""
    people = tuple(
        replace(person, attributes={name: label(person)}) for person in scores.cast.people
    )
    return replace(scores, cast=replace(scores.cast, people=people))


def tables(path: Path, name: str, label: Callable[[Person], str | None]) -> dict[str, Any]:
    """Return the errors of each group at the thresholds of the default encoder's card."""
    with Gallery.open(path) as gallery:
        columns, header = gallery.columns(everyone=True), gallery.header
        options = PairOptions(path.stem)
        scores = measure_pairs(columns, header, ready_made("euclidean"), options)
    known = card(header.space.encoder).calibration
    thresholds = {
        one.fmr: one.distance
        for one in known
        if (one.metric, one.views) == ("euclidean", header.views) and one.fmr in RATES
    }
    scores = labelled(scores, name, label)
    return {
        "faces": len(columns.photos),
        "space": header.space.digest,
        "data": scores.origin.data,
        "at": [
            {
                "fmr_of_the_card": fmr,
                "threshold": distance,
                "groups": [group_fields(one) for one in groups(scores, name, distance)],
            }
            for fmr, distance in sorted(thresholds.items(), reverse=True)
        ],
    }


def main() -> None:
    """Measure and write ``results/groups.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pins", type=Path, required=True)
    parser.add_argument("--lfw", type=Path, required=True)
    given = parser.parse_args()
    record.write(
        "groups",
        {
            "pins, gender by hand": tables(given.pins, "gender", by_hand()),
            "lfw, gender by first name": tables(given.lfw, "gender", first_name()),
            "lfw, family name": tables(given.lfw, "family name", family_name),
        },
    )


if __name__ == "__main__":
    main()
