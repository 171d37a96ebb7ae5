// Statements of a template, which write text.
import { call, evaluate, filtered } from "./evaluate";
import type { Node, Parameter, Target } from "./nodes";
import { type Scope, within } from "./scope";
import {
  Attributes,
  type Callable,
  isEqual,
  isTrue,
  itemsOf,
  type Named,
  Tuple,
  text,
  Undefined,
  type Value,
} from "./values";

/** How a loop's body came to its end before its last statement. */
class Leaving {
  constructor(
    readonly how: "Break" | "Continue",
    readonly written: string,
  ) {}
}

export const render = (nodes: Node[], scope: Scope): string => {
  let written = "";
  for (const node of nodes) {
    try {
      written += rendered(node, scope);
    } catch (error) {
      if (error instanceof Leaving) throw new Leaving(error.how, written + error.written);
      throw error;
    }
  }
  return written;
};

function rendered(node: Node, scope: Scope): string {
  switch (node.type) {
    case "Comment":
      return "";
    case "If":
      return render(isTrue(evaluate(node.test, scope)) ? node.body : node.alternate, scope);
    case "For":
      return loop(node, scope);
    case "Break":
    case "Continue":
      throw new Leaving(node.type, "");
    case "Set":
      assign(node.assignee, node.value ? evaluate(node.value, scope) : render(node.body, within(scope)), scope);
      return "";
    case "Macro":
      scope.names.set(node.name.value, macro(node.args, node.body, scope));
      return "";
    case "CallStatement":
      return text(call(node.call, scope, macro(node.callerArgs ?? [], node.body, scope)));
    case "FilterStatement":
      return text(filtered(render(node.body, within(scope)), node.filter, scope));
    default:
      return text(evaluate(node, scope));
  }
}

function assign(target: Node, value: Value, scope: Scope): void {
  if (target.type === "Identifier") scope.names.set(target.value, value);
  else if (target.type === "TupleLiteral") unpack(target, value, scope);
  else if (target.type === "MemberExpression" && target.property.type === "Identifier" && !target.computed) {
    const of = evaluate(target.object, scope);
    if (!(of instanceof Attributes) || of.kind !== "namespace")
      throw new Error("cannot assign attribute on non-namespace object");
    of.of.set(target.property.value, value);
  } else throw new Error(`cannot assign to ${target.type}`);
}

function unpack({ value: targets }: { value: Node[] }, value: Value, scope: Scope): void {
  const items = itemsOf(value);
  if (items.length !== targets.length)
    throw new Error(
      `${items.length < targets.length ? "not enough" : "too many"} values to unpack (expected ${targets.length})`,
    );
  for (const [i, target] of targets.entries()) assign(target, items[i]!, scope);
}

function loop(node: Node & { type: "For" }, scope: Scope): string {
  const { loopvar, iterable, body, defaultBlock } = node;
  const { from, holds } =
    iterable.type === "SelectExpression"
      ? { from: iterable.lhs, holds: iterable.test }
      : { from: iterable, holds: null };
  const bind = (item: Value): Scope => {
    const own = within(scope);
    assign(loopvar as Target, item, own);
    return own;
  };
  const items = itemsOf(evaluate(from, scope)).filter((item) => holds === null || isTrue(evaluate(holds, bind(item))));
  if (items.length === 0) return render(defaultBlock, within(scope));
  let written = "";
  let before: Value[] | null = null;
  for (const [i, item] of items.entries()) {
    const own = bind(item);
    const changed: Callable = (args) => {
      const same = before !== null && isEqual(before, args);
      before = args;
      return !same;
    };
    own.names.set("loop", loopAt(items, i, changed));
    try {
      written += render(body, own);
    } catch (error) {
      if (!(error instanceof Leaving)) throw error;
      written += error.written;
      if (error.how === "Break") break;
    }
  }
  return written;
}

function loopAt(items: Value[], i: number, changed: Callable): Attributes {
  const none = (what: string) => new Undefined(`there is no ${what} item`);
  const count = items.length;
  const cycle: Callable = (args) => args[i % args.length] ?? null;
  return new Attributes(
    new Map<string, Value>([
      ...Object.entries({ index: i + 1, index0: i, first: i === 0, last: i === count - 1, length: count }),
      ...Object.entries({ revindex: count - i, revindex0: count - i - 1, depth: 1, depth0: 0, cycle, changed }),
      ["previtem", i === 0 ? none("previous") : items[i - 1]!],
      ["nextitem", i === count - 1 ? none("next") : items[i + 1]!],
    ]),
    "loop",
  );
}

/** Its text where it is called; names that it does not bind are those around it then. */
function macro(parameters: Parameter[], body: Node[], scope: Scope): Callable {
  const names = parameters.map((one) => (one.type === "Identifier" ? one.value : one.key.value));
  return (args: Value[], named: Named) => {
    if (args.length > names.length && !named.has("caller"))
      throw new Error(`macro takes not more than ${names.length} argument(s)`);
    const own = within(scope);
    for (const [i, one] of parameters.entries()) {
      const name = names[i]!;
      const given = args[i] === undefined ? named.get(name) : args[i];
      const otherwise = () =>
        one.type === "Identifier" ? new Undefined(`parameter '${name}' was not provided`) : evaluate(one.value, own);
      own.names.set(name, given === undefined ? otherwise() : given); // None is given
    }
    const caller = named.get("caller");
    if (caller !== undefined) own.names.set("caller", caller);
    own.names.set("varargs", new Tuple(args.slice(names.length)));
    return render(body, own);
  };
}
