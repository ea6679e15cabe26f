"""Distinct alerts and repeats, beside 0 and 100,000 stored incidents."""
from harness import BINARY, databases, report
from load import wrk
from pagerpal import PagerPal, StandIn
from stored import store_incidents


def run():
    for stored in [0, 100_000]:
        for name, url, _ in databases():
            stand_in = StandIn()
            process = PagerPal(BINARY, url, stand_in, lease=5)
            key, token = process.prepare()
            if stored:
                store_incidents(process, url, key, token, stored)
            else:
                process.start()
            wrk(process, key, "warm-up", True, 16, seconds=2)
            for kind in ["distinct", "repeats"]:
                for connections in [1, 16, 64]:
                    rate, median, tail, errors = wrk(process, key, f"{kind}-{connections}-", kind == "distinct", connections)
                    report(
                        "ingest", f"{name}, {stored} stored: {kind}, {connections} connections: {rate:.0f} alerts/s, p50 {median:.2f} ms, "
                        f"p99 {tail:.2f} ms, {errors} errors",
                        database=name, stored=stored, kind=kind, connections=connections, alerts_per_second=round(rate), p50_ms=median,
                        p99_ms=tail, errors=errors)
            process.stop()
