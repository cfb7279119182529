"""The JSON API: one table of writes, one file per area of reads. Calls the application and the queries of projections;
decides nothing itself. With those of the engines they stand in `api.endpoints`."""

from api.routes import (
    boards,
    exports,
    funds,
    hours,
    journal,
    own,
    partners,
    people,
    places,
    preview,
    requests,
    seals,
    then,
)

READS = (
    *journal.READS,
    *places.READS,
    *preview.READS,
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
"""The reads of the ground floor."""

__all__ = ["READS"]
