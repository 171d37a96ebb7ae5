"""Files that Python programs write: Arrow by pyarrow, Zstandard by the zstandard package.

pip install pyarrow zstandard; python data/layouts/make-binary.py
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import zstandard

out = Path(__file__).parent / "binary"
turn = lambda content: [{"role": "user", "content": content}]
table = pa.table(
    {
        "prompt": [turn("Grüße"), turn("2 + 2?")],
        "chosen": ["ja " * 200, "4"],
        "rejected": ["nein", "5"],
        "n": pa.array([1, None], pa.int64()),
    }
)
feather.write_feather(table, str(out / "lz4.feather"), compression="lz4")
feather.write_feather(table, str(out / "zstd.feather"), compression="zstd")
feather.write_feather(table, str(out / "plain.feather"), compression="uncompressed")
with pa.ipc.new_stream(str(out / "stream.arrow"), table.schema) as writer:
    writer.write_table(table)

rows = [
    {"prompt": turn(f"p{i}"), "chosen": f"yes {i * 7919}", "count": i, "label": i % 2 == 0} for i in range(1200)
]
lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode()
pack = lambda data, **options: zstandard.ZstdCompressor(**options).compress(data)
write = lambda name, data: (out / name).write_bytes(data)
write("rows.jsonl.zst", pack(lines, write_checksum=True))
write("rows-two-frames.jsonl.zst", pack(lines) + pack(lines))
parameters = zstandard.ZstdCompressionParameters.from_level(19, window_log=23)
write("rows-long.jsonl.zst", zstandard.ZstdCompressor(compression_params=parameters).compress(lines))
write("bomb.jsonl.zst", pack(b'{"a":1}\n' + bytes(2**28)))
write("table.csv.zst", pack(b'prompt,chosen\np0,"yes, indeed"\n'))
