"""The JSON API: one table of all writes, one file per area of reads. Calls the application and the queries of
projections; decides nothing itself."""

from api.routes import boards, funds, hours, journal, partners, people, places, requests
from api.routes.commands import WRITES

READS = (
    *journal.READS,
    *places.READS,
    *people.READS,
    *hours.READS,
    *requests.READS,
    *funds.READS,
    *partners.READS,
    *boards.READS,
)
"""Every read of the API."""

__all__ = ["READS", "WRITES"]
