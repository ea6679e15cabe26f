"""The list of incidents, and searches of it, beside 10,000 and 100,000 incidents."""
from urllib.parse import quote

from browsing import PASSWORD, sign_in, timed
from harness import BINARY, databases, quantile, quantiles, report
from pagerpal import PagerPal, wait_for
from stored import ask, processor_seconds, store_incidents, wait_for_index

TEXTS = {
    "no text": "", "a word that all contain": "Problem", "a word that one contains": "zebrafish",
    "a word that none contains": "quokka", "a label that 200 contain": "rack-000007", "two letters": "we",
}


def run():
    for stored in [10_000, 100_000]:
        for name, url, _ in databases():
            process = PagerPal(BINARY, url, lease=5, PASSWORD_COST="10")
            key, token = process.prepare(dana=PASSWORD)
            store_incidents(process, url, key, token, stored)
            wait_for(lambda: process.holds_lease(token), "it holds the lease")
            indexed = wait_for_index(url, process, 300)
            assert indexed, "the index is not complete after 300 s"
            [[size]] = ask(url, "SELECT SUM(LENGTH(numbers)) FROM search_grams")
            report(
                "search", f"{name}, {stored} incidents: the index took {indexed[0]:.0f} s, of them 20 s of waiting, "
                f"{indexed[1] * 1000 / stored:.3f} ms of CPU and {int(size) / stored:.0f} bytes for each incident",
                database=name, n=stored, index_seconds=round(indexed[0], 1), index_cpu_ms_each=round(indexed[1] * 1000 / stored, 3))
            cookie, first = sign_in(process), None
            for words, text in TEXTS.items():
                before = processor_seconds(process)
                taken, _ = timed(process, cookie, "/incidents?state=all" + (f"&q={quote(text)}" if text else ""), 100)
                spent = (processor_seconds(process) - before) * 1000 / 105
                first = first or quantile(taken, 0.5)
                report(
                    "search", f"{name}, {stored} incidents, {words}: {quantiles(taken)}, {quantile(taken, 0.5) / first:.1f} × the list, "
                    f"{spent:.2f} ms of CPU",
                    database=name, n=stored, words=words, p50_ms=quantile(taken, 0.5), p95_ms=quantile(taken, 0.95), cpu_ms=round(spent, 2))
            process.stop()
