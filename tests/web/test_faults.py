"""Which error has which status, and what an answer says of it."""

from __future__ import annotations

import logging

import pytest

from lookalike import errors
from lookalike.errors import LookalikeError
from lookalike.web.faults import STATUS, answer, fault_fields, places, status_of

#: What only the owner of a service can cause, and mend.
OWNERS = {
    "LookalikeError", "ModelError", "CardError", "WeightsMissing", "ChecksumMismatch",
    "DownloadFailed", "Offline", "WeightsUnwritable", "WeightsUnreadable", "LicenceNotAccepted",
    "ProviderMissing", "GalleryError", "GalleryInvalid", "GalleryVersion", "CollectError",
    "ServiceRefused", "ServiceUnavailable", "FolderUnwritable", "FolderBusy", "EvaluationError",
    "RequestError", "TryAgainLater", "ServiceUnreachable", "VideoError", "VideoMissing",
    "VideoUnreadable", "VideoUnwritable", "ClusterError",
    "TrainingError", "GalleryRefused", "Complaint", "AnswerTooLong", "QueryTooHard",
    "CleaningError", "CleaningUnwritable", "QuarantineBusy", "TableUnreadable", "NothingLeft",
    "ClusterUnreachable", "ClusterLost", "ClusterMismatch", "Collapsed", "RunUnusable",
}  # fmt: skip


def every_error() -> list[type[LookalikeError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, LookalikeError)
    ]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind):
    status = status_of(kind("words", "a hint"))
    assert (status == 500) is (kind.__name__ in OWNERS)
    assert 400 <= status < 600


def test_the_table_has_no_line_that_another_hides():
    for at, (kind, _) in enumerate(STATUS):
        assert not any(issubclass(kind, earlier) for earlier, _ in STATUS[:at]), kind


@pytest.mark.parametrize(
    "kind",
    [one for one in every_error() if issubclass(one, errors.GalleryError | errors.ModelError)],
    ids=lambda kind: kind.__name__,
)
def test_what_the_service_knows_is_not_told(kind):
    told = fault_fields(kind("/srv/secret.gallery is damaged", "restore postgresql://u@secret/db"))
    assert "secret" not in str(told)
    assert told["kind"] == kind.__name__


def test_what_visitors_can_mend_is_told():
    assert fault_fields(errors.NoFace("no face", "turn")) == {
        "kind": "NoFace", "message": "no face", "hint": "turn",
    }  # fmt: skip


def test_whoever_may_try_again_is_told_when():
    assert answer(errors.ServiceBusy("busy", "later", 7)).headers["retry-after"] == "7"
    assert answer(errors.TooManyRequests("often", "later", 3)).headers["retry-after"] == "3"
    assert answer(errors.GalleryBusy("another writes")).headers["retry-after"] == "2"
    assert "retry-after" not in answer(errors.NoFace("no face")).headers
    assert answer(errors.TokenWrong("no")).headers["www-authenticate"] == "Bearer"


def test_where_an_error_arose_is_said_without_its_words():
    with pytest.raises(ValueError, match="Grace Hopper") as caught:
        int("Grace Hopper")
    said = places(caught.value)
    assert said.startswith("test_where_an_error_arose_is_said_without_its_words:")
    assert "Grace" not in said


def test_what_nobody_foresaw_is_answered_and_noted_without_its_words(serving, monkeypatch, caplog):
    from lookalike.web.routes import models

    def fail() -> None:
        raise RuntimeError("Grace Hopper")

    monkeypatch.setattr(models, "cards", fail)
    with caplog.at_level(logging.INFO):
        told = serving().get("/api/v1/models")
    assert told.status_code == 500
    assert told.json()["error"]["message"] == "the service is not in order"
    assert "RuntimeError" in caplog.text
    assert "Grace" not in caplog.text + told.text
    assert told.headers["x-content-type-options"] == "nosniff"


def test_what_the_owner_must_mend_is_noted(serving, own_gallery, caplog):
    client = serving(own_gallery, galleries=own_gallery.parent)
    (own_gallery.parent / "broken.gallery").write_bytes(b"no gallery" * 100)
    told = client.get("/api/v1/galleries/broken")
    assert told.status_code == 500
    assert "broken" not in told.json()["error"]["message"]
    assert "GalleryInvalid" in caplog.text


def test_where_a_gallery_was_is_not_told(serving, own_gallery, hopper_bytes):
    client = serving(own_gallery)
    own_gallery.unlink()
    told = client.post("/api/v1/find", files={"photo": hopper_bytes})
    assert told.status_code in (404, 507)
    assert str(own_gallery.parent) not in told.text
