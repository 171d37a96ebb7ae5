"""The scans of Mamba and Mamba-2 by themselves, and what their caches hold after prompts, as Transformers 5.23.0 has them on its plain path.

Run from the repository's root with transformers' environment:  PYTHONPATH=data/golden/families python data/golden/mamba/make-mamba.py
Writes scans.json; inputs follow from their names (tiny_models.py), as tests make them too.
"""
import json
import pathlib

import torch
import transformers
from transformers import Mamba2Config, MambaConfig
from transformers.models.mamba.modeling_mamba import mamba_selective_scan
from transformers.models.mamba2.modeling_mamba2 import mamba2_chunk_scan

from tiny_models import model_of, number

torch.set_num_threads(1)


def tensor(name, *shape, scale=2.0):
    return torch.from_numpy(scale * number(name, int(torch.tensor(shape).prod()))).to(torch.float32).reshape(shape)


B, T = 2, 21
# Mamba: 12 channels of 5 numbers each. It wants tokens last.
x, dt, a = tensor("x", B, T, 12), tensor("dt", B, T, 12).abs(), -tensor("a", 12, 5).exp()
b, c = tensor("b", B, T, 5), tensor("c", B, T, 5)
y, state = mamba_selective_scan(*(each.transpose(1, 2) for each in (x, dt)), a, b.transpose(1, 2), c.transpose(1, 2), return_last_state=True)
mamba = {"y": y.transpose(1, 2).flatten().tolist(), "state": state.flatten().tolist()}

# Mamba-2: 4 heads of 3 channels in 2 groups, 5 numbers of state.
x, dt, a = tensor("x2", B, T, 4, 3), tensor("dt2", B, T, 4).abs(), -tensor("a2", 4).exp()
b, c = tensor("b2", B, T, 2, 5), tensor("c2", B, T, 2, 5)
y, state = mamba2_chunk_scan(x, dt, a, b, c, chunk_size=7, return_final_states=True)
mamba2 = {"y": y.flatten().tolist(), "state": state.flatten().tolist()}


def cached(config):
    """What each layer's cache holds after a prompt of 20 tokens, and after its first 2, fewer than the convolution sees."""
    model = model_of(config)
    ids = [int(512 * (n + 0.5)) for n in number("ids", 20)]
    found = []
    for length in (20, 2):
        cache = model(input_ids=torch.tensor([ids[:length]]), use_cache=True).cache_params
        found.append(
            [
                {"inputs": cache.get_conv_state(layer, 0)[0].T.tolist(), "state": cache.get_recurrent_state(layer, 0)[0].flatten().tolist()}
                for layer in range(config.num_hidden_layers)
            ]
        )
    return found


with torch.no_grad():
    configs = {name: json.load(open(f"data/golden/families/{name}.json"))["config"] for name in ("mamba", "mamba2")}
    result = {
        "versions": {m.__name__: m.__version__ for m in (torch, transformers)},
        "mamba": {**mamba, "cached": cached(MambaConfig(**configs["mamba"]))},
        "mamba2": {**mamba2, "cached": cached(Mamba2Config(**{**configs["mamba2"], "time_step_limit": (0.0, float("inf"))}))},
    }


def rounded(value):
    """Numbers of float32 in as many digits as they have."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else float(f"{value:.9g}") if isinstance(value, float) else value


pathlib.Path("data/golden/mamba/scans.json").write_text(json.dumps(rounded(result)) + "\n")
