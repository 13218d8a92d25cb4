from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from importlib import resources

import pytest

from lookalike.errors import CardError, UnknownName
from lookalike.models.card import Card, Threshold, built_in, card

ODDS = (
    'odds = [{ metric = "cosine", views = 1, slope = -1.0, intercept = 2.0, least = %s, '
    "most = %s, error = 0.1, reliability = [%s] }]"
)

GOOD = """
name = "small"
task = "encode"
summary = "a small one"
architecture = "onnx"
converter = "none"
dimension = 4

[[files]]
name = "net"
package = "somewhere"
path = "net.bin"
bytes = 3
sha256 = "{sha}"

[input]
size = 8
channels = "rgb"
mean = [1, 2.5, 3]
scale = 1
template = "dlib-150"

[licence]
code = "MIT"
weights = "CC0-1.0"
commercial = "yes"

[provenance]
origin = "here"
training_data = "none"
paper = "none"

[calibration]
measured_on = "strangers"
thresholds = [{{ metric = "euclidean", views = 2, fmr = 0.001, distance = 0.5 }}]
""".format(sha="0123456789abcdef" * 4)


def test_every_field_arrives():
    parsed = Card.parse(GOOD, "small.toml")
    assert (parsed.name, parsed.task, parsed.dimension) == ("small", "encode", 4)
    assert parsed.input.mean == (1, 2.5, 3)
    assert parsed.files[0].path == "net.bin"
    assert parsed.licence.weights == "CC0-1.0"
    assert parsed.origin == "here"
    assert parsed.calibration == (Threshold("euclidean", 2, 0.001, 0.5, "strangers"),)


def test_fewer_bits_are_another_space():
    fewer = GOOD.replace("dimension = 4", "dimension = 4\nbits = 8")
    one, other = (Card.parse(text, "small.toml") for text in (GOOD, fewer))
    assert (one.bits, other.bits) == (32, 8)
    assert one.digest == other.digest
    assert one.space.digest != other.space.digest


def test_calibration_may_be_missing():
    assert Card.parse(GOOD.partition("[calibration]")[0], "small.toml").calibration == ()


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ('name = "small"', "name = ", "not TOML"),
        ("[provenance]", "[other]", "the field 'provenance' is missing"),
        ("[input]", "[inputs]", "the field 'input' is missing"),
        ("mean = [1, 2.5, 3]", "", "the field 'mean' is missing"),
        ("[[files]]", "[[file]]", "unexpected keyword argument 'file'"),
        ("[licence]", "[license]", "the field 'licence' is missing"),
        ('task = "encode"', "", "missing 1 required positional argument: 'task'"),
        ('path = "net.bin"', "", "missing 1 required positional argument: 'path'"),
        ('paper = "none"', 'papers = "none"', "unexpected keyword argument 'papers'"),
        ("size = 8", "size = 8\nsizes = 9", "unexpected keyword argument 'sizes'"),
        ('origin = "here"', 'name = "here"', "multiple values for keyword argument 'name'"),
        ("dimension = 4", "dimension = 4\nbits = 16", "bits must be 32 or 8, got 16"),
        ("dimension = 4", 'dimension = 4\nbits = "8"', "bits must be of kind int"),
        (
            "dimension = 4",
            'dimension = 4\nmetric = "mahalanobis"',
            "metric must be one of",
        ),
        ('task = "encode"', 'task = "guess"', "task must be one of .*'detect'.*, got 'guess'"),
        ('commercial = "yes"', 'commercial = "maybe"', "licence.commercial must be one of"),
        ('channels = "rgb"', 'channels = "bgra"', "input.channels must be rgb or bgr"),
        ("mean = [1, 2.5, 3]", "mean = [1, 2.5]", "input.mean three numbers"),
        ("mean = [1, 2.5, 3]", 'mean = "abc"', "input.mean three numbers"),
        ("mean = [1, 2.5, 3]", "mean = [1, 2.5, 3, true]", "input.mean three numbers"),
        ("mean = [1, 2.5, 3]", "mean = 7", "not iterable"),
        ("0123456789abcdef" * 4, "0123", "sha256 of net must have 64 hexadecimal"),
        ("0123456789abcdef" * 4, "", "sha256 of net must have 64 hexadecimal"),
        ("bytes = 3", "bytes = -3", "bytes of net must be 0 or more, got -3"),
        ('path = "net.bin"', 'path = "../net.bin"', r"path of net must be plain names, got '\.\./"),
        ('path = "net.bin"', 'path = "/etc/net.bin"', "path of net must be plain names"),
        ('path = "net.bin"', 'path = "a//b"', "path of net must be plain names"),
        ('name = "small"', 'name = "../small"', r"a name has letters, .*: '\.\./small'"),
        ("bytes = 3", 'urls = ["file:///etc"]', "urls of net must be a list of http addresses"),
        ("0123456789abcdef" * 4, "x" * 64, "sha256 of net must have 64 hexadecimal"),
        ("dimension = 4", "dimension = 0", "an encoder needs a dimension and a template"),
        ('template = "dlib-150"', 'template = ""', "an encoder needs a dimension and a template"),
        ("dimension = 4", 'dimension = "4"', "dimension must be of kind int, got '4'"),
        ("dimension = 4", "dimension = true", "dimension must be of kind int, got True"),
        ("size = 8", "size = 8.5", r"size must be of kind int, got 8\.5"),
        ("bytes = 3", 'bytes = "3"', "bytes must be of kind int"),
        ("fmr = 0.001", 'fmr = "low"', "fmr must be of kind float, got 'low'"),
        ("views = 2, ", "", "missing 1 required positional argument: 'views'"),
        ("measured_on", "measured", "unexpected keyword argument 'measured'"),
        ('summary = "a small one"', "summary = 5", "summary must be of kind str, got 5"),
        ('code = "MIT"', "code = 1999-01-01", "code must be of kind str"),
        ("dimension = 4", f"dimension = {'9' * 5000}", "not TOML: .*digits"),
        ("dimension = 4", f"dimension = 0x{'f' * 4000}", "not TOML: a number has too many digits"),
        ("dimension = 4", f"dimension = {'[' * 5000}", "not TOML: .*too deep"),
        ("scale = 1", "scale = nan", "not TOML: a number is nan"),
        ("size = 8", "size = 0", "input.size must be 1 to 4096, got 0"),
        ("size = 8", "size = 1000000", "input.size must be 1 to 4096, got 1000000"),
        ("[input]", "[[input]]", "input must be a table, got"),
        ("[[files]]", "[files]", "files must be tables, got"),
        ('name = "net"', 'name = "a\\nb"', "a file cannot be called"),
        ("thresholds = [", "odds = 3\nthresholds = [", "odds must be tables, got 3"),
        ("thresholds = [", f"{ODDS % ('-200.0', '1', '')}\nthresholds = [", "from -100 to 100"),
        ("thresholds = [", f"{ODDS % ('1.0', '-1', '')}\nthresholds = [", "in this order"),
        ("thresholds = [", f"{ODDS % ('0', '1', '[1, 2]')}\nthresholds = [", "three numbers"),
        ("thresholds = [", f"{ODDS % ('0', '1', '[1, 2, []]')}\nthresholds = [", "three numbers"),
    ],
)
def test_a_mistake_is_named_with_the_file(line, instead, message):
    assert line in GOOD
    with pytest.raises(CardError, match=message) as caught:
        Card.parse(GOOD.replace(line, instead), "small.toml")
    assert caught.value.message.startswith("small.toml: ")


def test_no_file_at_all_is_a_mistake():
    text = re.sub(r"\[\[files\]\].*?(?=\[input\])", "", GOOD, flags=re.DOTALL)
    with pytest.raises(CardError, match="an encoder needs a file of weights"):
        Card.parse(text, "small.toml")


def test_a_detector_needs_no_dimension():
    text = GOOD.replace('"encode"', '"detect"').replace("dimension = 4", "dimension = 0")
    assert Card.parse(text.replace('"dlib-150"', '""'), "x.toml").task == "detect"


@pytest.mark.parametrize(
    ("name", "digest", "space"),
    [
        (
            "dlib-resnet-v1",
            "58182346dc741753ad9ad4b413d28bd470048196c17d8f730e93ecf786434ee7",
            "49a4d405fd470b1a7648262caa05d4210a6a890c92606a9c94ac0595f812a4a2",
        ),
        (
            "mtcnn",
            "f2836e484b6b1f84a722098b32425d412ee0c7910806e5eb84fca52db6544ddb",
            "058d8686b7d4000211b38a947823be76992e3e0d6e894d0b7425c3af8b117a93",
        ),
    ],
)
def test_digests_never_change_or_stored_galleries_become_strangers(name, digest, space):
    assert card(name).digest == digest
    assert card(name).space.digest == space


def test_the_space_is_the_weights_and_the_template():
    parsed = Card.parse(GOOD, "small.toml")
    weights = hashlib.sha256(("0123456789abcdef" * 4).encode()).hexdigest()
    assert parsed.space.digest == hashlib.sha256(f"{weights}:dlib-150".encode()).hexdigest()
    assert (parsed.space.encoder, parsed.space.dim) == ("small", 4)


@pytest.mark.parametrize(
    ("line", "instead", "same"),
    [
        ('summary = "a small one"', 'summary = "reworded"', True),
        ("distance = 0.5", "distance = 0.6", True),
        ('template = "dlib-150"', 'template = "other"', False),
        ("0123456789abcdef" * 4, "f" * 64, False),
    ],
)
def test_what_changes_the_space(line, instead, same):
    one = Card.parse(GOOD, "small.toml").space
    other = Card.parse(GOOD.replace(line, instead), "small.toml").space
    assert (one == other) is same


def test_the_files_together_make_the_digest():
    mtcnn = card("mtcnn")
    turned = dataclasses.replace(mtcnn, files=mtcnn.files[::-1])
    assert turned.digest != mtcnn.digest


def test_every_shipped_card_is_listed_under_its_file_name():
    folder = resources.files("lookalike.models") / "cards"
    stems = sorted(path.name.removesuffix(".toml") for path in folder.iterdir())
    assert list(built_in()) == stems
    for stem in stems:
        fields = tomllib.loads((folder / f"{stem}.toml").read_text("utf-8"))
        assert fields["name"] == stem


def test_an_unknown_model_brings_the_near_ones():
    with pytest.raises(UnknownName, match="no model named 'dlib-resnet'") as caught:
        card("dlib-resnet")
    assert "dlib-resnet-v1" in caught.value.hint
