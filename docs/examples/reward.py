"""A reward function: called with a batch as TRL calls one, with every column of the rows by its name. A completion is text where the prompt is, and
a list of one message where the prompt is one of messages. Give back a number for each, or None to leave one out."""


def text_of(completion):
    return completion if isinstance(completion, str) else completion[0]["content"]


def reward(prompts, completions, **columns):
    wanted = columns.get("words", [None] * len(completions))
    return [
        None if words is None else -abs(words - len(text_of(completion).split()))
        for completion, words in zip(completions, wanted)
    ]
