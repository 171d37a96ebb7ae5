"""Each family of models as Transformers computes it and as TRL trains it: tiny models, float32, one thread.

Run from the repository's root with trl 1.16.0, transformers 5.23.0, peft 0.21.2 and torch 2.15 (the environment of `npm run bench` has them):
python data/golden/families/make-families.py [NAME…]. Writes NAME.json beside this file.

Weights are not kept: tiny_models.py makes each from its name and place. Attention is "eager", since only that has Gemma 2's soft caps.
"""
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import peft
import torch
import transformers
import trl
from transformers import (
    BloomConfig,
    Gemma2Config,
    Gemma3TextConfig,
    GPT2Config,
    GPTNeoXConfig,
    GraniteConfig,
    GraniteMoeConfig,
    Mamba2Config,
    MambaConfig,
    MistralConfig,
    MixtralConfig,
    Olmo2Config,
    OlmoeConfig,
    Phi3Config,
    Qwen2Config,
    Qwen3Config,
    Qwen3MoeConfig,
    SmolLM3Config,
)

from tiny_models import fill, in_files, is_mixture, model_of, number, parts, stored, targets

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent
rows_folder = here.parent / "trajectories"

sizes = dict(
    vocab_size=512,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
)
neox = {**sizes, "num_attention_heads": 2, "attention_dropout": 0.0, "hidden_dropout": 0.0}
del neox["num_key_value_heads"]
gpt2 = dict(vocab_size=512, n_embd=32, n_layer=3, n_head=4, n_positions=256, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, pad_token_id=0, bos_token_id=1, eos_token_id=2)
families = {
    "mistral": MistralConfig(**sizes, head_dim=12, sliding_window=7),
    "qwen2-window": Qwen2Config(**sizes, use_sliding_window=True, sliding_window=7, max_window_layers=1),
    "qwen3": Qwen3Config(**sizes, head_dim=12, tie_word_embeddings=True),
    "smollm3": SmolLM3Config(**{**sizes, "num_hidden_layers": 4}, tie_word_embeddings=True, no_rope_layer_interval=2),
    "olmo2": Olmo2Config(**sizes),
    "phi3": Phi3Config(**{**sizes, "num_attention_heads": 2}, rope_parameters={"rope_type": "default", "rope_theta": 1e4, "partial_rotary_factor": 0.75}, sliding_window=7),
    # Every row is longer than the old context: a batch of TRL's goes by its longest row.
    "phi3-longrope": Phi3Config(**{**sizes, "num_attention_heads": 2}, original_max_position_embeddings=16, rope_parameters={"rope_type": "longrope", "rope_theta": 1e4, "partial_rotary_factor": 0.75, "short_factor": [1.0] * 6, "long_factor": [1.0, 1.5, 3.0, 6.0, 12.0, 24.0]}),
    "granite": GraniteConfig(**sizes, embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=3.0, tie_word_embeddings=True),
    "gemma2": Gemma2Config(**sizes, head_dim=12, query_pre_attn_scalar=20, sliding_window=7, attn_logit_softcapping=2.0, final_logit_softcapping=3.0),
    "gemma3": Gemma3TextConfig(**sizes, head_dim=12, query_pre_attn_scalar=20, sliding_window=7, layer_types=["sliding_attention", "sliding_attention", "full_attention"]),
    "gpt-neox": GPTNeoXConfig(**neox, use_parallel_residual=True),
    "gpt-neox-sequential": GPTNeoXConfig(**neox, use_parallel_residual=False),
    "gpt2": GPT2Config(**gpt2, n_inner=48),
    # Three heads: the slopes of ALiBi for a number that is no power of two.
    "bloom": BloomConfig(vocab_size=512, hidden_size=36, n_layer=3, n_head=3, pad_token_id=0, bos_token_id=1, eos_token_id=2),
    "qwen3-yarn": Qwen3Config(**sizes, head_dim=12, rope_parameters={"rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 16}),
    # A mixture of experts in every block.
    "qwen3-moe": Qwen3MoeConfig(**sizes, head_dim=12, moe_intermediate_size=24, num_experts=6, num_experts_per_tok=2, norm_topk_prob=True, tie_word_embeddings=True),
    "olmoe": OlmoeConfig(**sizes, num_experts=5, num_experts_per_tok=2),
    "mixtral": MixtralConfig(**sizes, num_local_experts=4, num_experts_per_tok=2, sliding_window=7),
    "granite-moe": GraniteMoeConfig(**sizes, embedding_multiplier=6.0, attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=3.0, tie_word_embeddings=True, num_local_experts=5, num_experts_per_tok=3),
}
state_space = dict(vocab_size=512, hidden_size=32, num_hidden_layers=3, pad_token_id=0, bos_token_id=1, eos_token_id=2)
families |= {
    "mamba": MambaConfig(**state_space, state_size=6, time_step_rank=5),
    "mamba2": Mamba2Config(**state_space, state_size=6, num_heads=8, head_dim=8, n_groups=2, chunk_size=8),
    # Not in ppo/: with these biases a row that Transformers pads on its left is another row.
    "mamba2-biases": Mamba2Config(**state_space, state_size=6, num_heads=8, head_dim=8, n_groups=1, use_bias=True, use_conv_bias=False),
}
# One expert a token, as in Switch: weighted by its probability, or by 1 where the weights of a token's experts add up to 1. No run is made of them.
families |= {
    "olmoe-switch": OlmoeConfig(**sizes, num_experts=5, num_experts_per_tok=1),
    "qwen3-moe-switch": Qwen3MoeConfig(**sizes, head_dim=12, moe_intermediate_size=24, num_experts=6, num_experts_per_tok=1, norm_topk_prob=True),
}
families["granite-moe"].num_experts = 5  # TRL 1.16 asks for it by this name


def answers(model):
    """Two answers to one prompt: their log-probabilities, the gradient of 1·first + 2·second, and what greedy decoding writes."""
    ids = [int(512 * (x + 0.5)) for x in number("ids", 60)]
    prompt, first, second = ids[:20], ids[20:33], ids[33:60]
    sums = []
    for weight, answer in ((1, first), (2, second)):
        row = torch.tensor([prompt + answer])
        logits = model(input_ids=row).logits[0].log_softmax(-1)
        total = sum(logits[len(prompt) + i - 1, token] for i, token in enumerate(answer))
        (weight * total).backward()
        sums.append(total.item())
    gradients = {}
    for name, parameter in model.named_parameters():
        for part, gradient in parts(stored(name, model), parameter.grad).items():
            g = gradient.flatten()
            gradients[in_files(part, model)] = {"norm": g.norm().item(), "first": g[:3].tolist(), "middle": g[g.numel() // 2 :][:3].tolist()}
    written, margin = list(prompt), 1e9
    with torch.no_grad():
        for _ in range(64):
            best = model(input_ids=torch.tensor([written])).logits[0, -1].topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            written.append(best.indices[0].item())
    assert margin > 2e-4, f"a tie within {margin}"
    return {"prompt": prompt, "answers": [first, second], "logProbs": sums, "gradients": gradients, "greedy": written[20:]}


def balance(model):
    """The load-balancing loss of a batch of two rows of different lengths, and how many tokens each expert got in each layer."""
    ids = [int(512 * (x + 0.5)) for x in number("ids", 60)]
    rows = [ids[:33], ids[:20] + ids[33:]]
    width = max(len(row) for row in rows)
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    with torch.no_grad():
        out = model(
            input_ids=torch.tensor([row + [0] * (width - len(row)) for row in rows]),
            attention_mask=mask,
            output_router_logits=True,
        )
    active = model.config.num_experts_per_tok
    load = []
    for logits in out.router_logits:
        chances = logits[mask.flatten() == 1].softmax(-1)
        best = chances.topk(active + 1).values if active < chances.shape[1] else None
        assert best is None or (best[:, -2] - best[:, -1]).min() > 1e-5, "experts nearly as likely as each other"
        load.append(torch.bincount(chances.topk(active).indices.flatten(), minlength=chances.shape[1]).tolist())
    return {"balance": out.aux_loss.item(), "load": load}


def scores(config):
    """What a reward model of this family says of the answers of two rows, one conversation at a time."""
    model = model_of(config, reward=True)
    tokenizer = transformers.AutoTokenizer.from_pretrained(rows_folder / "model")
    rows = [json.loads(line) for line in open(rows_folder / "pairs.jsonl")][:2]
    found = []
    for row in rows:
        for answer in (row["chosen"], row["rejected"]):
            ids = tokenizer.apply_chat_template(row["prompt"] + answer, return_dict=True)["input_ids"]
            with torch.no_grad():
                found.append(model(input_ids=torch.tensor([ids])).logits[0, 0].item())
    return found


def trained(config, kind, steps=24, balance=0.0):
    reward = kind == "reward"
    trainer_of, config_of = {"dpo": (trl.DPOTrainer, trl.DPOConfig), "reward": (trl.RewardTrainer, trl.RewardConfig)}[kind]

    class Sequential(trainer_of):
        def _get_train_sampler(self, dataset=None):
            return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)

    rows = [json.loads(line) for line in open(rows_folder / "pairs.jsonl")]
    trainer = Sequential(
        model=model_of(config, reward),
        peft_config=peft.LoraConfig(
            r=4,
            lora_alpha=8,
            target_modules=targets(config),
            task_type="SEQ_CLS" if reward else "CAUSAL_LM",
            **(dict(modules_to_save=["score"]) if reward else {}),
        ),
        args=config_of(
            output_dir=tempfile.mkdtemp(),
            per_device_train_batch_size=4,
            learning_rate=5e-4,
            lr_scheduler_type="constant",
            max_steps=steps,
            logging_steps=1,
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            seed=0,
            max_length=256,
            disable_tqdm=True,
            **(dict(router_aux_loss_coef=balance) if is_mixture(config) and not reward else {}),
        ),
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=transformers.AutoTokenizer.from_pretrained(rows_folder / "model"),
    )
    fill(trainer.model, base="adapter")
    trainer.train()
    return [
        {name: entry[name] for name in ("loss", "grad_norm", "aux_loss") if name in entry}
        for entry in trainer.state.log_history
        if "grad_norm" in entry
    ]


for name in sys.argv[1:] or families:
    config = families[name]
    own = json.loads(config.to_json_string(use_diff=False))
    result = {
        "versions": {m.__name__: m.__version__ for m in (torch, transformers, trl, peft)},
        "config": own,
        **answers(model_of(config)),
    }
    if is_mixture(config):
        result.update(balance(model_of(config)))
    if not name.endswith("-switch"):
        result["dpo"] = trained(config, "dpo")
        if is_mixture(config):
            result["balanced"] = trained(config, "dpo", steps=8, balance=0.5)
        try:
            result["reward"] = trained(config, "reward")
            result["scores"] = scores(config)
        except ValueError as error:
            print(name, "has no reward model in Transformers:", error)
    (here / f"{name}.json").write_text(json.dumps(result) + "\n")
    print(name, result["logProbs"], [s["loss"] for s in result.get("dpo", [])][::8], [s["loss"] for s in result.get("reward", [])][::8])
