"""Calls the function `reward` of a file: a line with a batch comes on descriptor 3, a line with its rewards goes out on descriptor 4, so that what
the file prints is in nobody's way. Descriptor 5 ends when whoever asks has ended, and with it all that was started here."""

import asyncio
import inspect
import json
import math
import os
import resource
import signal
import sys
import threading
import traceback
import types

file, megabytes = sys.argv[1], int(sys.argv[2])


def end_together():
    os.read(5, 1)
    os.killpg(0, signal.SIGKILL)


def load():
    sys.path[0] = os.path.dirname(file)
    module = types.ModuleType("reward_file")
    module.__file__ = file
    sys.modules[module.__name__] = module
    with open(file, "rb") as source:
        exec(compile(source.read(), file, "exec"), module.__dict__)
    function = getattr(module, "reward", None)
    if not callable(function):
        raise LookupError("it has no function named reward")
    return function


def told(value):
    """A reward as JSON: null abstains, and what is no finite number is quoted."""
    if value is None:
        return None
    number = math.nan if isinstance(value, (str, bytes)) or not hasattr(value, "__float__") else float(value)
    return number if math.isfinite(number) else {"wrong": repr(value)[:100]}


def rewards(function, batch):
    result = function(**batch)
    if inspect.isawaitable(result):
        result = asyncio.run(result)
    if isinstance(result, (str, bytes, dict)) or not hasattr(result, "__iter__"):
        return {"nothing": type(result).__name__}
    return {"rewards": [told(value) for value in result]}


def line_of(error):
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None


def attempt(work):
    try:
        return work()
    except MemoryError:
        return {"memory": True}
    except Exception as error:
        name = type(error).__name__
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        return {"error": f"{name}: {said}"[:500], "line": line_of(error)}


def main():
    threading.Thread(target=end_together, daemon=True).start()
    out = os.fdopen(4, "w", encoding="utf-8")

    def say(answer):
        sys.stdout.flush()
        out.write(json.dumps(answer) + "\n")
        out.flush()

    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    except (ValueError, OSError):
        pass  # not every system limits address space; whoever started this looks at what it holds as well
    found = []
    loaded = attempt(lambda: found.append(load()))
    say(loaded or {"ready": True})
    for line in os.fdopen(3, encoding="utf-8"):
        say(attempt(lambda: rewards(found[0], json.loads(line))))


main()
