"""ALiBi's bias as Transformers 5.23.0 has it, for several numbers of heads, powers of two and not.

Run from the repository's root with transformers' environment:  python data/golden/alibi/make-alibi.py
Writes alibi.json: of each number of heads the bias [heads, tokens] of a row of 12 tokens and of one with 5 tokens of padding before 7.
"""
import json
import pathlib

import torch
import transformers
from transformers.models.bloom.modeling_bloom import build_alibi_tensor

mask = torch.tensor([[1] * 12, [0] * 5 + [1] * 7])
bias = {
    heads: build_alibi_tensor(mask, heads, torch.float32).reshape(2, heads, 12).tolist()
    for heads in (1, 3, 4, 12, 14)
}
result = {"versions": {m.__name__: m.__version__ for m in (torch, transformers)}, "mask": mask.tolist(), "bias": bias}
pathlib.Path("data/golden/alibi/alibi.json").write_text(json.dumps(result) + "\n")
