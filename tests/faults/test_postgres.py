"""PostgreSQL restarts under a running server: the next pages answer at once, and connections stay counted (H14, H15)."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from config.testing import postgres
from config.up.places import ROOT
from realtime.threads import ORM_THREADS
from tests.config.up_house import environment, free_port

pytestmark = [
    pytest.mark.service,
    pytest.mark.slow,
    pytest.mark.sqlite_only,  # brings a server of its own, so it runs once
    pytest.mark.xdist_group("up"),
    pytest.mark.skipif(sys.platform != "linux", reason="the embedded server is ended by the kernel"),
]

PAGE_THREADS = 4
CONNECTIONS = PAGE_THREADS + ORM_THREADS + 2  # pages, sockets, the writer of answers, the main thread


@dataclass(slots=True)
class Site:
    """A web process on a PostgreSQL of its own."""

    database: postgres.Server
    client: httpx.Client

    def page(self) -> int:
        """Status of a page that reads the database."""
        return self.client.get("/").status_code

    def pages(self, number: int) -> Counter[int]:
        """Statuses of that many pages asked for at once."""
        with ThreadPoolExecutor(number) as people:
            return Counter(people.map(lambda _n: self.page(), range(number)))

    def connections(self) -> int:
        """How many connections the server counts, ours to ask this not among them."""
        with psycopg.connect(host=str(self.database.home), user="postgres", dbname="thiso") as line:
            row = line.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    try:
        postgres.find_binaries()
    except postgres.PostgresMissing as missing:
        pytest.skip(str(missing))
    with postgres.serving() as database:
        url = database.create("thiso")
        data = tmp_path_factory.mktemp("site")
        env = environment(THISO_DATA=str(data), DATABASE_URL=url, PAGE_THREADS=str(PAGE_THREADS), LOG_LEVEL="CRITICAL")
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=env | {"THISO_NO_VENV": "1"}, check=True)
        port = free_port()
        command = [sys.executable, "-m", "config.up.serve_daphne", "127.0.0.1", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env)
        limits = httpx.Limits(max_connections=500)
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=30, limits=limits, trust_env=False
            ) as client:
                wait_until_served(client, process)
                yield Site(database, client)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def wait_until_served(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=["fast", "immediate", "kill"])
def test_pages_answer_at_once_after_a_restart_of_the_database(site: Site, how: signal.Signals) -> None:
    assert site.pages(4 * PAGE_THREADS) == {200: 4 * PAGE_THREADS}  # every thread has a connection that will die

    site.database.end(how)
    down = site.page()
    site.database.start_again()
    begun = time.monotonic()
    first = site.page()
    took = time.monotonic() - begun
    after = site.pages(4 * PAGE_THREADS)

    assert (down, first) == (503, 200)
    assert after == {200: 4 * PAGE_THREADS}
    assert took < 1.0  # seconds; psycopg's pool needed more than ten


def test_connections_do_not_grow_with_requests(site: Site) -> None:
    """A hundred at once, over and over, through the real server: never more connections than threads that may hold one."""
    most = 0
    with ThreadPoolExecutor(1) as crowd:
        pages = crowd.submit(site.pages, 100)
        for _ in range(5):
            if pages.done():
                pages = crowd.submit(site.pages, 100)
            while not pages.done():
                most = max(most, site.connections())
        assert pages.result() == {200: 100}
    assert 1 <= most <= CONNECTIONS
