"""Trajectories of TRL over a base that bitsandbytes holds in 4 bits: `python make-qlora.py` writes trajectories/qlora.json.

As make-trajectories.py, and bitsandbytes 0.50.2 beside it: its own linear layers on a processor, computing in float32.
"""

import importlib
import json
import pathlib
import sys

import bitsandbytes
import torch
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).parent))
trajectories = importlib.import_module("make-trajectories")


def quantization(name):
    kind, *double = name.split("-")
    return transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=kind,
        bnb_4bit_use_double_quant=bool(double),
        bnb_4bit_compute_dtype=torch.float32,
    )


# Method, quantisation, rows
cases = [
    ("dpo", "nf4-double", "pairs.jsonl"),
    ("dpo", "fp4", "pairs.jsonl"),
    ("sft", "nf4", "sft.jsonl"),
    ("sft", "fp4-double", "sft.jsonl"),
]
result = {
    "versions": trajectories.versions(bitsandbytes),
    "runs": [
        {
            "method": method,
            "quantisation": name,
            "rows": file,
            "steps": trajectories.logged(trajectories.run(method, {}, file, quantization(name))),
        }
        for method, name, file in cases
    ],
}
(trajectories.here / "qlora.json").write_text(json.dumps(result) + "\n")
