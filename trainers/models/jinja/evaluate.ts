// Expressions of a template.
import { filterNamed } from "./filters";
import { methodOf } from "./methods";
import type { Call, Identifier, Node } from "./nodes";
import { binary, itemAt, slice } from "./operators";
import { lookUp, type Scope } from "./scope";
import { testNamed } from "./tests";
import {
  Attributes,
  Float,
  isTrue,
  itemsOf,
  type Named,
  numberOf,
  Tuple,
  text,
  typeName,
  Undefined,
  type Value,
} from "./values";

export function evaluate(node: Node, scope: Scope): Value {
  switch (node.type) {
    case "Identifier":
      return lookUp(scope, node.value);
    case "StringLiteral":
    case "IntegerLiteral":
      return node.value;
    case "FloatLiteral":
      return new Float(node.value);
    case "ArrayLiteral":
      return node.value.map((item) => evaluate(item, scope));
    case "TupleLiteral":
      return new Tuple(node.value.map((item) => evaluate(item, scope)));
    case "ObjectLiteral":
      return new Map([...node.value].map(([key, item]) => [evaluate(key, scope), evaluate(item, scope)]));
    case "MemberExpression":
      return member(node, scope);
    case "CallExpression":
      return call(node, scope);
    case "FilterExpression":
      return filtered(evaluate(node.operand, scope), node.filter, scope);
    case "TestExpression":
      return testNamed(node.test.value)(evaluate(node.operand, scope), []) !== node.negate;
    case "BinaryExpression": {
      const left = evaluate(node.left, scope);
      if (node.operator.value === "and") return isTrue(left) ? evaluate(node.right, scope) : left;
      if (node.operator.value === "or") return isTrue(left) ? left : evaluate(node.right, scope);
      return binary(node.operator.value, left, evaluate(node.right, scope));
    }
    case "UnaryExpression":
      return unary(node.operator.value, evaluate(node.argument, scope));
    case "Ternary":
      return evaluate(isTrue(evaluate(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope);
    case "SelectExpression": // `a if b`, which is nothing where b does not hold
      return isTrue(evaluate(node.test, scope))
        ? evaluate(node.lhs, scope)
        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
    default:
      throw new Error(`${node.type} is no expression`);
  }
}

function unary(operator: string, value: Value): Value {
  if (operator === "not") return !isTrue(value);
  const number = numberOf(value);
  if (number === null) throw new Error(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  const result = operator === "-" ? -number : number;
  return value instanceof Float ? new Float(result) : result;
}

function member(node: Node & { type: "MemberExpression" }, scope: Scope): Value {
  const of = evaluate(node.object, scope);
  if (node.property.type === "SliceExpression") {
    const { start, stop, step } = node.property;
    const bounds = [start, stop, step].map((bound) => (bound ? numberOf(evaluate(bound, scope)) : null));
    return slice(of, bounds);
  }
  const name = node.computed ? evaluate(node.property, scope) : (node.property as Identifier).value;
  return node.computed ? item(of, name) : attribute(of, name);
}

/** `a.b`: what Python calls an attribute, and otherwise an item. */
export const attribute = (of: Value, name: Value): Value => found(of, name, [ownOf, itemIn]);

/** `a[b]`: an item, and otherwise an attribute. */
const item = (of: Value, name: Value): Value => found(of, name, [itemIn, ownOf]);

type Finder = (of: Value, name: Value) => Value | undefined;

function found(of: Value, name: Value, finders: Finder[]): Value {
  if (of instanceof Undefined) throw new Error(of.why);
  for (const find of finders) {
    const value = find(of, name);
    if (value !== undefined) return value; // None is a value
  }
  return new Undefined(`'${of instanceof Map ? "dict object" : typeName(of)}' has no attribute '${text(name)}'`);
}

const ownOf: Finder = (of, name) => {
  if (typeof name !== "string") return undefined;
  return of instanceof Attributes ? of.of.get(name) : methodOf(of, name);
};

function itemIn(of: Value, name: Value): Value | undefined {
  if (of instanceof Map) return of.get(name);
  const isOrdered = typeof of === "string" || Array.isArray(of) || of instanceof Tuple;
  return isOrdered && typeof name === "number" ? itemAt(of, name) : undefined;
}

export function filtered(value: Value, filter: Identifier | Call, scope: Scope): Value {
  const name = (filter.type === "Identifier" ? filter : (filter.callee as Identifier)).value;
  const { args, named } = argumentsOf(filter.type === "Identifier" ? [] : filter.args, scope);
  return filterNamed(name)(value, args, named, attribute);
}

export function call({ callee, args: given }: Call, scope: Scope, caller?: Value): Value {
  const called = evaluate(callee, scope);
  if (called instanceof Undefined) throw new Error(called.why);
  if (typeof called !== "function") throw new Error(`'${typeName(called)}' object is not callable`);
  const { args, named } = argumentsOf(given, scope);
  return called(args, caller === undefined ? named : new Map([...named, ["caller", caller]]));
}

function argumentsOf(nodes: Node[], scope: Scope): { args: Value[]; named: Named } {
  const args: Value[] = [];
  const named: Named = new Map();
  for (const node of nodes) {
    if (node.type === "KeywordArgumentExpression") named.set(node.key.value, evaluate(node.value, scope));
    else if (node.type === "SpreadExpression") args.push(...itemsOf(evaluate(node.argument, scope)));
    else if (node.type === "KeywordSpreadExpression")
      for (const [key, value] of evaluate(node.argument, scope) as Map<Value, Value>) named.set(text(key), value);
    else args.push(evaluate(node, scope));
  }
  return { args, named };
}
