"""An urgent page beside queued pages of another person."""
from harness import BINARY, databases, quantile, quantiles, report
from load import pages_sent, wrk
from pagerpal import PagerPal, StandIn, wait_for
from stored import NUMBERS, execute


def run():
    for queued in [0, 10_000, 100_000]:
        for name, url, _ in databases():
            stand_in = StandIn()
            # Slow enough that the backlog stays, fast enough for the urgent pages.
            process = PagerPal(
                BINARY, url, stand_in, lease=5, NOTIFICATION_BUNDLING_SECONDS="0", INFOBIP_RATE_PER_SECOND="40", INFOBIP_BURST="5")
            process.environment |= {"INFOBIP_RATE_PER_SECOND": "40", "INFOBIP_BURST": "5"}
            key, token = process.prepare()
            execute(
                url,
                f"""INSERT INTO pages (id, purpose, user_id, contact_method_id, channel, address, urgency, cycle, step, rule, body, state,
                      queued_at, due_at, attempts) {NUMBERS.format(count=max(queued, 1))}
                    SELECT 'queued-' || n, 'notice', method.user_id, method.id, 'sms', method.address, 'low', 1, 0, 'notice', 'Backlog',
                      'queued', 1, 1, 0
                    FROM numbers, (SELECT id, user_id, address FROM contact_methods WHERE channel = 'sms' ORDER BY id DESC LIMIT 1) AS method
                    WHERE n <= {queued}""")
            process.start()
            wait_for(lambda: process.holds_lease(token), "it holds the lease")
            taken = pages_sent(process, key, stand_in, 40)
            rate, median, tail, errors = wrk(process, key, "distinct-", True, 16)
            report(
                "backlog", f"{name}, {queued} queued: POST to provider {quantiles(taken)}; distinct alerts at 16 connections {rate:.0f}/s, "
                f"p99 {tail:.2f} ms, {errors} errors",
                database=name, queued=queued, page_p50_ms=quantile(taken, 0.5), page_p95_ms=quantile(taken, 0.95),
                alerts_per_second=round(rate), ingest_p99_ms=tail, errors=errors)
            process.stop()
