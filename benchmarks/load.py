"""How a service holds up: 1 to 64 clients that ask as fast as they are answered.

Run: ``python benchmarks/load.py`` (five minutes), or with ``--seconds 5`` for a glance. It starts a
service of its own on loopback, asks it nothing but its own photo, and stops it. Clients that are
sent away come back when they were told to. Clients and service share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil
import record

CLIENTS = (1, 2, 4, 8, 16, 32, 64)
BOUNDARY = "xyz"


@dataclass
class Tally:
    """What some clients saw."""

    sent: int = 0
    lost: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    answered_ms: list[float] = field(default_factory=list)


def request(photo: bytes) -> bytes:
    """Return a whole request, ready to be sent."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo"\r\n\r\n'
    ).encode() + photo
    body += f"\r\n--{BOUNDARY}--\r\n".encode()
    head = (
        "POST /api/v1/find HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Read an answer; return its status and its headers."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split()[1]), headers


async def client(port: int, data: bytes, end: float, tally: Tally) -> None:
    """Ask until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        tally.sent += 1
        began = time.perf_counter()
        try:
            writer.write(data)
            await writer.drain()
            status, headers = await asyncio.wait_for(answer(reader), 120)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            tally.lost += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        tally.statuses[status] = tally.statuses.get(status, 0) + 1
        if status == 200:
            tally.answered_ms.append((time.perf_counter() - began) * 1000)
        else:
            await asyncio.sleep(float(headers.get("retry-after", "1")))
    writer.close()


async def ask(port: int, data: bytes, clients: int, seconds: float) -> tuple[Tally, float]:
    """Let some clients ask; return what they saw, and how long it took."""
    tally, began = Tally(), time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(client(port, data, end, tally) for _ in range(clients)))
    return tally, time.perf_counter() - began


def memory_mb(service: psutil.Process) -> float:
    """Return the memory of a service with all its processes, in MB."""
    family = [service, *service.children(recursive=True)]
    return round(sum(one.memory_info().rss for one in family) / 1e6, 1)


def measure(processes: int, seconds: float, data: bytes) -> dict[str, Any]:
    """Run a service and all numbers of clients against it."""
    service = subprocess.Popen(
        [sys.executable, "-m", "lookalike", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOOKALIKE_SERVE_PROCESSES": str(processes)},
    )
    assert service.stderr is not None  # noqa: S101 - it is a pipe
    try:
        port = int(service.stderr.readline().split(":")[-1].split("/")[0])
        family = psutil.Process(service.pid)
        asyncio.run(ask(port, data, 2 * processes, 2.0))
        rows, before_mb = [], memory_mb(family)
        for clients in CLIENTS:
            tally, took_s = asyncio.run(ask(port, data, clients, seconds))
            rows.append(row(clients, tally, took_s) | {"memory_mb": memory_mb(family)})
            print(processes, rows[-1], file=sys.stderr)
        return {"processes": processes, "memory_mb_at_first": before_mb, "rows": rows}
    finally:
        service.terminate()
        service.wait(60)


def row(clients: int, tally: Tally, took_s: float) -> dict[str, Any]:
    """Return what some clients saw, in short."""
    took = tally.answered_ms
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else []
    return {
        "clients": clients,
        "sent": tally.sent,
        "answered": len(took),
        "refused": tally.statuses.get(503, 0),
        "other": sum(n for status, n in tally.statuses.items() if status not in (200, 503)),
        "lost": tally.lost,
        "a_second": round(len(took) / took_s, 2),
        # Nothing is known of answers that did not come.
        **{f"p{p}_ms": round(cuts[p - 1], 1) if cuts else None for p in (50, 95, 99)},
    }


def main() -> None:
    """Measure and write ``results/load.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=21.0, help="for each number of clients")
    seconds = parser.parse_args().seconds
    from lookalike.cli.demo import portrait_path

    data = request(portrait_path().read_bytes())
    runs = [measure(processes, seconds, data) for processes in (1, 2)]
    record.write("load", {"seconds": seconds, "photo": "512 x 600, 61 kB", "runs": runs})


if __name__ == "__main__":
    main()
