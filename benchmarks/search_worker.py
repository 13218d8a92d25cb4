"""One engine of ``search.py`` in a process of its own, so that memory and threads are its own.

Builds what it needs, or loads it, then answers lines of JSON on stdin until there are no more.
The engines of others run in an environment without lookalike.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

K = 10


def status_mb(field: str) -> float:
    """Return a line of Linux's account of this process, in megabytes."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return round(next(int(x.split()[1]) for x in lines if x.startswith(field)) / 1024, 1)


class Ours:
    """An index of lookalike: made once and kept in a file, as a gallery keeps it."""

    levels = (0,)

    def __init__(self, name: str, work: Path) -> None:
        from lookalike.search.exact import ExactIndex
        from lookalike.search.index_file import IndexFile
        from lookalike.search.kept import Rows, open_index
        from lookalike.search.making import restored
        from lookalike.search.metrics import Euclidean
        from lookalike.search.options import IndexOptions
        from lookalike.search.stamp import Stamp, fingerprint

        _, kind, bits = name.split("-")
        self.bytes = 0
        self.built = built(work, name)
        if self.built is None:
            vectors = np.load(work / "vectors.npy")
            for path in work.glob(f"{name}-*.index"):
                path.unlink()
            with timed(work, name):
                rows = Rows(vectors, np.arange(len(vectors)), "s", name, 1)
                open_index(rows, Euclidean(), IndexOptions(kind, int(bits)), work)
            raise SystemExit
        if (kind, bits) == ("exact", "32"):
            self.index: Any = ExactIndex(np.load(work / "vectors.npy"), Euclidean())
        else:
            stamp = Stamp("s", fingerprint(Euclidean(), 128), name, kind, int(bits), 1)
            file = IndexFile(work / f"{name}-euclidean-{kind}-{bits}.index")
            parts = file.read(stamp)
            if parts is None:
                raise SystemExit(file.note)
            self.index = restored(parts, Euclidean(), kind, 128)
            self.bytes = file.path.stat().st_size

    def filtered(self, mask: Any) -> Any:
        """Return the filter as this engine takes it."""
        return mask

    def search(self, query: Any, _level: int, mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        return self.index.search(query, K, mask).rows[0]


class Faiss:
    """FAISS as it comes, with its own parameters."""

    recipes: ClassVar = {
        "flat": ("Flat", (0,)),
        "hnsw": ("HNSW32", (64, 128, 256, 512)),
        "ivf": ("IVF2048,Flat", (32, 64, 128, 256, 512)),
    }

    def __init__(self, name: str, work: Path) -> None:
        import faiss

        self.kind = name.split("-")[1]
        recipe, self.levels = self.recipes[self.kind]
        path = work / f"{name}.faiss"
        self.built = built(work, name)
        if self.built is None:
            vectors = np.load(work / "vectors.npy")
            with timed(work, name):
                index = faiss.index_factory(128, recipe)
                if self.kind == "hnsw":
                    index.hnsw.efConstruction = 80
                index.train(vectors[np.random.default_rng(0).permutation(len(vectors))[:82_000]])
                index.add(vectors)
            faiss.write_index(index, str(path))
            raise SystemExit
        self.bytes = path.stat().st_size
        self.index = faiss.read_index(str(path))
        faiss.omp_set_num_threads(1)

    def filtered(self, mask: Any) -> Any:
        """Return the filter as this engine takes it."""
        import faiss

        self.bits = np.packbits(mask, bitorder="little")
        return faiss.IDSelectorBitmap(self.bits)

    def search(self, query: Any, level: int, mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        import faiss

        options = {} if mask is None else {"sel": mask}
        if self.kind == "hnsw":
            parameters = faiss.SearchParametersHNSW(efSearch=level, **options)
        elif self.kind == "ivf":
            parameters = faiss.SearchParametersIVF(nprobe=level, **options)
        else:
            parameters = faiss.SearchParameters(**options) if options else None
        return self.index.search(query, K, params=parameters)[1][0]


class Hnswlib:
    """hnswlib; its filter is a Python function that it calls for every row it meets."""

    levels = (64, 128, 256, 512)

    def __init__(self, name: str, work: Path) -> None:
        import hnswlib

        path = work / f"{name}.bin"
        self.index = hnswlib.Index("l2", 128)
        self.built = built(work, name)
        if self.built is None:
            vectors = np.load(work / "vectors.npy")
            with timed(work, name):
                self.index.init_index(len(vectors), M=16, ef_construction=100)
                self.index.add_items(vectors, num_threads=2)
            self.index.save_index(str(path))
            raise SystemExit
        self.bytes = path.stat().st_size
        self.index.load_index(str(path))
        self.index.set_num_threads(1)

    def filtered(self, mask: Any) -> Any:
        """Return the filter as this engine takes it."""
        allowed = set(np.flatnonzero(mask).tolist())
        return allowed.__contains__

    def search(self, query: Any, level: int, mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        self.index.set_ef(level)
        try:
            return self.index.knn_query(query, K, filter=mask)[0][0].astype(np.int64)
        except RuntimeError:  # It gives up where it met fewer than ten.
            return np.empty(0, np.int64)


class Usearch:
    """usearch; its Python module has no filter."""

    levels = (64, 128, 256, 512)

    def __init__(self, name: str, work: Path) -> None:
        from usearch.index import Index

        path = work / f"{name}.usearch"
        self.index = Index(ndim=128, metric="l2sq", connectivity=16, expansion_add=100)
        self.built = built(work, name)
        if self.built is None:
            vectors = np.load(work / "vectors.npy")
            with timed(work, name):
                self.index.add(np.arange(len(vectors)), vectors, threads=2)
            self.index.save(str(path))
            raise SystemExit
        self.bytes = path.stat().st_size
        self.index.load(str(path))

    filtered = None

    def search(self, query: Any, level: int, _mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        self.index.expansion_search = level
        return self.index.search(query[0], K, threads=1).keys.astype(np.int64)


class Annoy:
    """annoy, with 50 trees; it has no filter."""

    levels = (5_000, 20_000, 50_000)
    filtered = None

    def __init__(self, name: str, work: Path) -> None:
        from annoy import AnnoyIndex

        path = work / f"{name}.ann"
        self.index = AnnoyIndex(128, "euclidean")
        self.built = built(work, name)
        if self.built is None:
            vectors = np.load(work / "vectors.npy")
            with timed(work, name):
                for number, vector in enumerate(vectors):
                    self.index.add_item(number, vector)
                self.index.build(50, n_jobs=2)
            self.index.save(str(path))
            raise SystemExit
        self.bytes = path.stat().st_size
        self.index.load(str(path))

    def search(self, query: Any, level: int, _mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        return np.array(self.index.get_nns_by_vector(query[0], K, search_k=level))


class Pandas:
    """The loop of the tutorials: a column of vectors, ``apply``, sort."""

    levels = (0,)
    filtered = None
    built: ClassVar = {"cpu_s": 0, "wall_s": 0}
    bytes = 0

    def __init__(self, _name: str, work: Path) -> None:
        import pandas as pd

        self.table = pd.DataFrame({"vector": list(np.load(work / "vectors.npy"))})

    def search(self, query: Any, _level: int, _mask: Any) -> Any:
        """Return the numbers of the nearest rows."""
        away = self.table["vector"].apply(lambda vector: np.linalg.norm(vector - query[0]))
        return away.sort_values().index[:K].to_numpy()


ENGINES = {
    "ours": Ours,
    "faiss": Faiss,
    "hnswlib": Hnswlib,
    "usearch": Usearch,
    "annoy": Annoy,
    "pandas": Pandas,
}


class timed:  # noqa: N801 - reads as a verb
    """Write how long building took."""

    def __init__(self, work: Path, name: str) -> None:
        self.path = work / f"{name}.built.json"

    def __enter__(self) -> None:
        self.began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        took = time.perf_counter() - self.began[0], time.process_time() - self.began[1]
        self.path.write_text(json.dumps({"wall_s": round(took[0], 1), "cpu_s": round(took[1], 1)}))


def built(work: Path, name: str) -> Any:
    """Return how long building took, if it has been done."""
    path = work / f"{name}.built.json"
    return json.loads(path.read_text()) if path.exists() else None


def main() -> None:
    """Answer questions about one engine."""
    name, work = sys.argv[1], Path(sys.argv[2])
    before = status_mb("RssAnon")
    engine: Any = ENGINES[name.split("-")[0]](name, work)
    queries = np.load(work / "queries.npy")
    filters: dict[str, Any] = {"1": None}
    state = {"built": engine.built, "levels": engine.levels, "bytes": engine.bytes}
    print(json.dumps({**state, "filters": engine.filtered is not None}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        kept = asked["kept"]
        if kept not in filters:
            filters[kept] = engine.filtered(np.load(work / f"mask-{kept}.npy"))
        answers, wall, cpu = [], [], []
        for at in asked["queries"]:
            query = queries[at : at + 1]
            began = time.perf_counter(), time.process_time()
            found = engine.search(query, asked["level"], filters[kept])
            wall.append((time.perf_counter() - began[0]) * 1000)
            cpu.append((time.process_time() - began[1]) * 1000)
            answers.append(np.asarray(found).tolist())
        memory = {"anonymous_mb": status_mb("RssAnon") - before, "mapped_mb": status_mb("RssFile")}
        print(json.dumps({"rows": answers, "wall": wall, "cpu": cpu, **memory}), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main()
