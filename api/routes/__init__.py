"""The JSON API: one table of all writes, one file per area of reads. Calls the application and the queries of
projections; decides nothing itself."""

from api.routes import journal
from api.routes.commands import WRITES

READS = (*journal.READS,)

__all__ = ["READS", "WRITES"]
