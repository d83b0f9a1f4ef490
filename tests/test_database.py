"""The database: what a unit of work promises."""

from app.database import not_waiting_for_disk, reading


def test_only_made_up_data_does_not_wait_for_the_disk(database: str) -> None:
    def waits() -> str:
        with reading() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            return str(
                connection.exec_driver_sql("PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit").scalar()
            )

    before = waits()
    with not_waiting_for_disk():
        assert waits() in ("1", "off")  # 1 = NORMAL
    assert waits() == before
    assert before in ("2", "on") or not database.startswith("sqlite")  # 2 = FULL; the test server does not wait
