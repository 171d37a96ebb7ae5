"""Which weights Wanda keeps, and its magnitude baseline, on tiny models of several families: the algorithm of github.com/locuslab/wanda
(lib/prune.py, prune_wanda and prune_magnitude) written out over PyTorch's hooks. As there, a block's inputs come from blocks that are pruned already.

Run from the repository's root with transformers 5.23.0 and PyTorch 2.15, on a CPU:  python data/golden/make-pruning.py
Writes pruning.json: of each case the kept weights of every linear layer [out, in], a bit each, as base64 of numpy.packbits. Weights follow from
their names, as tiny_models.py has it. Magnitude prunes floor(s · count) weights of a layer; the authors' `<= threshold` prunes one more.
"""
import base64
import json
import pathlib
import sys

import numpy
import torch

here = pathlib.Path(__file__).parent
sys.path.append(str(here / "families"))
from tiny_models import model_of, number, targets  # noqa: E402
from transformers import AutoConfig  # noqa: E402

families = ["mistral", "phi3", "gpt2", "gpt-neox", "gemma2", "bloom", "qwen3-moe", "mamba", "mamba2"]
rows = [[int(512 * (x + 0.5)) for x in number(f"row {i}", n)] for i, n in enumerate((24, 17, 31))]
cases = {"magnitude 0.5": ("magnitude", 0.5, None), "magnitude 2:4": ("magnitude", None, (2, 4)), "wanda 0.5": ("wanda", 0.5, None), "wanda 2:4": ("wanda", None, (2, 4)), "wanda 0.3": ("wanda", 0.3, None)}


def matrix(layer):
    """[out, in]; GPT-2's Conv1D has [in, out]."""
    return layer.weight.data.T if type(layer).__name__ == "Conv1D" else layer.weight.data


def layers_of(block, config):
    """Those that a LoRA may be on: of Mamba's not all, and of a mixture's attention alone."""
    names = targets(config)
    return {name: m for name, m in block.named_modules() if type(m).__name__ in ("Linear", "Conv1D") and (names == "all-linear" or name.split(".")[-1] in names)}


def kept(scores, by, sparsity, pattern):
    scores = scores.contiguous()
    pruned = torch.zeros(scores.shape, dtype=torch.bool)
    if pattern:
        n, m = pattern
        for at in range(0, scores.shape[1], m):
            pruned.scatter_(1, at + torch.topk(scores[:, at : at + m], m - n, dim=1, largest=False)[1], True)
    elif by == "wanda":
        order = torch.sort(scores, dim=-1, stable=True)[1]
        pruned.scatter_(1, order[:, : int(scores.shape[1] * sparsity)], True)
    else:
        order = torch.sort(scores.flatten(), stable=True)[1]
        pruned.view(-1)[order[: int(scores.numel() * sparsity)]] = True
    return ~pruned


def masks(config, by, sparsity, pattern):
    model = model_of(config)
    blocks = next(m for m in model.modules() if isinstance(m, torch.nn.ModuleList))
    prefix = next(name for name, m in model.named_modules() if m is blocks)
    found = {}
    for i, block in enumerate(blocks):
        squares = {}
        def watch(name):
            def hook(_, inputs, __):
                x = inputs[0].reshape(-1, inputs[0].shape[-1])
                squares[name] = squares.get(name, 0) + (x**2).sum(0)
            return hook
        hooks = [m.register_forward_hook(watch(name)) for name, m in layers_of(block, config).items()]
        with torch.no_grad():
            for row in rows:
                model(input_ids=torch.tensor([row]))
        for hook in hooks:
            hook.remove()
        for name, m in layers_of(block, config).items():
            w = matrix(m)
            scores = w.abs() * (squares[name].sqrt()[None] if by == "wanda" else 1)
            keep = kept(scores, by, sparsity, pattern)
            w[~keep] = 0  # a view of the layer's own
            found[f"{prefix}.{i}.{name}"] = base64.b64encode(numpy.packbits(keep.numpy().flatten())).decode()
    return found


if __name__ == "__main__":
    torch.set_num_threads(1)
    result = {"rows": rows, "families": {}}
    for family in families:
        config = json.loads((here / f"families/{family}.json").read_text())["config"]
        config.pop("time_step_limit", None)  # the default, in a spelling that it is not read in
        parsed = AutoConfig.for_model(**config)
        result["families"][family] = {name: masks(parsed, *case) for name, case in cases.items()}
    (here / "pruning.json").write_text(json.dumps(result, indent=1) + "\n")
