"""A reward function that keeps what it is given to score: the ids of a batch's completions, a line each time."""

import json


def reward(completion_ids, **_):
    with open("completions.ndjson", "a") as record:
        record.write(json.dumps(completion_ids) + "\n")
    return [len(set(ids)) / len(ids) - (ids[0] % 7) / 7 for ids in completion_ids]
