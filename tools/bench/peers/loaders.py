"""Loads our exports with another program's own loader, and says what came of them. Prints one JSON object.

usage: loaders.py JOB.json, where JOB = {program, model, pairs, kto, parquet, folder}
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

job = json.load(open(sys.argv[1]))
lines = lambda path: [json.loads(line) for line in Path(path).read_text().splitlines()]
said = []


class Ear(logging.Handler):
    def emit(self, record):
        said.append(f"{record.name}: {record.getMessage()}")


def listen():
    """From here on every warning is heard, by logging or by Python's own way."""
    said.clear()
    ear = Ear(level=logging.WARNING)
    for name in [None, "transformers", "datasets", "trl", "llamafactory", "openrlhf", "peft"]:
        logging.getLogger(name).addHandler(ear)
    warnings.simplefilter("always")
    warnings.showwarning = lambda message, category, *_: said.append(f"{category.__name__}: {message}")


def report(rows, expected, texts):
    """`texts` are, by row, what the loader feeds a model and the strings that are to be in it."""
    equal = sum(all(part in fed for part in parts) for fed, parts in texts)
    return {"rows": rows, "expected": expected, "equal": equal, "warnings": sorted(set(said))}


def parts_of(row):
    return [row["prompt"][-1]["content"], row["chosen"][0]["content"]], [
        row["prompt"][-1]["content"],
        row["rejected"][0]["content"],
    ]


def trl():
    import datasets
    import trl
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    loads = {}
    arguments = dict(output_dir=job["folder"] + "/out", use_cpu=True, bf16=False, report_to=[], max_length=None)

    def dpo(kind, path):
        model = AutoModelForCausalLM.from_pretrained(job["model"])
        settings = trl.DPOConfig(**arguments)
        listen()
        data = datasets.load_dataset(kind, data_files=path, split="train")
        trainer = trl.DPOTrainer(model, args=settings, train_dataset=data, processing_class=tokenizer)
        rows = lines(job["pairs"])
        texts = []
        for ours, theirs in zip(rows, trainer.train_dataset):
            for side, parts in zip(("chosen_ids", "rejected_ids"), parts_of(ours)):
                texts.append((tokenizer.decode(theirs["prompt_ids"] + theirs[side]), parts))
        result = report(len(trainer.train_dataset), len(rows), texts)
        return {**result, "equal": result["equal"] // 2}

    loads["TRL DPOTrainer, pairs"] = dpo("json", job["pairs"])
    loads["TRL DPOTrainer, Parquet"] = dpo("parquet", job["parquet"])

    model = AutoModelForSequenceClassification.from_pretrained(job["model"], num_labels=1)
    settings = trl.RewardConfig(**arguments)
    listen()
    data = datasets.load_dataset("json", data_files=job["pairs"], split="train")
    trainer = trl.RewardTrainer(model, args=settings, train_dataset=data, processing_class=tokenizer)
    rows = lines(job["pairs"])
    texts = [
        (tokenizer.decode(theirs["chosen_ids"]), parts_of(ours)[0]) for ours, theirs in zip(rows, trainer.train_dataset)
    ]
    loads["TRL RewardTrainer, pairs"] = report(len(trainer.train_dataset), len(rows), texts)

    model = AutoModelForCausalLM.from_pretrained(job["model"])
    settings = trl.KTOConfig(**arguments, per_device_train_batch_size=4)
    listen()
    data = datasets.load_dataset("json", data_files=job["kto"], split="train")
    trainer = trl.KTOTrainer(model, args=settings, train_dataset=data, processing_class=tokenizer)
    rows = lines(job["kto"])
    texts = [
        (tokenizer.decode(theirs["prompt_ids"] + theirs["completion_ids"]), [ours["completion"][0]["content"]])
        for ours, theirs in zip(rows, trainer.train_dataset)
    ]
    loads["TRL KTOTrainer, KTO"] = report(len(trainer.train_dataset), len(rows), texts)
    return {"trl": trl.__version__}, loads


def llama_factory():
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.extras.env import VERSION
    from llamafactory.model import load_tokenizer

    info = json.load(open(job["folder"] + "/dataset_info.json"))
    (name,) = info
    model, data, training, _, _ = get_train_args(
        dict(
            stage="rm",
            do_train=True,
            finetuning_type="lora",
            model_name_or_path=job["model"],
            dataset=name,
            dataset_dir=job["folder"],
            template="chatml",
            cutoff_len=4096,
            output_dir=job["folder"] + "/out",
            overwrite_cache=True,
            report_to="none",
        )
    )
    tokenizer = load_tokenizer(model)["tokenizer"]
    template = get_template_and_fix_tokenizer(tokenizer, data)
    listen()
    loaded = get_dataset(template, model, data, training, stage="rm", tokenizer=tokenizer)["train_dataset"]
    rows = lines(job["folder"] + "/" + info[name]["file_name"])
    texts = []
    for ours, theirs in zip(rows, loaded):
        asked = ours["conversations"][-1]["value"]
        for side in ("chosen", "rejected"):
            texts.append((tokenizer.decode(theirs[f"{side}_input_ids"]), [asked, ours[side]["value"]]))
    result = report(len(loaded), len(rows), texts)
    return {"llamafactory": VERSION}, {"LLaMA-Factory, ranked sharegpt": {**result, "equal": result["equal"] // 2}}


def openrlhf():
    from importlib.metadata import version
    from openrlhf.datasets import RewardDataset
    from openrlhf.datasets.utils import blending_datasets
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    names = dict(prompt_key="prompt", chosen_key="chosen", rejected_key="rejected", apply_chat_template=True)
    strategy = SimpleNamespace(args=SimpleNamespace(data=SimpleNamespace(**names)), print=lambda *_: None, is_rank_0=lambda: False)
    loads = {}
    for name, path in (("pairs", job["pairs"]), ("Parquet", job["parquet"])):
        listen()
        data = blending_datasets(path, None, strategy)
        loaded = RewardDataset(data, tokenizer, 4096, strategy, num_processors=1)
        rows = lines(job["pairs"])
        texts = []
        for at, ours in enumerate(rows):
            chosen, _, rejected, _, _ = loaded[at]
            for ids, parts in zip((chosen, rejected), parts_of(ours)):
                texts.append((tokenizer.decode(ids[0]), parts))
        result = report(len(loaded), len(rows), texts)
        loads[f"OpenRLHF RewardDataset, {name}"] = {**result, "equal": result["equal"] // 2}
    return {"openrlhf": version("openrlhf")}, loads


os.makedirs(job["folder"] + "/out", exist_ok=True)
version, loads = {"trl": trl, "llama-factory": llama_factory, "openrlhf": openrlhf}[job["program"]]()
print(json.dumps({"version": version, "loads": loads}))
