"""trajectories/pairs.jsonl as Parquet, as `datasets` on the hub holds such rows: `python make-parquet.py`. Needs pyarrow."""

import json
import pathlib

import pyarrow
import pyarrow.parquet

here = pathlib.Path(__file__).parent / "trajectories"
rows = [json.loads(line) for line in open(here / "pairs.jsonl")]
for codec in ("snappy", "zstd"):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), here / f"pairs.{codec}.parquet", compression=codec, row_group_size=20)
