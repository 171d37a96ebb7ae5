"""(IA)³, and LoRAs whose start or computation needs the base's weights, as PEFT 0.21.2 makes and trains them on tiny models of three families.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/adapter-variants/make-variants.py
Writes variants.json and a folder a case. Of each case: the log-probability of every id after the first, at the start and after each of three
steps of plain gradient descent on minus their mean; the norm of every first gradient, since signs of singular vectors and of Q's columns are
anybody's; and every matrix of merge_and_unload after the last step as one number, the sum of w[i] cos(i). The folder is what PEFT saves after
the last step, for the untouched base; of DoRA and (IA)³, whose start is drawn here, what it saves at the start.

python data/golden/adapter-variants/make-variants.py check FOLDER  says how far the adapters are from variants.json that this project wrote there:
KEEP=FOLDER npx vitest run trainers/adapters/variants
"""
import json
import pathlib
import shutil
import sys
import tempfile

import numpy
import peft
import torch
import transformers

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent / "families"))
from tiny_models import model_of, number  # noqa: E402

ids = torch.tensor([[int(512 * (x + 0.5)) for x in number("ids", 24)]])
rates, steps = {"pissa": 0.002, "olora": 0.002, "dora": 0.002, "ia3": 0.05}, 3
families = {
    "mistral": (transformers.MistralConfig, ["q_proj", "v_proj", "down_proj"]),
    "gpt-neox": (transformers.GPTNeoXConfig, ["query_key_value", "dense_4h_to_h"]),
    "gpt2": (transformers.GPT2Config, ["c_attn", "c_proj"]),
}
kinds = {"pissa": dict(init_lora_weights="pissa"), "olora": dict(init_lora_weights="olora"), "dora": dict(use_dora=True, init_lora_weights=False), "ia3": dict()}
rescaled = {"mistral": ["k_proj", "v_proj", "down_proj"], "gpt-neox": ["query_key_value", "dense_4h_to_h"], "gpt2": ["c_attn", "mlp.c_proj"]}
broken = [("gpt2", "olora")]  # PEFT takes Conv1D's matrix for a linear layer's: its shapes do not fit


def base(family):
    json_config = json.loads((here.parent / f"families/{family}.json").read_text())["config"]
    return model_of(families[family][0](**json_config))


def log_probs(model):
    said = model(input_ids=ids).logits.float().log_softmax(-1)
    return said[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]


def summary(matrix):
    flat = matrix.detach().double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


def plain(name):
    return name.removeprefix("base_model.model.").replace(".default", "").replace("magnitude_vector.weight", "magnitude_vector")


def far(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def check(folder):
    for case, expected in json.loads((here / "variants.json").read_text())["cases"].items():
        (ours,) = pathlib.Path(folder).glob(f"workbench-{case}-*")
        model = peft.PeftModel.from_pretrained(base(expected["family"]), ours).eval()
        print(case, "log-probabilities of this project's adapter in PEFT, from PEFT's own:", far(log_probs(model).tolist(), expected["logProbs"][-1]))


def made(family, kind, folder):
    torch.manual_seed(0)
    targets = rescaled[family] if kind == "ia3" else families[family][1]
    options = dict(r=3, lora_alpha=6, target_modules=targets, task_type="CAUSAL_LM", **kinds[kind])
    config = peft.IA3Config(task_type="CAUSAL_LM", target_modules=targets, feedforward_modules=targets[-1:]) if kind == "ia3" else peft.LoraConfig(**options)
    model = peft.get_peft_model(base(family), config).eval()
    changes_base = kind in ("pissa", "olora")
    with tempfile.TemporaryDirectory() as temporary:
        start = f"{temporary}/{kind}_start"
        if changes_base:
            model.peft_config["default"].init_lora_weights = True
            model.save_pretrained(start)
            model.peft_config["default"].init_lora_weights = options["init_lora_weights"]
        else:
            with torch.no_grad():  # magnitudes that are not just norms, and factors that are not 1
                for name, p in model.named_parameters():
                    if "magnitude" in name or "ia3" in name:
                        p *= 1 + 0.2 * torch.from_numpy(number(plain(name), p.numel())).float().reshape(p.shape)
            model.save_pretrained(folder)
        trained = {plain(name): p for name, p in model.named_parameters() if p.requires_grad}
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
                        p -= rates[kind] * p.grad
        if changes_base:
            model.save_pretrained(folder, path_initial_model_for_weight_conversion=start)
    (folder / "README.md").unlink()
    read = peft.PeftModel.from_pretrained(base(family), folder).eval()
    print(family, kind, "saved and read:", far(log_probs(read).tolist(), said[-1 if changes_base else 0]), "moved:", far(said[-1], said[0]))
    if not changes_base:
        read = model
    merged = {name: summary(w) for name, w in read.merge_and_unload().state_dict().items() if name.endswith(("weight", "bias") if kind == "ia3" else "weight") and any(f".{target}." in name for target in targets)}
    return {"family": family, "kind": kind, "rate": rates[kind], "logProbs": said, "gradients": gradients, "merged": merged}


if sys.argv[1:2] == ["check"]:
    with torch.no_grad():
        check(sys.argv[2])
    sys.exit()

torch.set_num_threads(1)
cases = {}
for family in families:
    for kind in kinds:
        if (family, kind) not in broken:
            folder = here / f"{family}-{kind}"
            shutil.rmtree(folder, ignore_errors=True)
            cases[folder.name] = made(family, kind, folder)
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "variants.json").write_text(json.dumps({"versions": versions, "ids": ids[0].tolist(), "cases": cases}) + "\n")
