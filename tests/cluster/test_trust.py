"""Who can reach workers, what is sent to them, and what they keep."""

from __future__ import annotations

from functools import partial

import cloudpickle
import dask
import pytest
import trustme
from distributed import LocalCluster, Security

from lookalike.cluster import ClusterOptions, Crew
from lookalike.cluster.analyzing import Glimpse
from lookalike.cluster.looking import Job, look
from lookalike.cluster.sending import sent
from lookalike.errors import ClusterUnreachable
from lookalike.images import read_bytes
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Candidate, Person

from .same import MODELS


def worker_settings():
    return {
        name: dask.config.get(f"distributed.worker.memory.{name}")
        for name in ("target", "spill", "pause", "terminate")
    }


@pytest.mark.slow
@pytest.mark.shared_data
def test_ones_own_workers_listen_to_this_machine_only_and_keep_nothing(crew):
    told = crew.client.scheduler_info(n_workers=-1)
    addresses = [told["address"], *told["workers"]]
    addresses += [one["nanny"] for one in told["workers"].values()]
    assert len(addresses) == 5
    assert {address.partition("://")[2].rpartition(":")[0] for address in addresses} == {
        "127.0.0.1"
    }
    for settings in crew.client.run(worker_settings).values():
        assert not any(settings.values())
    assert not any(one["memory_limit"] for one in told["workers"].values())


def test_tasks_name_functions_and_carry_no_code(tmp_path):
    load = partial(read_bytes, tmp_path / "a.jpg")
    photos = [sent(Candidate(Person.named("Ada"), "a", load), read_here=False)]
    photos.append(sent(Candidate(Person.named("Bo"), "b", lambda: b"photo"), read_here=False))
    job = Job(MODELS, FAKE_SPACE, Glimpse(0.3), 20.0)
    task = cloudpickle.dumps((look, job, photos))
    assert b"lookalike.cluster.looking" in task
    # This is how it writes a function that the other side does not have.
    assert b"_make_function" in cloudpickle.dumps(lambda: None)
    assert b"_make_function" not in task


def certificates(authority, folder):
    """Write what `--tls FOLDER` takes, and return the folder."""
    folder.mkdir()
    own = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    for part in own.cert_chain_pems:
        part.write_to_path(folder / "cert.pem", append=True)
    return folder


def test_with_certificates_both_sides_need_one_of_the_same_authority(tmp_path):
    ours = certificates(trustme.CA(), tmp_path / "ours")
    others = certificates(trustme.CA(), tmp_path / "others")
    files = {f"tls_{role}_{part}": str(ours / f"{part}.pem")
             for role in ("client", "scheduler", "worker") for part in ("cert", "key")}  # fmt: skip
    security = Security(tls_ca_file=str(ours / "ca.pem"), require_encryption=True, **files)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tls",
        dashboard_address=None, security=security, silence_logs=60,
    ) as cluster:  # fmt: skip
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        with Crew(ClusterOptions(address, tls=ours, patience_s=10)) as crew:
            assert crew.client.submit(str, 7).result() == "7"
        for options in (
            ClusterOptions(address, tls=others, patience_s=1),
            ClusterOptions(address.replace("tls", "tcp"), patience_s=1),
        ):
            with pytest.raises(ClusterUnreachable):
                Crew(options).__enter__()
