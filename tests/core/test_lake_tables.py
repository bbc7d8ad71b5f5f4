"""The law of the lake's tables: torn appends are cut, a sleeper cannot append, columns may be added."""

from dataclasses import replace
from pathlib import Path

import pytest

from regulars.core.lake.engine import Limits, connect
from regulars.core.lake.moment import Moment, Source
from regulars.core.lake.schema import ENVELOPE, Column, TableSchema
from regulars.core.lake.tables import LostLease, Table

SCHEMA = TableSchema("order_placed", (*ENVELOPE, Column("order_id", "VARCHAR")))
SHAPE = (
    "SELECT {seq}::BIGINT AS seq, NULL::VARCHAR AS event_id, 'test' AS source, 1::BIGINT AS customer_id, "
    "TIMESTAMPTZ '2024-01-01 00:00:00Z' AS occurred_at, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS received_at, 'A{seq}' AS order_id"
)


def append(table: Table, seq: int) -> None:
    with connect(Limits()) as con:
        table.append(con, con.sql(SHAPE.format(seq=seq)), seq)


def seqs(root: Path, committed: int, schema: TableSchema = SCHEMA) -> list[int]:
    with Moment(connect(Limits()), Source(root, committed, [schema])) as moment:
        return [row[0] for row in moment.rows("SELECT seq FROM facts.order_placed ORDER BY seq")]


def test_rows_above_the_committed_seq_are_not_read_and_are_cut_off(tmp_path: Path) -> None:
    table = Table(tmp_path, SCHEMA).open()
    append(table, 1)
    append(table, 5)
    assert seqs(tmp_path, 1) == [1]
    assert Table(tmp_path, SCHEMA).open().cut_above(1)
    again = Table(tmp_path, SCHEMA).open()
    assert again.watermark == 1
    assert not again.cut_above(1)
    append(again, 2)
    assert seqs(tmp_path, 9) == [1, 2]


def test_a_writer_that_slept_while_another_wrote_cannot_append(tmp_path: Path) -> None:
    append(Table(tmp_path, SCHEMA).open(), 1)
    sleeper = Table(tmp_path, SCHEMA).open()
    append(Table(tmp_path, SCHEMA).open(), 2)
    with pytest.raises(LostLease):
        append(sleeper, 2)
    assert seqs(tmp_path, 9) == [1, 2]


def test_a_fence_shuts_a_sleeper_out_where_nothing_was_written(tmp_path: Path) -> None:
    append(Table(tmp_path, SCHEMA).open(), 1)
    sleeper = Table(tmp_path, SCHEMA).open()
    successor = Table(tmp_path, SCHEMA).open()
    successor.fence()
    assert successor.watermark == 1
    with pytest.raises(LostLease):
        append(sleeper, 2)
    append(successor, 2)
    assert seqs(tmp_path, 9) == [1, 2]


def test_a_kind_that_gains_a_field_reads_old_and_new_rows(tmp_path: Path) -> None:
    append(Table(tmp_path, SCHEMA).open(), 1)
    wider = replace(SCHEMA, columns=(*SCHEMA.columns, Column("country", "VARCHAR")))
    assert seqs(tmp_path, 9, wider) == [1]
    with connect(Limits()) as con:
        rows = con.sql(f"SELECT *, 'DE' AS country FROM ({SHAPE.format(seq=2)})")
        Table(tmp_path, wider).open().append(con, rows, 2)
    with Moment(connect(Limits()), Source(tmp_path, 9, [wider])) as moment:
        assert moment.rows("SELECT seq, country FROM facts.order_placed ORDER BY seq") == [(1, None), (2, "DE")]
    assert seqs(tmp_path, 9) == [1, 2]


def test_the_tail_is_read_above_the_watermark_only(tmp_path: Path) -> None:
    append(Table(tmp_path, SCHEMA).open(), 3)
    row = '{{"seq":{0},"event_id":"","source":"t","customer_id":2,"occurred_at":"2024-01-01T00:00:00+00:00","received_at":"2024-01-01T00:00:00+00:00","order_id":"T{0}"}}'
    tail = {"order_placed": [(seq, row.format(seq)) for seq in (3, 4, 9)]}
    with Moment(connect(Limits()), Source(tmp_path, 5, [SCHEMA], tail)) as moment:
        assert moment.rows("SELECT seq, customer_id FROM facts.order_placed ORDER BY seq") == [(3, 1), (4, 2)]
