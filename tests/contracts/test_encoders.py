"""Every encoder passes the suite of its seam: at hand, or rebuilt from weights made up here."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lookalike.encoding.onnx import OnnxEncoder
from lookalike.models.card import built_in
from lookalike.models.convert import inception_resnet, openface, vgg_face
from lookalike.models.session import OnnxSession
from lookalike.testing import EncoderContract

from ..models.convert import test_inception_resnet as inception
from ..models.convert import test_openface as small
from ..models.convert import test_vgg_face as vgg


class Files:
    """Opens a network that is there already, whatever its licence."""

    def __init__(self, graph):
        self.graph = graph

    def sessions(self, _):
        return {"network": OnnxSession(self.graph)}


class AtHand(EncoderContract):
    """An encoder whose weights are in the shared folder."""

    name = ""

    @pytest.fixture(autouse=True)
    def _opened(self, shared_data):
        card = built_in()[self.name]
        graph = shared_data / "weights" / card.files[0].path
        cls = type(self)
        if "opened" not in cls.__dict__:
            cls.opened = OnnxEncoder.open(card, Files(graph), views=1)

    def encoder(self):
        return self.opened

    def size_px(self):
        return self.opened.card.input.size


@pytest.mark.shared_data
class TestFacenet(AtHand):
    name = "facenet-vggface2"


@pytest.mark.shared_data
class TestMobileFaceNet(AtHand):
    name = "mobilefacenet"


class Rebuilt(EncoderContract):
    """An encoder of a card, converted from a file of random weights of the right shapes."""

    name = ""

    @pytest.fixture(autouse=True)
    def _built(self, tmp_path_factory):
        cls = type(self)
        if "opened" not in cls.__dict__:
            folder = tmp_path_factory.mktemp("weights")
            graph = folder / "network.onnx"
            graph.write_bytes(self.convert(folder)["network"])
            file = dataclasses.replace(self.card().files[0], sha256="0" * 64)
            card = dataclasses.replace(self.card(), files=(file,))
            cls.opened = OnnxEncoder.open(card, Files(graph), views=2)

    def card(self):
        return built_in()[self.name]

    def encoder(self):
        return self.opened

    def size_px(self):
        return self.opened.card.input.size


class TestFacenetFromTorch(Rebuilt):
    name = "facenet-casia"

    def convert(self, folder):
        inception.save(folder / "net.pt", inception.random_state())
        return inception_resnet.build({"network": folder / "net.pt"})


class TestOpenFace(Rebuilt):
    name = "openface-nn4-small2"

    def convert(self, folder):
        return openface.build({"network": small.written(folder, small.Nn4Small2().network())})


class TestVggFaceFc7(Rebuilt):
    name = "vgg-face-fc7"

    def card(self):
        return dataclasses.replace(built_in()[self.name], dimension=vgg.FC)

    def convert(self, folder):
        path = vgg.write(folder / "vgg.h5", list(vgg.random_layers()))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vgg_face, "_GROUPS", vgg.GROUPS)
            patch.setattr(vgg_face, "_FC7", vgg.FC)
            return vgg_face.build_fc7({"network": path})

    def test_different_crops_different_vectors(self):
        vectors = self.encoder().encode(self.crops(2)).vectors
        assert np.abs(vectors[0] - vectors[1]).max() > 0
