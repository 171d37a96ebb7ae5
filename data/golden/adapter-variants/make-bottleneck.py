"""Bottleneck adapters as the package `adapters` 1.3.0 makes and trains them on tiny models.

`adapters` 1.3.0 wants Transformers 4.57: pip install --no-deps --target FOLDER adapters==1.3.0 transformers==4.57.6 tokenizers==0.22.2 huggingface-hub==0.36.0
Run from the repository's root:  PYTHONPATH=FOLDER python data/golden/adapter-variants/make-bottleneck.py
Writes bottleneck.json and a folder a case, with what `adapters` saves at the start. Of each case: the log-probability of every id after the first, at
the start and after each of three steps of plain gradient descent on minus their mean; the norms of the first gradients. Weights follow from their
names, as tiny_models.py has it.

… make-bottleneck.py check FOLDER  says how far the adapters are from bottleneck.json that this project wrote there:
KEEP=FOLDER npx vitest run trainers/adapters/bottleneck
"""
import json
import pathlib
import shutil
import sys

import adapters
import torch
import transformers

here = pathlib.Path(__file__).parent
sys.path.append(str(here.parent / "families"))
from tiny_models import model_of, number  # noqa: E402

ids = [int(512 * (x + 0.5)) for x in number("row 0", 24)]
steps, rate = 3, 0.5
families = {"mistral": transformers.MistralConfig, "gpt2": transformers.GPT2Config}
llama = {"model_type": "llama", "vocab_size": 512, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "rope_theta": 10000.0, "rms_norm_eps": 1e-6, "tie_word_embeddings": True, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
kinds = {
    "houlsby": adapters.DoubleSeqBnConfig(reduction_factor=5),
    "pfeiffer": adapters.SeqBnConfig(reduction_factor=8),
    "gelu": adapters.DoubleSeqBnConfig(output_adapter=False, non_linearity="gelu"),
}


def base(family):
    config = llama if family == "llama" else json.loads((here.parent / f"families/{family}.json").read_text())["config"]
    config = {**config, **config.get("rope_parameters", {})}  # as Transformers 4 has them
    kind = families.get(family, transformers.LlamaConfig)
    model = model_of(kind(**{k: v for k, v in config.items() if k not in ("rope_parameters", "rope_type", "transformers_version")}))
    adapters.init(model)
    return model


def log_probs(model):
    logits = model(input_ids=torch.tensor([ids])).logits[0].float()
    return logits.log_softmax(-1)[:-1].gather(-1, torch.tensor(ids)[1:, None])[:, 0]


def far(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def check(folder):
    for case, expected in json.loads((here / "bottleneck.json").read_text())["cases"].items():
        (ours,) = pathlib.Path(folder).glob(f"workbench-{case}-*")
        model = base(expected["family"])
        model.set_active_adapters(model.load_adapter(str(ours), use_safetensors=True))
        print(case, "log-probabilities of this project's adapter in `adapters`, from its own:", far(log_probs(model).tolist(), expected["logProbs"][-1]))


def made(family, kind, folder):
    model = base(family)
    untouched = log_probs(model).tolist()
    model.add_adapter("golden", config=kinds[kind])
    model.train_adapter("golden")
    model.eval()
    trained = {name.replace(".adapters.golden", ""): p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, p in trained.items():
            p.copy_(torch.from_numpy(number(name, p.numel())).reshape(p.shape))
    model.save_adapter(str(folder), "golden", with_head=False, use_safetensors=True)
    said, gradients = [], {}
    for step in range(steps + 1):
        now = log_probs(model)
        said.append(now.tolist())
        model.zero_grad()
        (-now.mean()).backward()
        if step == 0:
            gradients = {name: p.grad.norm().item() for name, p in trained.items()}
        with torch.no_grad():
            for p in trained.values():
                p -= rate * p.grad
    print(family, kind, "from the base:", far(said[0], untouched), "moved:", far(said[-1], said[0]))
    return {"family": family, "kind": kind, "rate": rate, "logProbs": said, "gradients": gradients}


if sys.argv[1:2] == ["check"]:
    with torch.no_grad():
        check(sys.argv[2])
    sys.exit()

torch.set_num_threads(1)
cases = {}
for family in [*families, "llama"]:
    for kind in kinds:
        folder = here / f"{family}-{kind}"
        shutil.rmtree(folder, ignore_errors=True)
        cases[folder.name] = made(family, kind, folder)
versions = {m.__name__: m.__version__ for m in (torch, transformers, adapters)}
(here / "bottleneck.json").write_text(json.dumps({"versions": versions, "ids": ids, "llama": llama, "cases": cases}) + "\n")
