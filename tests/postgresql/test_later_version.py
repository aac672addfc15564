from __future__ import annotations

from datetime import datetime

import psycopg

from beside.cli.process import one_machine
from tests.cli.test_serve import is_well, until


def test_where_another_machine_has_migrated_nothing_is_served_that_may_no_longer_run(
    server, beside, port, place, database
):
    until(lambda: is_well(port))

    with psycopg.connect(database, autocommit=True) as there:

        def last_beat() -> datetime | None:
            found = there.execute("SELECT max(at) FROM photos_workerbeat").fetchone()
            return found[0]

        def beats_twice() -> None:
            for _ in range(2):
                before = last_beat()
                until(lambda before=before: last_beat() != before)

        record = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
        # A later version that lets this one run.
        there.execute(record, ["posts", "0777_of_a_later_version"])
        beats_twice()
        assert is_well(port)

        # One that is at it, and lets none run meanwhile.
        with psycopg.connect(database) as migrating:
            migrating.execute("SELECT pg_advisory_xact_lock(%s)", [one_machine._NUMBER])
            there.execute("DELETE FROM django_migrations WHERE app = 'beside'")
            beats_twice()
            assert is_well(port)
            there.execute(record, ["beside", "runs-from-99.0"])

    assert server.wait(120) == 1
    assert not is_well(port)
    said = (place / "message").read_text("utf-8")
    assert "Error: This data folder was last used by a newer Beside" in said
    assert "Traceback" not in said
    # Nor is it served for a moment when it is started again: it was prepared by this version.
    assert "last used by a newer Beside" in beside("serve").stdout
