"""Evaluates a folder by lm-eval's own --model hf, and what a server answers by its --model local-completions. Prints one JSON object.

usage: lm-eval.py JOB.json, where JOB = {model, name, url, tasks, rows}: the folder, the model's name at the server, the server's address up to /v1, a
folder for tasks and a file of {prompt, chosen, rejected}
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

job = json.load(open(sys.argv[1]))
common = f"""
dataset_path: json
dataset_kwargs: {{data_files: {{test: {job["rows"]}}}}}
test_split: test
doc_to_text: "{{{{prompt}}}}"
target_delimiter: ""
"""
tasks = {
    "preference": "output_type: multiple_choice\ndoc_to_choice: ['{{chosen}}', '{{rejected}}']\ndoc_to_target: 0\nmetric_list: [{metric: acc}, {metric: acc_norm}]\n",
    "perplexity": "output_type: loglikelihood\ndoc_to_target: '{{chosen}}'\nmetric_list: [{metric: perplexity}]\n",
    "generation": "output_type: generate_until\ndoc_to_target: '{{chosen}}'\ngeneration_kwargs: {until: ['.'], max_gen_toks: 24, do_sample: false}\nmetric_list: [{metric: exact_match}]\n",
}
for name, text in tasks.items():
    Path(job["tasks"], f"{name}.yaml").write_text(f"task: wb_{name}\n{common}{text}")

from lm_eval import simple_evaluate  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402


def evaluated(model, arguments):
    names = [f"wb_{name}" for name in tasks]
    manager = TaskManager(include_path=job["tasks"])
    return simple_evaluate(model=model, model_args=arguments, tasks=names, task_manager=manager, batch_size=8, device="cpu", log_samples=True, bootstrap_iters=0, apply_chat_template=True)


def answers(result, task):
    docs = sorted(result["samples"][task], key=lambda sample: sample["doc_id"])
    return [answer[0] for doc in docs for answer in doc["resps"]]


def distance(a, b):
    return 0 if isinstance(a, str) else abs(float(a[0]) - float(b[0]))


def same(a, b):
    """A text, or whether every token was the likeliest."""
    return a == b if isinstance(a, str) else str(a[1]) == str(b[1])


own = evaluated("hf", f"pretrained={job['model']},dtype=float32")
served = evaluated(
    "local-completions",
    f"model={job['name']},base_url={job['url']}/completions,tokenizer={job['model']},num_concurrent=8,max_retries=1,tokenized_requests=True",
)
found = {}
for name in tasks:
    pairs = list(zip(answers(own, f"wb_{name}"), answers(served, f"wb_{name}"), strict=True))
    metrics = {key.split(",")[0]: [float(of["results"][f"wb_{name}"][key]) for of in (own, served)] for key in own["results"][f"wb_{name}"] if key.endswith(",none") and "stderr" not in key}
    found[name] = {"requests": len(pairs), "same": sum(same(*pair) for pair in pairs), "distance": max(distance(*pair) for pair in pairs), "metrics": metrics}
print(json.dumps({"versions": {name: version(name) for name in ("lm_eval", "transformers", "torch")}, "tasks": found}))
