"""An environment: another model plays the user. It goes on with each conversation over any server with OpenAI's API, such as this workbench's own
(`workbench serve`), llama-server or vLLM; the columns `goal` of the rows say what the user is after. Whether the goal was met is for a reward to say."""

import json
import urllib.request

SERVER = "http://127.0.0.1:8080/v1"
MODEL = "base"
OTHER = {"user": "assistant", "assistant": "user"}


def step(conversations, goal, **_):
    return [{"messages": reply(conversation, wanted)} for conversation, wanted in zip(conversations, goal)]


def reply(conversation, goal):
    instruction = f"You are a user who talks with an assistant. What you are after: {goal}. Write your next message, and nothing else."
    turned = [{"role": OTHER[turn["role"]], "content": turn["content"]} for turn in conversation if turn["role"] in OTHER]
    body = {"model": MODEL, "messages": [{"role": "system", "content": instruction}, *turned], "max_tokens": 64}
    request = urllib.request.Request(
        f"{SERVER}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["choices"][0]["message"]["content"]
