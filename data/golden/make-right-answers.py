"""Numbers as right answers and completions, with what math-verify 0.9.0 says: python data/golden/make-right-answers.py."""

import json
import random
from importlib.metadata import version
from pathlib import Path

from math_verify import parse, verify

random.seed(0)


def number():
    kind = random.randrange(5)
    if kind == 0:
        return random.randrange(-20, 100)
    if kind == 1:
        return random.randrange(1000, 2_000_000)
    if kind == 2:
        return random.randrange(-500, 500) / random.choice([2, 4, 5, 8])
    return random.randrange(1, 60)


def written(value):
    ways = [str(value), str(int(value)) if value == int(value) else str(value)]
    if value == int(value) and abs(value) >= 1000:
        ways.append(f"{int(value):,}")
    if value != int(value):
        for bottom in (2, 4, 5, 8):
            if value * bottom == int(value * bottom):
                top, sign = abs(int(value * bottom)), "-" if value < 0 else ""
                ways += [f"{sign}{top}/{bottom}", f"{sign}\\frac{{{top}}}{{{bottom}}}"]
                break
    return random.choice(ways)


ends = ["\\boxed{%s}", "So it is $\\boxed{%s}$.", "The answer is $%s$.", "The answer is %s", "The final answer is: %s.", "Answer: %s", "3 and 4 make 7. #### %s", "%s"]
cases = []
while len(cases) < 500:
    truth = number()
    claimed = truth if random.random() < 0.6 else random.choice([number(), truth + 1, -truth, truth * 10])
    right = random.choice([written(truth), f"#### {written(truth)}", f"\\boxed{{{written(truth)}}}"])
    said = random.choice(ends) % written(claimed)
    if random.random() < 0.3:
        said = f"<think>Perhaps {written(number())}?</think>\n" + said
    cases.append([right, said, bool(verify(parse(right), parse(said.split("</think>")[-1])))])

golden = {"math-verify": version("math-verify"), "cases": cases}
Path(__file__).with_name("right-answers.json").write_text(json.dumps(golden) + "\n")
print(sum(verdict for *_, verdict in cases), "of", len(cases), "right")
