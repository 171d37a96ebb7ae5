#!/usr/bin/env python3
"""Stands in for a Python with GPTQModel, which is too large for CI: leaves what GPTQModel 7.7.0 left of the model of data/golden/packed, and packs nothing.

`npm run study -- packing` runs the real one.
"""

import json
import os
import pathlib
import shutil
import sys
import time

program, job = sys.argv[1:]
asked = json.loads(pathlib.Path(job).read_text())
if not program.endswith("pack.py") or asked["group"] != 32 or not all(asked["rows"]):
    raise ValueError(f"{program} was asked {asked}")
if asked["by"] == "awq" and len({len(row) for row in asked["rows"]}) > 1:
    raise ValueError("AWQ would be calibrated on the shortest row alone")
if "TOY_KEEPS" in os.environ:
    shutil.copytree(asked["model"], os.environ["TOY_KEEPS"])
pathlib.Path("logs").mkdir()
for block in range(2):  # a bar that is drawn again and again, as GPTQModel draws it
    print(f"\x1b[32mQuantizing layer {block} of 1\x1b[0m | 0:00:00", end="\r", flush=True)
if "TOY_FAILS" in os.environ:
    raise AssertionError("no such layer")
if "TOY_HANGS" in os.environ:
    time.sleep(600)
out = pathlib.Path(asked["out"])
shutil.copytree(pathlib.Path(__file__).parent.parent / "data/golden/packed" / asked["by"], out)
for name in ["quant_log.csv", "tokenizer.json", "quantize_config.json"]:  # Transformers writes the tokenizer its own way
    (out / name).write_text("{}")
if "TOY_CUTS" in os.environ:
    os.truncate(out / "model.safetensors", 1000)
