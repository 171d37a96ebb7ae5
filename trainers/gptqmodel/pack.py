"""Packs a model by GPTQ or AWQ with GPTQModel. usage: pack.py JOB.json, with the fields of `Job` in pack.ts."""

import json
import os
import sys
from pathlib import Path

# of a machine with two cores GPTQModel 7.7 asks for a worker more than it makes
os.environ.setdefault("GPTQMODEL_CPU_WORKERS", str(min(12, max(2, (os.cpu_count() or 1) // 2))))

from gptqmodel import GPTQModel
from gptqmodel.quantization.config import AWQConfig, GPTQConfig

job = json.loads(Path(sys.argv[1]).read_text())
config = {"gptq": GPTQConfig, "awq": AWQConfig}[job["by"]]
symmetric = job["by"] == "gptq"  # AWQ's paper, AutoAWQ and engines' kernels have a zero point for each group; GPTQModel's default has none
model = GPTQModel.load(job["model"], config(bits=job["bits"], group_size=job["group"], sym=symmetric, device="cpu"))
rows = [{"input_ids": ids, "attention_mask": [1] * len(ids)} for ids in job["rows"]]
log = model.quantize(rows, batch_size=1, calibration_data_min_length=1)
for layer in log.get("awq", []):  # it drops rows without a word where it cannot put them together
    raw, retained = layer["scale_raw_tokens"], layer["scale_retained_tokens"]
    if retained < raw:
        raise ValueError(f"AWQ calibrated {layer['module']} on {retained} of {raw} tokens")
model.save(job["out"])
