"""The library's own recorder cases, on both databases."""

from __future__ import annotations

from eventsourcing.dcb.tests import DCBRecorderTestCase

from ledger.journal.recorder import SqlRecorder
from ledger.journal.sql import Database
from ledger.journal.tables import metadata


def _recorder(url: str) -> SqlRecorder:
    database = Database(url)
    metadata.create_all(database.engine)
    return SqlRecorder(database, "fangxing")


def test_the_recorder_passes_the_library_cases_for_append_and_read(store_url: str) -> None:
    recorder = _recorder(store_url)
    DCBRecorderTestCase()._test_append_read(recorder)
    recorder.database.close()


def test_the_recorder_passes_the_library_cases_for_subscriptions(store_url: str) -> None:
    recorder = _recorder(store_url)
    DCBRecorderTestCase()._test_append_subscribe(recorder)
    recorder.database.close()
