"""The JSON API: one table of all writes, one file per area of reads. Calls the application and the queries of
projections; decides nothing itself."""

from api.routes import boards, exports, funds, hours, journal, own, partners, people, places, requests, seals, then
from api.routes.commands import WRITES

READS = (
    *journal.READS,
    *places.READS,
    *people.READS,
    *own.READS,
    *hours.READS,
    *requests.READS,
    *funds.READS,
    *partners.READS,
    *boards.READS,
    *exports.READS,
    *seals.READS,
    *then.READS,
)
"""Every read of the API."""

__all__ = ["READS", "WRITES"]
