"""What TRL 1.16 and LLaMA-Factory 0.9.5 make of the files in this folder: ids and masks, written to records.json.

    TRL=python of an environment with trl==1.16.0 transformers==5.23.0 torch
    LF=python of an environment with llamafactory==0.9.5 transformers==5.6.0 torch, and torchaudio of the same CUDA (an empty module does too)
    $TRL data/layouts/make-records.py trl && DISABLE_VERSION_CHECK=1 $LF data/layouts/make-records.py llama-factory

Files that TRL reads as they are go to its trainers untouched. The others are first converted as TRL's own scripts in examples/datasets do
it (hh-rlhf-helpful-base.py, ultrafeedback.py) or as the dataset's card says; the conversions are below, one a layout. Stepwise rows are
not among them: TRL learns from each step by itself, which no method here does.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
here = Path(__file__).parent
model = here.parent / "golden" / "trajectories" / "model"
user = lambda content: {"role": "user", "content": content}
assistant = lambda content: {"role": "assistant", "content": content}


def rows(name):
    text = (here / name).read_text()
    return json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]


def pair(question, better, worse):
    return {"prompt": [user(question)], "chosen": [assistant(better)], "rejected": [assistant(worse)]}


def ordered(question, first, second, first_is_better):
    return pair(question, first, second) if first_is_better else pair(question, second, first)


def shared(chosen, rejected):
    """Two dialogues: all but the last turn is the prompt."""
    return {"prompt": chosen[:-1], "chosen": chosen[-1:], "rejected": rejected[-1:]}


def transcript(text):
    turns = [part.split(": ", 1) for part in text.split("\n\n")[1:]]
    return [{"role": "user" if who == "Human" else "assistant", "content": said} for who, said in turns]


def split(messages):
    """A conversation's last answer, as a prompt with its completion."""
    return {"prompt": messages[:-1], "completion": messages[-1:]}


def argilla(row):
    votes = [one["value"] for one in row["responses"]["preference"]]
    fields = row["fields"]
    return ordered(fields["prompt"], fields["response-1"], fields["response-2"], votes.count("response-1") > votes.count("response-2"))


def label_studio(row):
    sides = [result["value"]["selected"] for one in row["annotations"] for result in one["result"]]
    return ordered(row["data"]["prompt"], row["data"]["answer1"], row["data"]["answer2"], sides.count("left") > sides.count("right"))


def ranked(question, answers):
    return [{"prompt": question, "completion": [assistant(answer)]} for answer in answers]


def openassistant(row):
    """The answers that were ranked, with what was said before them."""
    found = []

    def walk(node, before):
        turns = before + [{"role": "user" if node["role"] == "prompter" else "assistant", "content": node["text"]}]
        answers = [reply for reply in node["replies"] if reply["role"] == "assistant"]
        if len(answers) > 1:
            found.extend(ranked(turns, [reply["text"] for reply in answers]))
        for reply in node["replies"]:
            walk(reply, turns)

    walk(row["prompt"], [])
    return found


def learnt(row):
    """Up to the last answer whose weight is not 0."""
    last = max(i for i, turn in enumerate(row["messages"]) if turn["role"] == "assistant" and turn.get("weight") != 0)
    return split([{"role": turn["role"], "content": turn["content"]} for turn in row["messages"][: last + 1]])


def glaive(row):
    """The system text without its mark, and turns by theirs."""
    said = re.split(r"(?:^|\n)\s*(USER|ASSISTANT): ", row["chat"])[1:]
    turns = [
        {"role": who.lower(), "content": text.replace("<|endoftext|>", "").strip()} for who, text in zip(said[::2], said[1::2])
    ]
    return split([{"role": "system", "content": row["system"].removeprefix("SYSTEM: ").strip()}, *turns])


def moss(row):
    """What the person and MOSS say, without the marks; its thoughts are not shown to the person."""
    turns = [{"role": "system", "content": row["meta_instruction"].strip()}]
    for i in range(row["num_turns"]):
        one = row["chat"][f"turn_{i + 1}"]
        turns += [
            user(one["Human"].removeprefix("<|Human|>: ").removesuffix("<eoh>\n")),
            assistant(one["MOSS"].removeprefix("<|MOSS|>: ").removesuffix("<eom>\n")),
        ]
    return split(turns)


def self_instruct(row):
    """As its own scripts make prompts: instruction and input, a row for each instance."""
    asked = lambda one: "\n".join(part for part in (row["instruction"], one["input"]) if part)
    return [{"prompt": [user(asked(one))], "completion": [assistant(one["output"])]} for one in row["instances"]]


as_it_is = lambda row: row
pairs = {
    "trl-preference.jsonl": as_it_is,
    "trl-preference-standard.jsonl": as_it_is,
    "trl-preference-implicit.jsonl": as_it_is,
    "hh-rlhf.jsonl": lambda row: shared(transcript(row["chosen"]), transcript(row["rejected"])),
    "ultrafeedback-binarized.jsonl": lambda row: shared(row["chosen"], row["rejected"]),
    "capybara-dpo.jsonl": lambda row: shared(row["chosen"], row["rejected"]),
    "openai-preference.jsonl": lambda row: {
        "prompt": row["input"]["messages"],
        "chosen": row["preferred_output"],
        "rejected": row["non_preferred_output"],
    },
    "helpsteer3.jsonl": lambda row: ordered(
        row["context"][0]["content"], row["response1"], row["response2"], row["overall_preference"] < 0
    ),
    "shp.jsonl": lambda row: ordered(row["history"], row["human_ref_A"], row["human_ref_B"], row["labels"] == 1),
    "arena.jsonl": lambda row: shared(
        *((row["conversation_a"], row["conversation_b"]) if row["winner"] == "model_a" else (row["conversation_b"], row["conversation_a"]))
    ),
    "argilla.json": argilla,
    "label-studio.json": label_studio,
}
answers = {
    "trl-prompt-completion.jsonl": as_it_is,
    "trl-prompt-completion-standard.jsonl": as_it_is,
    "glaive.jsonl": glaive,
    "moss.jsonl": moss,
    "trl-messages.jsonl": lambda row: split(row["messages"]),
    "openai-chat.jsonl": learnt,
    "capybara.jsonl": lambda row: split(
        [turn for one in row["conversation"] for turn in (user(one["input"]), assistant(one["output"]))]
    ),
}
rankings = {
    "ultrafeedback.jsonl": lambda row: ranked([user(row["instruction"])], [one["response"] for one in row["completions"]]),
    "nectar.jsonl": lambda row: ranked(
        transcript(row["prompt"].removesuffix("\n\nAssistant: ")), [one["answer"] for one in row["answers"]]
    ),
    "openassistant-trees.jsonl": openassistant,
    "self-instruct.jsonl": self_instruct,
}
labelled = {"trl-unpaired.jsonl": as_it_is, "trl-unpaired-standard.jsonl": as_it_is}


def trl():
    import datasets
    import trl
    from transformers import AutoModelForCausalLM, AutoTokenizer

    datasets.disable_progress_bars()
    tokenizer = AutoTokenizer.from_pretrained(model)
    out = tempfile.mkdtemp()
    plain = dict(output_dir=out, use_cpu=True, bf16=False, report_to="none", max_length=None)

    def prepared(trainer, settings, made, **more):
        data = datasets.Dataset.from_list(made)
        policy = AutoModelForCausalLM.from_pretrained(model)
        return list(trainer(policy, args=settings, train_dataset=data, processing_class=tokenizer, **more).train_dataset)

    def whole(prompt, completion):
        return {"input_ids": list(prompt) + list(completion), "completion_mask": [0] * len(prompt) + [1] * len(completion)}

    def supervised(made):
        return [
            {"input_ids": list(row["input_ids"]), "completion_mask": [int(label != -100) for label in row["labels"]]}
            for row in prepared(trl.SFTTrainer, trl.SFTConfig(**plain), made)
        ]

    files = {}
    for name, convert in pairs.items():
        made = prepared(trl.DPOTrainer, trl.DPOConfig(**plain), [convert(row) for row in rows(name)])
        files[name] = [
            [whole(row["prompt_ids"], row["chosen_ids"]), whole(row["prompt_ids"], row["rejected_ids"])] for row in made
        ]
    for name, convert in answers.items():
        files[name] = [[row] for row in supervised([convert(row) for row in rows(name)])]
    for name, convert in rankings.items():
        groups = [convert(row) for row in rows(name)]
        files[name] = [[row] for group in groups for row in supervised(group)]
    for name, convert in labelled.items():
        settings = trl.KTOConfig(**plain, per_device_train_batch_size=2)
        made = prepared(trl.KTOTrainer, settings, [convert(row) for row in rows(name)])
        files[name] = [[whole(row["prompt_ids"], row["completion_ids"])] for row in made]
    return {"trl": {"version": trl.__version__, "files": files}}


def llama_factory():
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.extras.env import VERSION
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    sharegpt = {"messages": "conversations"}
    info = {
        "alpaca.json": ("sft", {"columns": {"prompt": "instruction", "query": "input", "response": "output", "system": "system", "history": "history"}}),
        "alpaca-ranking.json": ("rm", {"ranking": True, "columns": {"prompt": "instruction", "query": "input", "chosen": "chosen", "rejected": "rejected"}}),
        "alpaca-kto.json": ("kto", {"columns": {"prompt": "instruction", "query": "input", "response": "output", "kto_tag": "kto_tag"}}),
        "sharegpt.json": ("sft", {"formatting": "sharegpt", "columns": {**sharegpt, "system": "system"}}),
        "sharegpt-ranking.json": ("rm", {"formatting": "sharegpt", "ranking": True, "columns": {**sharegpt, "chosen": "chosen", "rejected": "rejected"}}),
        "sharegpt-kto.json": ("kto", {"formatting": "sharegpt", "columns": {**sharegpt, "kto_tag": "kto_tag"}}),
    }
    folder = tempfile.mkdtemp()
    files = {}
    for name, (stage, described) in info.items():
        Path(folder, "dataset_info.json").write_text(json.dumps({"set": {"file_name": str(here / name), **described}}))
        arguments = dict(
            stage=stage, do_train=True, finetuning_type="lora", model_name_or_path=str(model), dataset="set",
            dataset_dir=folder, template="chatml", cutoff_len=4096, output_dir=folder + "/out", overwrite_cache=True,
            report_to="none", preprocessing_num_workers=1, mask_history=stage == "sft",
        )
        of_model, of_data, training, _, _ = get_train_args(arguments)
        tokenizer = load_tokenizer(of_model)["tokenizer"]
        template = get_template_and_fix_tokenizer(tokenizer, of_data)
        loaded = get_dataset(template, of_model, of_data, training, stage=stage, tokenizer=tokenizer)["train_dataset"]
        masked = lambda ids, labels: {"input_ids": list(ids), "completion_mask": [int(label != -100) for label in labels]}
        sides = [""] if stage != "rm" else ["chosen_", "rejected_"]
        files[name] = [[masked(row[f"{side}input_ids"], row[f"{side}labels"]) for side in sides] for row in loaded]
    return {"llama-factory": {"version": VERSION, "files": files}}


file = here / "records.json"
known = json.loads(file.read_text()) if file.exists() else {}
known.update({"trl": trl, "llama-factory": llama_factory}[sys.argv[1]]())
file.write_text(json.dumps(known, separators=(",", ":")) + "\n")
