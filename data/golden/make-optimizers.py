"""Fifty updates by the packages that trainers/run/optimizers follows, and the learning rates of Transformers' schedules: run
`python data/golden/make-optimizers.py` with torch 2.15.0, transformers 5.23.0, lion-pytorch 0.2.5, schedulefree 1.4.1, pytorch-optimizer 4.1.0,
bitsandbytes 0.50.2 and peft 0.21. CPU, float32.
Gradients are those that optimizers.test.ts makes too. torch.optim.Muon iterates in bfloat16; here it does so in float32, as the project does."""
import json
import pathlib

import torch
import transformers
from bitsandbytes.functional import create_dynamic_map
from bitsandbytes.optim import AdamW8bit
from lion_pytorch import Lion
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from pytorch_optimizer import AdaGC
from schedulefree import AdamWScheduleFree
from torch.optim import SGD, AdamW, Muon

SHAPES = {"layers.0.up.weight": [6, 4], "layers.0.down.weight": [4, 6], "embed_tokens.weight": [5, 4], "layers.0.scale": [5]}
STEPS, RATE, DECAY = 50, 0.01, 0.1
state = 1


def drawn(shape):
    """A linear congruential generator's numbers from -0.5 to 0.5, exact in double precision."""
    global state
    values = []
    for _ in range(torch.Size(shape).numel()):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**32 - 0.5)
    return torch.tensor(values, dtype=torch.float64).float().reshape(shape)


def run(optimizers_of, shapes=SHAPES):
    global state
    state = 1
    variables = {name: torch.nn.Parameter(drawn(shape)) for name, shape in shapes.items()}
    optimizers = optimizers_of(variables)
    for step in range(STEPS):
        for value in variables.values():
            value.grad = drawn(value.shape) * (8 if step == 20 else 1)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group.setdefault("full", group["lr"])
                group["lr"] = group["full"] * min(1, step / 5)  # warm-up over a tenth of the steps
            optimizer.step()
    for optimizer in optimizers:
        if isinstance(optimizer, AdamWScheduleFree):
            optimizer.eval()
    return {name: value.flatten().tolist() for name, value in variables.items()}


def schedule_free(variables):
    optimizer = AdamWScheduleFree(variables.values(), lr=RATE, weight_decay=DECAY)
    optimizer.train()
    return [optimizer]


def muon(variables):
    hidden = [value for name, value in variables.items() if name.startswith("layers")]
    others = [value for name, value in variables.items() if not name.startswith("layers")]
    options = dict(lr=RATE, weight_decay=DECAY)
    return [Muon(hidden, **options, adjust_lr_fn="match_rms_adamw"), AdamW(others, **options)]


adafactor = dict(lr=RATE, weight_decay=DECAY, scale_parameter=False, relative_step=False)
runs = {
    "adamw": run(lambda v: [AdamW(v.values(), lr=RATE, weight_decay=DECAY)]),
    "sgd": run(lambda v: [SGD(v.values(), lr=RATE)]),
    "lion": run(lambda v: [Lion(v.values(), lr=RATE, betas=(0.9, 0.99), weight_decay=DECAY)]),
    "adafactor": run(lambda v: [transformers.Adafactor(v.values(), **adafactor)]),
    "schedule_free_adamw": run(schedule_free),
}
torch.bfloat16, narrow = torch.float32, torch.bfloat16
runs["muon"] = run(muon)
torch.bfloat16 = narrow
in_bfloat16 = run(muon)
print("Muon in bfloat16 differs by", max(abs(a - b) for name in SHAPES for a, b in zip(in_bfloat16[name], runs["muon"][name])))

clipped = run(lambda v: [AdaGC(v.values(), lr=RATE, weight_decay=DECAY, betas=(0.9, 0.999), warmup_steps=10, foreach=False)])



def lora_plus(variables):
    """PEFT's groups, of a model whose LoRA matrices are these variables."""
    model = get_peft_model(torch.nn.Sequential(torch.nn.Linear(4, 6)), LoraConfig(r=2, target_modules=["0"]))
    layer = model.base_model.model[0]
    layer.lora_A.default.weight, layer.lora_B.default.weight = variables.values()
    return [create_loraplus_optimizer(model, AdamW, lr=RATE, loraplus_lr_ratio=16, loraplus_weight_decay=DECAY)]


faster = run(lora_plus, {"0.lora_A.weight": [2, 4], "0.lora_B.weight": [6, 2]})

# whole blocks and one that is not; bitsandbytes keeps the means of the vector in float32
eight_bit = run(lambda v: [AdamW8bit(v.values(), lr=RATE, weight_decay=DECAY)], {"layers.0.up.weight": [72, 60], "layers.0.scale": [5]})
eight_bit = {name: [round(value, 8) for value in values] for name, values in eight_bit.items()}
maps = {"signed": create_dynamic_map(signed=True).tolist(), "unsigned": create_dynamic_map(signed=False).tolist()}

schedules = {}
for total, warmup, name, options in [
    (40, 4, "constant_with_warmup", {}),
    (40, 4, "linear", {}),
    (40, 4, "cosine", {}),
    (40, 4, "cosine_with_restarts", {"num_cycles": 3}),
    (40, 4, "cosine_with_min_lr", {"min_lr_rate": 0.1}),
    (40, 4, "warmup_stable_decay", {"num_decay_steps": 10, "min_lr_ratio": 0.1}),
    (40, 4, "inverse_sqrt", {}),
]:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = transformers.get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=options)
    rates = []
    for _ in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    schedules[name.removesuffix("_with_warmup")] = rates

path = pathlib.Path(__file__).parent / "optimizers.json"
path.write_text(json.dumps({"runs": runs, "adagc": clipped, "lora_plus": faster, "adamw8bit": eight_bit, "maps": maps, "schedules": schedules}) + "\n")
