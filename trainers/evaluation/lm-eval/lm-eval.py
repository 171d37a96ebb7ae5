"""Asks a model behind a server the tasks of lm-eval. usage: lm-eval.py JOB.json, with the fields of `Job` in run-tasks.ts.

Prints one JSON object: {"harness", "tasks": [...]} as spec/evaluations.ts has it, or {"refused": sentence} where the tasks cannot be asked.
"""

import contextlib
import json
import math
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

import requests

with contextlib.redirect_stdout(sys.stderr):
    from lm_eval import simple_evaluate
    from lm_eval.models.openai_completions import LocalCompletionsAPI
    from lm_eval.tasks import TaskManager


class Served(LocalCompletionsAPI):
    """A model of `workbench serve`, whose chat template is the server's: lm-eval 0.4.13 renders none without Transformers."""

    def apply_chat_template(self, chat_history, add_generation_prompt=True):
        if not add_generation_prompt:  # the last turn is the beginning of the answer
            *asked, begun = chat_history
            return self.apply_chat_template(asked) + begun["content"]
        ids = self.asked("tokenize", {"messages": chat_history})["tokens"]
        return self.asked("detokenize", {"tokens": ids})["prompt"]

    def asked(self, path, body):
        answer = requests.post(f"{self.tokenizer.base_url}/{path}", json=body, headers=self.header, timeout=60)
        answer.raise_for_status()
        return answer.json()


# How a metric moves with the ratio of the log-probabilities' sum to that of the weights (words or bytes), r.
SLOPES = {
    "bits_per_byte": lambda r: -1 / math.log(2),
    "byte_perplexity": lambda r: -math.exp(-r),
    "word_perplexity": lambda r: -math.exp(-r),
}


def ratio_rows(name, own, value):
    """What each row adds to a ratio of sums, linearised (the delta method): their mean is the value, and their spread tells its error."""
    pairs = all(isinstance(one, (list, tuple)) and len(one) == 2 for one in own)
    if not own or not pairs or name not in SLOPES:
        return None
    total = sum(weight for _, weight in own)
    r = sum(logprob for logprob, _ in own) / total
    return [value + SLOPES[name](r) * len(own) * (logprob - r * weight) / total for logprob, weight in own]


def metrics_of(result, task, samples):
    """Each metric under each filter. `acc_stderr,none` is the error of `acc,none`."""
    better = result["higher_is_better"].get(task, {})
    found = []
    for key, value in result["results"][task].items():
        name, comma, chosen = key.partition(",")
        if not comma or name.endswith("_stderr") or not isinstance(value, (int, float)) or not math.isfinite(value):
            continue
        told = result["results"][task].get(f"{name}_stderr,{chosen}")  # "N/A" where it has none
        error = float(told) if isinstance(told, (int, float)) and math.isfinite(told) else None
        own = [sample.get(name) for sample in samples if sample.get("filter", "none") == chosen]
        is_mean = all(isinstance(one, (bool, int, float)) for one in own) and own and math.isclose(sum(own) / len(own), value, abs_tol=1e-9)
        rows = [float(one) for one in own] if is_mean else ratio_rows(name, own, value)
        if error is None and rows and not is_mean and len(rows) > 1:
            error = statistics.stdev(rows) / math.sqrt(len(rows))
        found.append(
            {
                "name": name if chosen == "none" else f"{name},{chosen}",
                "value": float(value),
                "error": error,
                "higherIsBetter": better.get(name),
                "rows": rows,
            }
        )
    return found


def leaves(name, groups):
    below = groups.get(name)
    return [leaf for one in below for leaf in leaves(one, groups)] if below else [name]


def evaluated(job):
    manager = TaskManager(include_path=job["folders"])
    unknown = [name for name in job["tasks"] if not manager.match_tasks([name])]
    if unknown:
        return {"refused": f"lm-eval {version('lm_eval')} has no task {', '.join(unknown)}, and neither has {', '.join(job['folders'])}"}
    model = Served(
        model=job["name"],
        base_url=f"{job['url']}/v1/completions",
        tokenizer_backend="remote",
        auth_token=job["key"],  # the tokenizer's requests carry this one, the model's the header
        header={"Authorization": f"Bearer {job['key']}"},
        tokenized_requests=True,
        num_concurrent=job["concurrent"],
        max_length=job["context"],
        max_retries=1,
        timeout=1800,
    )
    result = simple_evaluate(
        model=model,
        tasks=job["tasks"],
        task_manager=manager,
        num_fewshot=job["fewShot"],
        limit=job["limit"],
        apply_chat_template=job["chatTemplate"],
        log_samples=True,
        bootstrap_iters=1000,
    )
    groups = result.get("group_subtasks", {})
    asked = {leaf: name for name in job["tasks"] for matched in manager.match_tasks([name]) for leaf in leaves(matched, groups)}
    tasks = []
    for name, samples in sorted(result["samples"].items()):
        ordered = sorted(samples, key=lambda sample: sample["doc_id"])
        told = result["versions"].get(name)
        tasks.append(
            {
                "name": name,
                "asked": asked.get(name, name),
                "version": None if told in (None, "Yaml") else str(told),
                "n": result["n-samples"][name]["effective"],
                "metrics": metrics_of(result, name, ordered),
            }
        )
    return {"harness": f"lm-eval {version('lm_eval')}", "tasks": tasks}


with contextlib.redirect_stdout(sys.stderr):
    try:
        found = evaluated(json.loads(Path(sys.argv[1]).read_text()))
    except (ConnectionError, FileNotFoundError, ValueError, OSError) as error:
        # most often: the task's rows are on the Hub, and this machine cannot reach it
        found = {"refused": f"lm-eval could not ask these tasks: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}"}
print(json.dumps(found))
