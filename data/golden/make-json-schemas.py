"""Completions with the verdicts of Python's jsonschema on the JSON in them: python data/golden/make-json-schemas.py (jsonschema 4.26.0)."""

import copy
import json
import random
from importlib.metadata import version
from pathlib import Path

from jsonschema import Draft7Validator, Draft202012Validator

random.seed(0)
person = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150},
        "tags": {"type": "array", "items": {"enum": ["a", "b", 3, None]}, "uniqueItems": True, "maxItems": 3},
    },
    "required": ["name"],
    "additionalProperties": False,
}
tree = {
    "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "value": {"type": ["number", "null"]}}, "required": ["value"]}},
    "$ref": "#/$defs/node",
    "unevaluatedProperties": False,
}
call = {
    "oneOf": [
        {"properties": {"tool": {"const": "add"}, "of": {"prefixItems": [{"type": "number"}, {"type": "number"}], "items": False, "minItems": 2}}, "required": ["tool", "of"]},
        {"properties": {"tool": {"const": "say"}, "text": {"type": "string", "pattern": "^[A-Z].*\\.$"}}, "required": ["tool", "text"]},
    ]
}
price = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": [{"type": "string", "format": "date"}, {"multipleOf": 0.5}], "additionalItems": False, "contains": {"type": "number"}}
rule = {"if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]}, "then": {"required": ["x"]}, "else": {"not": {"required": ["x"]}}, "dependentRequired": {"x": ["y"]}, "propertyNames": {"maxLength": 4}}
cases = [
    (person, [{"name": "Ada", "age": 36, "tags": ["a", 3]}, {"name": "", "age": 3}]),
    (tree, [{"value": 1, "next": {"value": None, "next": {"value": 2.5}}}, {"value": None}]),
    (call, [{"tool": "add", "of": [1, 2.5]}, {"tool": "say", "text": "Hello."}]),
    (price, [["2026-11-28", 2.5], ["soon", 3]]),
    (rule, [{"kind": "x", "x": 1, "y": 2}, {"kind": "z"}]),
]
scalars = [0, 1, -1, 1.0, 0.3, "a", "", "A.", True, None, [], {}, "add", "x", 150, 1e30]


def places(value, at=()):
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield from places(inner, (*at, key))


def mutated(value):
    value = copy.deepcopy({"": value})
    for _ in range(random.randrange(0, 3)):
        at = random.choice(list(places(value)))
        holder = value
        for key in at[:-1]:
            holder = holder[key]
        deed = random.random()
        if not at or deed < 0.5:
            holder[at[-1] if at else ""] = random.choice(scalars)
        elif deed < 0.7 and len(at) > 1:
            del holder[at[-1]]
        elif isinstance(holder, dict) and len(at) > 1:
            holder[random.choice(["x", "extra", "value", "tags"])] = random.choice(scalars)
        elif isinstance(holder, list):
            holder.append(random.choice(scalars))
    return value[""]


def completion(value):
    text = json.dumps(value, ensure_ascii=False, indent=random.choice([None, 2]))
    return random.choice([text, f" {text}\n", f"<think>{{}}</think>{text}", f"Here it is:\n```json\n{text}\n```\nDone.", f"```\n[1]\n```\nor rather\n```JSON\n{text}\n```"])


golden = {"jsonschema": version("jsonschema"), "cases": []}
for schema, seeds in cases:
    kind = Draft7Validator if "$schema" in schema else Draft202012Validator
    values = [mutated(random.choice(seeds)) for _ in range(80)]
    texts = [(completion(value), kind(schema).is_valid(value)) for value in values]
    golden["cases"].append({"schema": schema, "texts": texts})
Path(__file__).with_name("json-schemas.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")
print([sum(fits for _, fits in case["texts"]) for case in golden["cases"]], "of 80 fit")
