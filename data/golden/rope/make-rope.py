"""RoPE whose frequencies depend on a row's length (LongRoPE, dynamic NTK), as Transformers computes it: frequencies, and tiny models.

Run from the repository's root with transformers 5.23.0 and torch 2.15: python data/golden/rope/make-rope.py. Writes rope.json beside this
file. Weights are those of data/golden/families/tiny_models.py. Rows are computed one at a time, each by a new model, since Transformers
takes the frequencies of the longest row of a batch, and dynamic NTK's stay as they were for the longest one so far.
"""
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "families"))

import torch
import transformers
from tiny_models import model_of, number
from transformers import LlamaConfig, Phi3Config, Qwen2Config
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

torch.set_num_threads(1)
sizes = dict(vocab_size=512, hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1, pad_token_id=0, bos_token_id=1, eos_token_id=2)
short, long = [1.0, 1.1, 1.3, 1.6, 2.0, 2.5], [1.0, 1.5, 3.0, 6.0, 12.0, 24.0]
by_factor = {"rope_type": "longrope", "rope_theta": 5e4, "short_factor": short + [3.0, 3.5], "long_factor": long + [30.0, 40.0], "factor": 8.0, "original_max_position_embeddings": 40}
configs = {
    # As Phi-4-mini: three quarters of a head turn, the factor is the ratio of the contexts.
    "phi3-longrope": Phi3Config(**sizes, max_position_embeddings=160, original_max_position_embeddings=40, rope_parameters={"rope_type": "longrope", "rope_theta": 1e4, "partial_rotary_factor": 0.75, "short_factor": short, "long_factor": long}),
    "llama-longrope": LlamaConfig(**sizes, max_position_embeddings=320, rope_parameters=by_factor),
    "qwen2-longrope-attention": Qwen2Config(**sizes, max_position_embeddings=320, rope_parameters={**by_factor, "attention_factor": 1.3}),
    "llama-dynamic": LlamaConfig(**sizes, max_position_embeddings=40, rope_parameters={"rope_type": "dynamic", "rope_theta": 1e4, "factor": 4.0}),
}
ids = [int(512 * (x + 0.5)) for x in number("ids", 120)]


def log_prob(config, prompt, answer):
    with torch.no_grad():
        logits = model_of(config)(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
    return sum(logits[len(prompt) + i - 1, token].item() for i, token in enumerate(answer))


def greedy(config, prompt):
    """By generate. At LongRoPE without the cache of keys and values, except of Phi-3, which drops it where a row outgrows the old context."""
    cached = config.model_type == "phi3" or config.rope_parameters["rope_type"] == "dynamic"
    out = model_of(config).generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), max_new_tokens=40, use_cache=cached, do_sample=False, eos_token_id=None, return_dict_in_generate=True, output_scores=True
    )
    best = [scores[0].topk(2).values for scores in out.scores]
    assert min(a - b for a, b in best) > 2e-4, "a tie"
    return out.sequences[0, len(prompt) :].tolist()


found = {}
for name, config in configs.items():
    rope = ROPE_INIT_FUNCTIONS[config.rope_parameters["rope_type"]]
    frequencies = []
    for length in (1, 39, 40, 41, 100, 1000):
        values, scale = rope(config, "cpu", seq_len=length)
        frequencies.append({"length": length, "values": values.tolist(), "scale": scale})
    rows = [{"prompt": ids[:20], "answer": ids[20:length], "logProb": log_prob(config, ids[:20], ids[20:length])} for length in (30, 40, 41, 60, 120)]
    written = [{"prompt": prompt, "ids": greedy(config, prompt)} for prompt in (ids[:20], ids[30:57], ids[50:97])]
    found[name] = {"config": config.to_dict(), "frequencies": frequencies, "rows": rows, "greedy": written}
out = {"source": f"transformers {transformers.__version__}, torch {torch.__version__}", "models": found}
(here / "rope.json").write_text(json.dumps(out) + "\n")
print(out["source"])
