"""A PEFT adapter on a tiny GPT-2, and what Transformers and PEFT make of it.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/gpt2/make-gpt2.py
Writes adapter/ and expected.json: the log-probability of every id after the first with the adapter, and every matrix of merge_and_unload as
one number, the sum of w[i] cos(i).

python data/golden/gpt2/make-gpt2.py check MODEL ADAPTER MERGED  says how far what this project wrote is from what Python makes of it.
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
from tiny_models import model_of, number  # noqa: E402

config = transformers.GPT2Config(**json.loads((here.parent / "families/gpt2.json").read_text())["config"])
ids = torch.tensor([[int(512 * (x + 0.5)) for x in number("ids", 60)]])


def log_probs(model):
    with torch.no_grad():
        said = model(input_ids=ids).logits.float().log_softmax(-1)
    return said[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]


def checked(model, adapter, merged):
    """Log-probabilities of base and adapter against those of the merged folder, and what Transformers misses in it."""
    base = transformers.GPT2LMHeadModel.from_pretrained(model, dtype=torch.float32).eval()
    together = peft.PeftModel.from_pretrained(base, adapter).eval()
    whole, loading = transformers.AutoModelForCausalLM.from_pretrained(merged, dtype=torch.float32, output_loading_info=True)
    print({key: sorted(value) for key, value in loading.items() if key.endswith("_keys")})
    said = log_probs(together)
    print("fan_in_fan_out", together.peft_config["default"].fan_in_fan_out, "log-probabilities", said[:3].tolist())
    print("merged against base and adapter", (log_probs(whole.eval()) / said - 1).abs().max().item())
    expected = torch.tensor(json.loads((here / "expected.json").read_text())["logProbs"])
    print("against expected.json", (said / expected - 1).abs().max().item())


if sys.argv[1:2] == ["check"]:
    checked(*sys.argv[2:])
    sys.exit()

torch.manual_seed(0)
options = peft.LoraConfig(r=4, lora_alpha=8, target_modules=["c_attn", "c_proj", "c_fc"], init_lora_weights=False, task_type="CAUSAL_LM")
peft.get_peft_model(model_of(config), options).save_pretrained(here / "adapter")
(here / "adapter" / "README.md").unlink()
model = peft.PeftModel.from_pretrained(model_of(config), here / "adapter").eval()
said = log_probs(model)
merged = model.merge_and_unload().state_dict()


def summary(matrix):
    flat = matrix.double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


result = {
    "versions": {m.__name__: m.__version__ for m in (torch, transformers, peft)},
    "ids": ids[0].tolist(),
    "logProbs": said.tolist(),
    "merged": {name: summary(w) for name, w in merged.items() if ".c_" in name and name.endswith("weight")},
}
(here / "expected.json").write_text(json.dumps(result) + "\n")
