"""How good PEFT 0.21.2's fast PiSSA start is: pissa_niter_N, by a random projection.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/adapter-variants/make-fast-start.py
Writes fast-start.json: of each adapted layer of a tiny Mistral the length of what the start leaves in the base, W − s B₀ A₀, by the exact singular value
decomposition, and the mean and the deviation over 200 seeds of the fast one, by its number of iterations.
"""
import json
import pathlib
import sys

import numpy
import peft
import torch
import transformers

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent / "families"))
from tiny_models import model_of  # noqa: E402

torch.set_num_threads(1)
targets, rank, alpha, seeds = ["q_proj", "v_proj", "down_proj"], 3, 6, 200
config = json.loads((here.parent / "families/mistral.json").read_text())["config"]


def left(start, seed):
    torch.manual_seed(seed)
    options = dict(task_type="CAUSAL_LM", target_modules=targets, r=rank, lora_alpha=alpha, init_lora_weights=start)
    model = peft.get_peft_model(model_of(transformers.MistralConfig(**config)), peft.LoraConfig(**options))
    found = {}
    for name, module in model.named_modules():
        if "layers.0." in name and isinstance(module, peft.tuners.lora.Linear):
            found[name.removeprefix("base_model.model.")] = module.base_layer.weight.norm().item()
    return found


layers = {name: {"exact": value} for name, value in left("pissa", 0).items()}
for iterations in (1, 4):
    runs = [left(f"pissa_niter_{iterations}", seed) for seed in range(seeds)]
    for name, layer in layers.items():
        values = [run[name] for run in runs]
        layer[str(iterations)] = {"mean": float(numpy.mean(values)), "deviation": float(numpy.std(values))}
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "fast-start.json").write_text(json.dumps({"versions": versions, "rank": rank, "alpha": alpha, "targets": targets, "seeds": seeds, "layers": layers}, indent=1) + "\n")
