"""Renders conversations with chat templates of public models by Transformers. Prints one JSON object.

usage: templates.py JOB.json, where JOB = {tokenizer, templates: [path], rows: [{messages, tools?}]}
Answers by template and row, without and with a generation prompt: {"ids": [...]} or {"refused": "why"}.
"""

import json
import sys
from pathlib import Path

import transformers

job = json.load(open(sys.argv[1]))
tokenizer = transformers.AutoTokenizer.from_pretrained(job["tokenizer"])


def rendered(template, row, generation_prompt):
    try:
        ids = tokenizer.apply_chat_template(
            row["messages"],
            tools=row.get("tools"),
            chat_template=template,
            add_generation_prompt=generation_prompt,
            tokenize=True,
            return_dict=False,
        )
        return {"ids": list(ids)}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}


said = {
    path: [[rendered(Path(path).read_text(), row, prompt) for prompt in (False, True)] for row in job["rows"]]
    for path in job["templates"]
}
print(json.dumps({"version": transformers.__version__, "said": said}))
