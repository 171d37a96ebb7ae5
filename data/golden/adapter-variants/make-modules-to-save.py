"""LoRAs with modules trained whole beside them (modules_to_save), as PEFT 0.21.2 computes, trains and saves them on tiny models of three families.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/adapter-variants/make-modules-to-save.py
Writes modules-to-save.json and a folder a case, which is what PEFT saves at the start: A and B drawn, copies of modules moved from the base's. Of each
case: the log-probability of every id after the first, at the start and after each of three steps of plain gradient descent on minus their mean;
the norm of every first gradient; and after the last step every matrix and vector of merge_and_unload that is not the base's, as one number, the
sum of w[i] cos(i). GPT-2's embeddings and head are tied, and come apart.

python data/golden/adapter-variants/make-modules-to-save.py check FOLDER  says how far the adapters are from modules-to-save.json that this project wrote
there:  KEEP=FOLDER npx vitest run trainers/adapters/lora/modules-to-save
"""
import json
import pathlib
import shutil
import sys

import numpy
import peft
import torch
import transformers

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent / "families"))
from tiny_models import model_of, number  # noqa: E402

ids = torch.tensor([[int(512 * (x + 0.5)) for x in number("ids", 24)]])
rate, steps = 0.05, 3
configs = {"mistral": transformers.MistralConfig, "gpt-neox": transformers.GPTNeoXConfig, "gpt2": transformers.GPT2Config}
cases = {
    "mistral-ends": ("mistral", ["q_proj", "v_proj", "down_proj"], ["embed_tokens", "lm_head", "norm"]),
    "mistral-layers": ("mistral", ["q_proj", "v_proj", "down_proj"], ["model.layers.1.post_attention_layernorm", "k_proj", "layers.0.mlp.down_proj"]),
    "gpt-neox-ends": ("gpt-neox", ["query_key_value", "dense_4h_to_h"], ["embed_in", "lm_head", "final_layer_norm", "attention.dense"]),
    "gpt2-embeddings": ("gpt2", ["c_attn", "c_proj"], ["wte", "wpe", "ln_f", "c_fc"]),
    "gpt2-head": ("gpt2", ["c_attn"], ["lm_head"]),
}


def base(family):
    return model_of(configs[family](**json.loads((here.parent / f"families/{family}.json").read_text())["config"]))


def log_probs(model):
    said = model(input_ids=ids).logits.float().log_softmax(-1)
    return said[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]


def summary(matrix):
    flat = matrix.detach().double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


def plain(name):
    return name.removeprefix("base_model.model.").replace("modules_to_save.default.", "").replace(".default", "")


def far(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def check(folder):
    for case, expected in json.loads((here / "modules-to-save.json").read_text())["cases"].items():
        (ours,) = pathlib.Path(folder).glob(f"workbench-{case}-*")
        model = peft.PeftModel.from_pretrained(base(expected["family"]), ours).eval()
        print(case, "log-probabilities of this project's adapter in PEFT, from PEFT's own:", far(log_probs(model).tolist(), expected["logProbs"][-1]))


def made(family, targets, saved, folder):
    torch.manual_seed(0)
    options = dict(r=3, lora_alpha=6, target_modules=targets, modules_to_save=saved, init_lora_weights=False, task_type="CAUSAL_LM")
    model = peft.get_peft_model(base(family), peft.LoraConfig(**options)).eval()
    trained = {plain(name): p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():  # copies that are not just the base's
        for name, p in trained.items():
            if "lora_" not in name:
                p *= 1 + 0.2 * torch.from_numpy(number(name, p.numel())).float().reshape(p.shape)
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    read = peft.PeftModel.from_pretrained(base(family), folder).eval()
    said, gradients = [], None
    for step in range(steps + 1):
        now = log_probs(model)
        said.append(now.tolist())
        model.zero_grad()
        (-now.mean()).backward()
        gradients = gradients or {name: p.grad.norm().item() for name, p in trained.items()}
        if step < steps:
            with torch.no_grad():
                for p in trained.values():
                    p -= rate * p.grad
    with torch.no_grad():
        print(family, saved, "saved and read:", far(log_probs(read).tolist(), said[0]), "moved:", far(said[-1], said[0]))
    untouched = base(family).state_dict()
    merged = {name: summary(w) for name, w in model.merge_and_unload().state_dict().items() if not torch.equal(w, untouched[name])}
    return {"family": family, "targets": targets, "saved": saved, "rate": rate, "logProbs": said, "gradients": gradients, "merged": merged}


if sys.argv[1:2] == ["check"]:
    with torch.no_grad():
        check(sys.argv[2])
    sys.exit()

torch.set_num_threads(1)
found = {}
for name, (family, targets, saved) in cases.items():
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    found[name] = made(family, targets, saved, folder)
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "modules-to-save.json").write_text(json.dumps({"versions": versions, "ids": ids[0].tolist(), "cases": found}) + "\n")
