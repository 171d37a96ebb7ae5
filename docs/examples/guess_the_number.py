"""An environment: the model guesses a number that the row holds in its column `number`, and is told whether it is higher or lower.

Called with every conversation that goes on: lists of messages that end with the model's turn, and the other columns of their rows by name. Give back
for each the messages that follow and a reward for the turn; without messages the episode is over."""

import re


def step(conversations, number, **_):
    return [answer(conversation, int(wanted)) for conversation, wanted in zip(conversations, number)]


def answer(conversation, wanted):
    found = re.search(r"\d+", conversation[-1]["content"])
    if found is None:
        return {"messages": "Guess a number.", "reward": -0.5}
    guess = int(found.group())
    if guess == wanted:
        return {"reward": 1.0}
    return {"messages": "Higher." if wanted > guess else "Lower.", "reward": 0.0}
