"""Prompt tuning and prefix tuning as PEFT 0.21.2 makes and trains them on tiny models.

Run from the repository's root with the environment of data/golden/families/make-families.py:  python data/golden/adapter-variants/make-virtual-tokens.py
Writes virtual-tokens.json and a folder a case, with what PEFT saves at the start. Of each case: the log-probability of every id after the first of
two rows of different lengths, at the start and after each of three steps of plain gradient descent on minus their mean; the norm of the first gradient
and the sum of its g[i] cos(i); and the likeliest tokens after two prompts at the start, each prompt by itself. Weights follow from their names, as
tiny_models.py has it.

python data/golden/adapter-variants/make-virtual-tokens.py check FOLDER  says how far the adapters are from virtual-tokens.json that this project wrote there:
KEEP=FOLDER npx vitest run trainers/adapters/virtual-tokens
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

rows = [[int(512 * (x + 0.5)) for x in number(f"row {i}", length)] for i, length in enumerate((24, 15))]
prompts = [rows[0][:9], rows[1][:4]]
virtual, steps, new_tokens = 5, 3, 16
rates = {"mistral": 0.5, "gpt-neox": 10, "gpt2": 3, "granite": 100, "gemma2": 0.5}
families = {
    "mistral": transformers.MistralConfig,
    "gpt-neox": transformers.GPTNeoXConfig,
    "gpt2": transformers.GPT2Config,
    "granite": transformers.GraniteConfig,
    "gemma2": transformers.Gemma2Config,
}
kinds = {"prompt": peft.PromptTuningConfig, "prefix": peft.PrefixTuningConfig}


def base(family):
    return model_of(families[family](**json.loads((here.parent / f"families/{family}.json").read_text())["config"]))


def log_probs(model):
    """Of both rows in one batch, right-padded."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    logits = model(input_ids=ids, attention_mask=mask).logits[:, -width:].float()
    said = logits.log_softmax(-1)[:, :-1].gather(-1, ids[:, 1:, None])[..., 0]
    return [said[i, : len(row) - 1] for i, row in enumerate(rows)]


def likeliest(model, prompt):
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(new_tokens):
            ids.append(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax().item())
    return ids[len(prompt):]


def numbers(said):
    return [row.tolist() for row in said]


def far(a, b):
    return max(abs(x - y) for one, other in zip(a, b) for x, y in zip(one, other))


def check(folder):
    for case, expected in json.loads((here / "virtual-tokens.json").read_text())["cases"].items():
        (ours,) = pathlib.Path(folder).glob(f"workbench-{case}-*")
        model = peft.PeftModel.from_pretrained(base(expected["family"]), ours).eval()
        print(case, "log-probabilities of this project's adapter in PEFT, from PEFT's own:", far(numbers(log_probs(model)), expected["logProbs"][-1]))


def made(family, kind, folder):
    model = peft.get_peft_model(base(family), kinds[kind](task_type="CAUSAL_LM", num_virtual_tokens=virtual)).eval()
    (weight,) = [p for p in model.parameters() if p.requires_grad]
    with torch.no_grad():
        weight.copy_(torch.from_numpy(2 * number(f"{family} {kind}", weight.numel())).reshape(weight.shape))
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    completions = [likeliest(model, prompt) for prompt in prompts]
    said, gradient = [], None
    for step in range(steps + 1):
        now = log_probs(model)
        said.append(numbers(now))
        model.zero_grad()
        (-torch.cat(now).mean()).backward()
        gradient = gradient if gradient is not None else weight.grad.double().flatten().numpy().copy()
        if step < steps:
            with torch.no_grad():
                weight -= rates[family] * weight.grad
    print(family, kind, "from the base:", far(said[0], numbers(log_probs(base(family)))), "moved:", far(said[-1], said[0]))
    summary = {"norm": float(numpy.linalg.norm(gradient)), "sum": float(gradient @ numpy.cos(numpy.arange(len(gradient))))}
    return {"family": family, "kind": kind, "rate": rates[family], "logProbs": said, "gradient": summary, "completions": completions}


if sys.argv[1:2] == ["check"]:
    with torch.no_grad():
        check(sys.argv[2])
    sys.exit()

torch.set_num_threads(1)
cases = {}
for family in families:
    for kind in kinds:
        folder = here / f"{family}-{kind}"
        shutil.rmtree(folder, ignore_errors=True)
        cases[folder.name] = made(family, kind, folder)
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "virtual-tokens.json").write_text(json.dumps({"versions": versions, "rows": rows, "prompts": prompts, "virtual": virtual, "cases": cases}) + "\n")
