"""Conversations with tools as Transformers 5.23 renders and tokenises them, with four templates of how models are shown tools.

    ~/.cache/alignment-workbench/bench/trl-1.16/bin/python data/golden/tools/make-tools.py

Writes data/golden/tools/tools.json: for each template and row the prompt's ids, the whole row's ids, and where TRL 1.16's completion begins;
null where the template raises.
"""
import json
import os

import transformers
from transformers import PreTrainedTokenizerFast
from trl.data_utils import common_prefix_length

HERE = os.path.dirname(os.path.abspath(__file__))
TINY = os.path.join(HERE, "..", "..", "tiny")

# In the manner of Qwen 2.5, Llama 3.1, DeepSeek V3 and Hermes: what each does with tools, null contents, names and answers of tools.
TEMPLATES = {
    "qwen": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
    {{- '# Tools\\n<tools>' }}
    {%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
    {{- '\\n</tools><|im_end|>\\n' }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' or (message.role == 'system' and not loop.first) or (message.role == 'assistant' and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|im_start|>assistant' }}
        {%- if message.content %}{{- '\\n' + message.content }}{%- endif %}
        {%- for call in message.tool_calls %}
            {%- if call.function is defined %}{%- set call = call.function %}{%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' + call.name + '", "arguments": ' }}
            {%- if call.arguments is string %}{{- call.arguments }}{%- else %}{{- call.arguments | tojson }}{%- endif %}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == 'tool' %}
        {{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}""",
    "llama": """{%- if tools is not none %}{{- 'Environment: ipython\\n' }}{%- for t in tools %}{{- t | tojson(indent=4) }}{{- '\\n\\n' }}{%- endfor %}{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|' + message['role'] + '|>\\n' + message['content'] | trim + '<|im_end|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls | length == 1 %}{{- raise_exception('This model only supports single tool-calls at once!') }}{%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|assistant|>\\n{"name": "' + tool_call.name + '", "parameters": ' }}{{- tool_call.arguments | tojson }}{{- '}<|im_end|>' }}
    {%- else %}
        {{- '<|ipython|>\\n' }}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
        {{- '<|im_end|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- endif %}""",
    "deepseek": """{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|User|>' + message['content'] }}{% elif message['role'] == 'assistant' and message['content'] is none %}{% for tool in message['tool_calls'] %}{{ '<|Assistant|><call>' + tool['type'] + ' ' + tool['function']['name'] + '\\n' }}{{ tool['function']['arguments'] | tojson }}{{ '</call><|im_end|>' }}{% endfor %}{% elif message['role'] == 'assistant' %}{{ '<|Assistant|>' + message['content'] + '<|im_end|>' }}{% elif message['role'] == 'tool' %}{{ '<out>' + message['content'] + '</out>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|Assistant|>' }}{% endif %}""",
    "named": """{% for m in messages %}<|{{ m.role }}{% if m.name is defined %} {{ m.name }}{% endif %}{% if m.tool_call_id is defined %} #{{ m.tool_call_id }}{% endif %}|>{{ m.content if m.content is not none else '' }}{% for c in m.tool_calls or [] %}[{{ c.id }} {{ c.function.name }}({{ c.function.arguments | tojson }})]{% endfor %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}""",
}

weather = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a <city> & its \"surroundings\", today's",
        "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": "Zürich, …"}}, "required": ["city"]},
    },
}


def call(arguments, name="weather", identity="a1"):
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


asked = {"role": "user", "content": "Is it warm?"}
calls = {"role": "assistant", "content": None, "tool_calls": [call({"city": "Ulm", "days": 2, "exact": True, "x": None, "y": [1.5, "é"]})]}
ROWS = [
    {"messages": [asked, {"role": "assistant", "content": "It is warm."}]},
    {"messages": [asked, {"role": "assistant", "content": "It is warm."}], "tools": [weather]},
    {"messages": [asked, calls], "tools": [weather]},
    {"messages": [asked, {**calls, "tool_calls": [call('{"city": "Ulm"}')]}], "tools": [weather]},
    {"messages": [asked, {**calls, "content": "I look."}], "tools": [weather]},
    {"messages": [asked, {**calls, "tool_calls": [call({"city": "Ulm"}), call({"city": "Bonn"}, identity="a2")]}], "tools": [weather]},
    {
        "messages": [
            {"role": "system", "content": "Be brief."},
            asked,
            calls,
            {"role": "tool", "name": "weather", "tool_call_id": "a1", "content": "{\"degrees\": 21}"},
            {"role": "assistant", "content": "It is warm."},
        ],
        "tools": [weather],
    },
    {"messages": [{**asked, "name": "Ada"}, {"role": "assistant", "content": "It is warm."}], "chat_template_kwargs": {"enable_thinking": False}},
]


def rendered(tokenizer, row):
    options = {"tools": row.get("tools"), **row.get("chat_template_kwargs", {})}
    prompt, whole = row["messages"][:-1], row["messages"]
    try:
        prompt_ids = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, **options)["input_ids"]
        ids = tokenizer.apply_chat_template(whole, **options)["input_ids"]
    except Exception:
        return None
    return {"prompt": prompt_ids, "ids": ids, "start": common_prefix_length(prompt_ids, ids)}


def main():
    results = []
    for name, template in TEMPLATES.items():
        tokenizer = PreTrainedTokenizerFast.from_pretrained(TINY)
        tokenizer.chat_template = template
        results += [{"template": name, "row": i, "expected": rendered(tokenizer, row)} for i, row in enumerate(ROWS)]
    with open(os.path.join(HERE, "tools.json"), "w") as file:
        json.dump({"transformers": transformers.__version__, "templates": TEMPLATES, "rows": ROWS, "results": results}, file)


main()
