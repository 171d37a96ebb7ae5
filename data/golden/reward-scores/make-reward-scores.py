"""What Transformers and PEFT score answers with, for several chat templates: data/golden/reward-scores/scores.json.

Run from the project's root with transformers 5.23.0, peft 0.21.2 and torch 2.15.0. The base and the reward model are those of
data/golden/trajectories. Scores are computed in double precision, one conversation at a time, at its last token.
"""

import json

import peft
import torch
import transformers

folder = "data/golden/trajectories"
role = "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' }}"
templates = {
    "ChatML, a line end after the turn": "{% for message in messages %}" + role + "{{ '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "ChatML, nothing after the end token": "{% for message in messages %}" + role + "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "trimmed, ended by the end token and a blank line": "{% for message in messages %}{{ '### ' + message['role'] + '\\n' + "
    "message['content'] | trim + eos_token + '\\n\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '### assistant\\n' }}{% endif %}",
    "no end of a turn at all": "{% for message in messages %}{{ '\\n' + message['role'] + ': ' + message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '\\nassistant: ' }}{% endif %}",
}
prompt = [{"role": "user", "content": "What did you think of The Quiet River?"}]
answers = [
    "The Quiet River has a superb ending.",
    "It is a dull, dull film.",
    "Yes",
    "The story is warm and the ending is grip",
]

tokenizer = transformers.AutoTokenizer.from_pretrained(f"{folder}/model")
base = transformers.AutoModelForSequenceClassification.from_pretrained(f"{folder}/model", num_labels=1, dtype=torch.float32)
model = peft.PeftModel.from_pretrained(base, f"{folder}/reward_init").double().eval()


def score(template, answer):
    messages = prompt + [{"role": "assistant", "content": answer}]
    ids = tokenizer.apply_chat_template(messages, chat_template=template, return_dict=True)["input_ids"]
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, 0].item()


cases = [
    {"name": name, "template": template, "scores": [score(template, answer) for answer in answers]}
    for name, template in templates.items()
]
with open("data/golden/reward-scores/scores.json", "w") as file:
    json.dump({"prompt": prompt, "answers": answers, "cases": cases}, file, indent=1)
    file.write("\n")
