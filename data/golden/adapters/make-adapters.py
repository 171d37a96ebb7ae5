"""Adapters made by PEFT on a small random Llama, and what base and adapter say together.

Run from the repository's root, with trl 1.16.0's environment (npm run bench installs it):
    python data/golden/adapters/make-adapters.py
Writes model/, one folder a case, and adapters.json: for each case the log-probability of every id after the first, the gradient of their
mean with its sign turned for every trained matrix, and every matrix of merge_and_unload. A matrix is kept as one number: sum of w[i] cos(i).
"""
import json
import shutil
from pathlib import Path

import numpy
import peft
import torch
import transformers

here = Path("data/golden/adapters")
ids = torch.tensor([[1, 5, 9, 200, 31, 670, 44, 8, 17, 300, 2]])
sizes = dict(vocab_size=671, hidden_size=16, intermediate_size=24, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2)
config = transformers.LlamaConfig(**sizes, tie_word_embeddings=True, initializer_range=0.3, bos_token_id=1, eos_token_id=2)

q_and_v = dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])
cases = {
    "plain": q_and_v,
    "alpha-pattern": dict(**q_and_v, alpha_pattern={"q_proj": 64}),
    "rank-pattern": dict(r=3, lora_alpha=6, target_modules=["k_proj", "o_proj", "down_proj"], rank_pattern={"k_proj": 5, "layers.1.mlp.down_proj": 2}),
    "both-patterns": dict(r=2, lora_alpha=6, target_modules="all-linear", rank_pattern={r"layers\.[02]\..*_proj": 3, "o_proj": 4}, alpha_pattern={r"mlp\.(gate|up)_proj": 20, "model.layers.2.self_attn.q_proj": 1}),
    "rslora": dict(r=4, lora_alpha=8, target_modules=["q_proj", "gate_proj"], use_rslora=True, rank_pattern={"gate_proj": 2}, alpha_pattern={"gate_proj": 5}),
    "expression": dict(r=2, lora_alpha=4, target_modules=r".*\.layers\.[12]\..*(q|v|gate)_proj"),
    "paths": dict(r=2, lora_alpha=4, target_modules=["self_attn.q_proj", "model.layers.0.mlp.up_proj", "c_attn"]),
    "some-layers": dict(r=2, lora_alpha=4, target_modules=["q_proj", "down_proj"], layers_to_transform=[0, 2]),
    "one-layer": dict(r=2, lora_alpha=4, target_modules=["q_proj", "down_proj"], layers_to_transform=1, layers_pattern="layers"),
    "excluded": dict(r=2, lora_alpha=4, target_modules=["q_proj", "k_proj", "up_proj"], exclude_modules=["k_proj", "model.layers.1.mlp.up_proj"]),
    "excluded-expression": dict(r=2, lora_alpha=4, target_modules=["q_proj", "k_proj"], exclude_modules=r".*\.layers\.0\..*"),
    "fan-in": dict(**q_and_v, fan_in_fan_out=True, bias="lora_only", lora_dropout=0.1),
}


def number(matrix: torch.Tensor) -> float:
    flat = matrix.detach().double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


def log_probs(model) -> torch.Tensor:
    said = model(input_ids=ids).logits.float().log_softmax(-1)
    return said[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]


torch.manual_seed(0)
transformers.LlamaForCausalLM(config).save_pretrained(here / "model")
(here / "model" / "generation_config.json").unlink()
shutil.copy("data/tiny/tokenizer.json", here / "model")
shutil.copy("data/tiny/tokenizer_config.json", here / "model")
base = lambda: transformers.LlamaForCausalLM.from_pretrained(here / "model", dtype=torch.float32)  # noqa: E731
result = {
    "versions": {m.__name__: m.__version__ for m in (torch, transformers, peft)},
    "ids": ids[0].tolist(),
    "base": log_probs(base()).tolist(),
    "cases": {},
}
for seed, (name, options) in enumerate(cases.items()):
    torch.manual_seed(seed)
    made = peft.get_peft_model(base(), peft.LoraConfig(**options, task_type="CAUSAL_LM", init_lora_weights=False))
    made.save_pretrained(here / name)
    (here / name / "README.md").unlink()
    # What PEFT reads is what counts, dropout off.
    model = peft.PeftModel.from_pretrained(base(), here / name, is_trainable=True).eval()
    said = log_probs(model)
    (-said.mean()).backward()
    gradients = {k.removeprefix("base_model.model.").replace(".default", ""): number(p.grad) for k, p in model.named_parameters() if p.grad is not None}
    merged = model.merge_and_unload()
    result["cases"][name] = {
        "logProbs": said.tolist(),
        "gradients": gradients,
        "merged": {k: number(w) for k, w in merged.state_dict().items() if k.endswith("proj.weight")},
    }
(here / "adapters.json").write_text(json.dumps(result, indent=1) + "\n")
