// A parsed template, as the parser of @huggingface/jinja 0.5.11 makes it.

export type Node =
  | { type: "Program"; body: Node[] }
  | { type: "Comment" }
  | { type: "If"; test: Node; body: Node[]; alternate: Node[] }
  | { type: "For"; loopvar: Target; iterable: Node; body: Node[]; defaultBlock: Node[] }
  | { type: "Break" | "Continue" }
  | { type: "Set"; assignee: Node; value: Node | null; body: Node[] }
  | { type: "Macro"; name: Identifier; args: Parameter[]; body: Node[] }
  | { type: "CallStatement"; call: Call; callerArgs: Parameter[] | null; body: Node[] }
  | { type: "FilterStatement"; filter: Identifier | Call; body: Node[] }
  | { type: "MemberExpression"; object: Node; property: Node; computed: boolean }
  | Call
  | Identifier
  | { type: "IntegerLiteral" | "FloatLiteral"; value: number }
  | { type: "StringLiteral"; value: string }
  | { type: "ArrayLiteral"; value: Node[] }
  | Tuple
  | { type: "ObjectLiteral"; value: Map<Node, Node> }
  | { type: "BinaryExpression"; operator: { value: string }; left: Node; right: Node }
  | { type: "UnaryExpression"; operator: { value: string }; argument: Node }
  | { type: "FilterExpression"; operand: Node; filter: Identifier | Call }
  | { type: "TestExpression"; operand: Node; negate: boolean; test: Identifier }
  | { type: "SelectExpression"; lhs: Node; test: Node }
  | { type: "Ternary"; condition: Node; trueExpr: Node; falseExpr: Node }
  | { type: "SliceExpression"; start?: Node; stop?: Node; step?: Node }
  | Keyword
  | { type: "SpreadExpression" | "KeywordSpreadExpression"; argument: Node };

export interface Call {
  type: "CallExpression";
  callee: Node;
  args: Node[];
}
export interface Identifier {
  type: "Identifier";
  value: string;
}
export interface Tuple {
  type: "TupleLiteral";
  value: Node[];
}
export interface Keyword {
  type: "KeywordArgumentExpression";
  key: Identifier;
  value: Node;
}
export type Target = Identifier | Tuple;
export type Parameter = Identifier | Keyword;
