"""What TRL's own reward functions say of random completions: python data/golden/make-rule-rewards.py (TRL 1.16.0)."""

import json
import random
from pathlib import Path

import trl
from trl.rewards import get_repetition_penalty_reward, get_soft_overlong_punishment, think_format_reward

random.seed(0)
completions = [[random.randrange(random.choice([2, 5, 50])) for _ in range(random.randrange(0, 40))] for _ in range(200)]
pieces = ["<think>", "</think>", "reasoning", "\n", " ", "an answer", "<think", "think>", "</think"]
texts = ["".join(random.choices(pieces, k=random.randrange(0, 7))) for _ in range(150)]
texts += ["<think>" + "".join(random.choices(pieces, k=random.randrange(0, 5))) + "</think>\nSo." for _ in range(50)]

golden = {
    "trl": trl.__version__,
    "completions": completions,
    "repetition": {str(n): get_repetition_penalty_reward(n)(completions) for n in (1, 2, 3, 5)},
    "overlong": [
        {"max": most, "margin": margin, "rewards": get_soft_overlong_punishment(most, margin)(completions)}
        for most, margin in ((30, 10), (20, 20), (25, 1), (15, 0))
    ],
    "texts": texts,
    "think": think_format_reward([[{"content": text}] for text in texts]),
}
Path(__file__).with_name("rule-rewards.json").write_text(json.dumps(golden) + "\n")
print(sum(golden["think"]), "of", len(texts), "texts think")
