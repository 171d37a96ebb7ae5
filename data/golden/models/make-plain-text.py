"""What TRL makes of plain text where a tokenizer adds BOS or EOS: ids and scored tokens of SFT's rows and of DPO's pairs.

Run from the repository's root, with trl 1.16.0's environment:  python data/golden/models/make-plain-text.py
The tokenizer is data/golden/adapters/model's, each case with another post-processor or other flags. Writes plain-text.json.
"""
import json
import shutil
import tempfile
from pathlib import Path

import datasets
import transformers
import trl

source = Path("data/golden/adapters/model")
begin = {"SpecialToken": {"id": "<|im_start|>", "type_id": 0}}
adds_bos = {
    "type": "TemplateProcessing",
    "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, begin, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]}},
}
cases = {
    "nothing added": {},
    "a post-processor that adds BOS": {"post_processor": adds_bos},
    "add_bos_token": {"flags": {"add_bos_token": True}},
    "a post-processor that adds BOS, and add_bos_token false": {"post_processor": adds_bos, "flags": {"add_bos_token": False}},
    "a post-processor that adds BOS, and add_eos_token false": {"post_processor": adds_bos, "flags": {"add_eos_token": False}},
    "add_bos_token and add_eos_token": {"flags": {"add_bos_token": True, "add_eos_token": True}},
}
row = {"prompt": "The film is", "completion": " warm and bright."}
pair = {"prompt": "The film is", "chosen": " warm.", "rejected": " cold."}


def rows_of(case: dict) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "model"
        shutil.copytree(source, folder)
        for file, edit in [("tokenizer.json", {"post_processor": case.get("post_processor")}), ("tokenizer_config.json", case.get("flags", {}))]:
            path = folder / file
            path.write_text(json.dumps({**json.loads(path.read_text()), **edit}))
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        usual = dict(output_dir=name, report_to=[], use_cpu=True, bf16=False)
        sft = trl.SFTTrainer(str(folder), trl.SFTConfig(**usual), train_dataset=datasets.Dataset.from_list([row]), processing_class=tokenizer)
        dpo = trl.DPOTrainer(str(folder), args=trl.DPOConfig(**usual), train_dataset=datasets.Dataset.from_list([pair]), processing_class=tokenizer)
        supervised, preference = sft.train_dataset[0], dpo.train_dataset[0]
        return {
            "ids": tokenizer("The film is")["input_ids"],
            "sft": {"input_ids": supervised["input_ids"], "scored": [int(label != -100) for label in supervised["labels"]]},
            "dpo": {k: v for k, v in preference.items() if k.endswith("ids")},
        }


result = {
    "versions": {m.__name__: m.__version__ for m in (transformers, trl)},
    "row": row,
    "pair": pair,
    "cases": {name: {**case, **rows_of(case)} for name, case in cases.items()},
}
Path("data/golden/models/plain-text.json").write_text(json.dumps(result, indent=1) + "\n")
