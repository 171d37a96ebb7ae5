"""Three of the adapters beside this file made into one by PEFT's add_weighted_adapter: run `python data/golden/adapters/make-combinations.py` with
torch 2.15.0, transformers 5.23.0 and peft 0.21.2. Writes combinations.json: by method, each matrix as the sum of w[i] cos(i). What DARE drops is
drawn from torch's generator, so its methods are not here."""
import json
from pathlib import Path

import numpy
import peft
import torch
import transformers

here = Path("data/golden/adapters")
adapters, weights, density = ["plain", "alpha-pattern", "fan-in"], [0.7, -0.3, 0.5], 0.4
base = transformers.LlamaForCausalLM.from_pretrained(here / "model", dtype=torch.float32)
model = peft.PeftModel.from_pretrained(base, here / adapters[0], adapter_name=adapters[0])
for name in adapters[1:]:
    model.load_adapter(here / name, adapter_name=name)


def number(matrix):
    flat = matrix.detach().double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


result = {}
for method in ["linear", "cat", "ties", "magnitude_prune"]:
    pruned = {} if method in ("linear", "cat") else {"density": density}
    model.add_weighted_adapter(adapters, weights, method, combination_type=method, **pruned)
    config = model.peft_config[method]
    matrices = {k.removeprefix("base_model.model.").replace(f".{method}.", "."): number(p) for k, p in model.named_parameters() if f".{method}." in k}
    result[method] = {"r": config.r, "lora_alpha": config.lora_alpha, "matrices": matrices}
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
written = {"versions": versions, "adapters": adapters, "weights": weights, "density": density, "methods": result}
(here / "combinations.json").write_text(json.dumps(written, indent=1) + "\n")
