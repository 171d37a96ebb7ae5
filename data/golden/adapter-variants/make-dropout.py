"""LoRA and DoRA with dropout as PEFT 0.21.2 computes them on tiny models of three families, under the very masks that are drawn here.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/adapter-variants/make-dropout.py
Writes dropout.json. Of each case: the log-probability of every id after the first, in training mode, at the start and after each of three steps
of plain gradient descent on minus their mean, each step under masks of its own; the norm and the sum of g[i] cos(i) of every first gradient; and the
log-probabilities after the last step in evaluation mode. Weights follow from their names, as tiny_models.py has it.

The masks follow from their seeds: Philox4x32-10 (Salmon et al. 2011) as TensorFlow's StatelessRandomUniform uses it, written out below.
"""
import hashlib
import json
import pathlib
import sys

import numpy
import peft
import torch
import transformers

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent / "families"))
from tiny_models import model_of, number  # noqa: E402

ids = torch.tensor([[int(512 * (x + 0.5)) for x in number("ids", 24)]])
dropout, rate, steps = 0.3, 0.1, 3
families = {
    "mistral": (transformers.MistralConfig, ["q_proj", "v_proj", "o_proj", "down_proj"]),
    "gpt-neox": (transformers.GPTNeoXConfig, ["query_key_value", "dense_4h_to_h"]),
    "gpt2": (transformers.GPT2Config, ["c_attn", "c_proj"]),
}


def stream(*name):
    """common/random.ts: mulberry32 from the SHA-256 of a name."""
    state = int.from_bytes(hashlib.sha256("/".join(map(str, name)).encode()).digest()[:4], "little")
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (state ^ (state >> 15)) * (1 | state) & 0xFFFFFFFF
        t = ((t + ((t ^ (t >> 7)) * (61 | t) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        yield ((t ^ (t >> 14)) & 0xFFFFFFFF) / 2**32


def philox(counters, keys):
    """counters [4, n], keys [2] of 32 bits each → [4, n]"""
    c, k = counters.astype(numpy.uint64), [int(key) for key in keys]
    low = numpy.uint64(0xFFFFFFFF)
    for _ in range(10):
        a, b = c[0] * numpy.uint64(0xD2511F53), c[2] * numpy.uint64(0xCD9E8D57)
        c = numpy.stack([(b >> numpy.uint64(32)) ^ c[1] ^ numpy.uint64(k[0]), b & low, (a >> numpy.uint64(32)) ^ c[3] ^ numpy.uint64(k[1]), a & low])
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c.astype(numpy.uint32)


def uniform(seed, count):
    """TensorFlow's kernel mixes the seed into key and counter, and takes 23 bits of each number."""
    mixed = philox(numpy.array([[seed[0]], [0], [seed[1]], [0]], dtype=numpy.uint32), (0x3EC8F720, 0x02461E29))[:, 0]
    groups = numpy.arange((count + 3) // 4, dtype=numpy.uint32)
    nothing = numpy.zeros_like(groups)
    bits = philox(numpy.stack([groups, nothing, nothing + mixed[2], nothing + mixed[3]]), mixed[:2]).T.flatten()[:count]
    return ((bits & numpy.uint32(0x7FFFFF)) | numpy.uint32(127 << 23)).view(numpy.float32) - numpy.float32(1)


class Masked(torch.nn.Module):
    def __init__(self, name, seed):
        super().__init__()
        self.layer, self.seed = int(2**30 * next(stream(name))), seed

    def forward(self, x):
        drawn = uniform((self.seed[0], self.seed[1] + self.layer), x.numel()).reshape(x.shape)
        return x * torch.from_numpy((drawn >= numpy.float32(dropout)).astype(numpy.float32) / numpy.float32(1 - dropout)) if self.training else x


def plain(name):
    return name.removeprefix("base_model.model.").replace(".default", "").replace("magnitude_vector.weight", "magnitude_vector")


def log_probs(model):
    said = model(input_ids=ids).logits.float().log_softmax(-1)
    return said[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]


def made(family, dora):
    kind, targets = families[family]
    base = model_of(kind(**json.loads((here.parent / f"families/{family}.json").read_text())["config"]))
    model = peft.get_peft_model(base, peft.LoraConfig(r=3, lora_alpha=6, lora_dropout=dropout, target_modules=targets, use_dora=dora, task_type="CAUSAL_LM"))
    trained = {plain(name): p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, p in trained.items():
            values = torch.from_numpy(number(name, p.numel())).reshape(p.shape)
            p.copy_(1 + values if "magnitude" in name else 0.3 * values)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0
    seed = [0, 0]
    for name, module in model.named_modules():
        if hasattr(module, "lora_dropout"):
            module.lora_dropout["default"] = Masked(plain(name), seed)
    said, norms, sums = [], None, None
    for step in range(steps + 1):
        numbers = stream("dropout", 0, step, 0)
        seed[:] = [int(2**30 * next(numbers)), int(2**30 * next(numbers))]
        model.train()
        now = log_probs(model)
        said.append(now.tolist())
        model.zero_grad()
        (-now.mean()).backward()
        flat = {name: p.grad.double().flatten().numpy() for name, p in trained.items()}
        norms = norms or {name: float(numpy.linalg.norm(g)) for name, g in flat.items()}
        sums = sums or {name: float(g @ numpy.cos(numpy.arange(len(g)))) for name, g in flat.items()}
        if step < steps:
            with torch.no_grad():
                for p in trained.values():
                    p -= rate * p.grad
    with torch.no_grad():
        evaluated = log_probs(model.eval()).tolist()
    print(family, "dora" if dora else "lora", "dropout moves:", max(abs(a - b) for a, b in zip(evaluated, said[-1])))
    return {"family": family, "dora": dora, "targets": targets, "logProbs": said, "norms": norms, "sums": sums, "evaluated": evaluated}


torch.set_num_threads(1)
cases = {f"{family}-{'dora' if dora else 'lora'}": made(family, dora) for family in families for dora in (False, True)}
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "dropout.json").write_text(json.dumps({"versions": versions, "ids": ids[0].tolist(), "dropout": dropout, "rate": rate, "cases": cases}) + "\n")
