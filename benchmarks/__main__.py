"""``make bench``: what users wait for and what nightly work costs, as ratios within one run.

``BENCH_SCALE=0.1 make bench`` uses a tenth of England; ``BENCH_ROUNDS`` sets how often the long parts are
repeated.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from typing import Any

import psycopg

from cpconf import local_services

SMALL = 0.01
PLANS = 100_000
SCALE = float(os.environ.get("BENCH_SCALE", "1"))


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    subprocess.run([sys.executable, "-m", "benchmarks.arithmetic"], check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.forms"], check=True)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.pages"], check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.read_log"], check=True)
    print("\nThe list")
    print(in_own_database("list", "benchmarks.the_list", str(int(PLANS * SCALE))), end="")
    small, large = measured("small", SMALL), measured("large", SCALE)
    print(f"\nThe ledger, {large['server']}; medians of {large['rounds']}")
    line(
        "deadlines, open and ended",
        f"{small['open']:,} + {small['ended']:,}",
        f"{large['open']:,} + {large['ended']:,}",
    )
    line("SELECT of every due date, s", small["select"], large["select"])
    line(
        "reconcile with nothing changed / SELECT",
        ratio(small, "unchanged", "select"),
        ratio(large, "unchanged", "select"),
        "2",
    )
    line("  megabytes of WAL it wrote", small["wal"], large["wal"], "0")
    line("  megabytes of this process", small["memory"], large["memory"], "200")
    line("first build / INSERT ... SELECT", ratio(small, "build", "insert"), ratio(large, "build", "insert"), "1.5")
    line("one family, ms", small["family"], large["family"], "20")
    line("  queries", small["family_queries"], large["family_queries"], "the same")
    line(
        f"sweep that raises {large['raised']:,} / INSERT ... SELECT",
        ratio(small, "sweep", "notices"),
        ratio(large, "sweep", "notices"),
        "2",
    )
    line("sweep with nothing to raise, ms", small["idle"], large["idle"], "the same")
    for page in ("my work", "families", "conferences", "plans", "team", "council"):
        line(
            f"{page}: 95th percentile, ms",
            small[f"{page} p95"],
            large[f"{page} p95"],
            "1.5 times" if page != "council" else "1,000",
        )
        line("  queries", small[f"{page} queries"], large[f"{page} queries"], "the same")


def line(what: str, small: object, large: object, limit: str = "") -> None:
    shown = [f"{value:,.2f}" if isinstance(value, float) else str(value) for value in (small, large)]
    print(f"  {what:<52} {shown[0]:>20} {shown[1]:>22}   {limit and 'at most ' + limit}")


def ratio(found: dict[str, Any], over: str, under: str) -> float:
    return float(found[over] / found[under])


def measured(name: str, scale: float) -> dict[str, Any]:
    """Return what the ledger benchmark measured at a scale."""
    return dict(json.loads(in_own_database(name, "benchmarks.ledger", str(scale)).splitlines()[-1]))


def in_own_database(name: str, module: str, *arguments: str) -> str:
    """Return what a benchmark prints, run in its own process with its own database."""
    database = f"cpconf_bench_{name}"
    server = os.environ.get("BENCH_SERVER") or local_services.database_url()
    address, _, options = server.partition("?")
    base = address.rsplit("/", 1)[0]
    with psycopg.connect(
        f"{base}/postgres?{options}".replace("postgres://", "postgresql://"), autocommit=True
    ) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {database}")
        try:
            done = subprocess.run(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, "DATABASE_URL": f"{base}/{database}?{options}"},
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            )
        finally:
            admin.execute(f"DROP DATABASE {database} WITH (FORCE)")
    return done.stdout


if __name__ == "__main__":
    main()
