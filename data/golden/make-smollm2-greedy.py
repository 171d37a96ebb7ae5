"""Writes smollm2-greedy.json: what Transformers answers greedily, in float32, to ten prompts of SmolLM2-135M-Instruct.

usage: make-smollm2-greedy.py MODEL_FOLDER PROMPTS.json > smollm2-greedy.json
MODEL_FOLDER is the GGUF file's weights in Hugging Face layout (npm run bench prepares it under ~/.cache/alignment-workbench/bench/model).
PROMPTS.json holds one list of token ids per prompt.
"""

import json
import sys

import torch
import transformers

model = transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
rows = []
for ids in json.load(open(sys.argv[2])):
    with torch.no_grad():
        output = model.generate(
            torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), do_sample=False, max_new_tokens=64, eos_token_id=2, pad_token_id=0
        )
        logits = model(output).logits[0].float()
    completion = output[0, len(ids) :].tolist()
    # how far the winner leads the runner-up: where it is within rounding, either is right
    top = logits[len(ids) - 1 : -1].topk(2).values
    rows.append({"prompt": ids, "completion": completion, "lead": [round(x, 6) for x in (top[:, 0] - top[:, 1]).tolist()]})
json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "rows": rows}, sys.stdout)
