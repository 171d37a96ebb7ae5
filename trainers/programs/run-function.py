"""Calls a function of a file by its name: a line with a batch comes on descriptor 3, a line with what it gives for each of the batch goes out on
descriptor 4, so that what the file prints is in nobody's way. Descriptor 5 ends when whoever asks has ended, and with it all that was started here."""

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

file, wanted, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])


def end_together():
    os.read(5, 1)
    os.killpg(0, signal.SIGKILL)


def load():
    sys.path[0] = os.path.dirname(file)
    module = types.ModuleType("own_file")
    module.__file__ = file
    sys.modules[module.__name__] = module
    with open(file, "rb") as source:
        exec(compile(source.read(), file, "exec"), module.__dict__)
    function = getattr(module, wanted, None)
    if not callable(function):
        raise LookupError(f"it has no function named {wanted}")
    return function


def told(value):
    """As JSON: null for nothing, a number for what counts as one, and numbers that JSON does not know quoted."""
    if value is None or (wanted != "reward" and isinstance(value, (str, dict, list, tuple))):
        return value
    number = math.nan if isinstance(value, (str, bytes)) or not hasattr(value, "__float__") else float(value)
    return number if math.isfinite(number) else {"wrong": repr(value)[:100]}


def results(function, batch):
    result = function(**batch)
    if inspect.isawaitable(result):
        result = asyncio.run(result)
    if isinstance(result, (str, bytes, dict)) or not hasattr(result, "__iter__"):
        return {"nothing": type(result).__name__}
    return {"results": [told(value) for value in result]}


def line_of(error):
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None


def attempt(work):
    """What it gives as a line of JSON, which knows no NaN; numbers of numpy's kind are numbers."""
    try:
        return json.dumps(work(), allow_nan=False, default=float)
    except MemoryError:
        return json.dumps({"memory": True})
    except Exception as error:
        name = type(error).__name__
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        return json.dumps({"error": f"{name}: {said}"[:500], "line": line_of(error)})


def main():
    threading.Thread(target=end_together, daemon=True).start()
    out = os.fdopen(4, "w", encoding="utf-8")

    def say(line):
        sys.stdout.flush()
        out.write(line + "\n")
        out.flush()

    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    except (ValueError, OSError):
        pass  # not every system limits address space; whoever started this looks at what it holds as well
    found = []
    say(attempt(lambda: found.append(load()) or {"ready": True}))
    for line in os.fdopen(3, encoding="utf-8"):
        say(attempt(lambda: results(found[0], json.loads(line))))


main()
