// Sums with a scratchpad: every step is an equation that can be checked, not only the answer.

/** The expression of a prompt, by which one of this task is known. */
const asksFor = /^Compute (\d+(?: [+*-] \d+)+)\. Show each step on a line of its own, then the answer after ####\.$/;
export const arithmeticPrompt = (expression: string): string =>
  `Compute ${expression}. Show each step on a line of its own, then the answer after ####.`;

const applied = (a: number, sign: string, b: number) => (sign === "*" ? a * b : sign === "+" ? a + b : a - b);

/** Two to four numbers. */
export function arithmeticExpression(random: () => number): string {
  const below = (most: number) => Math.floor(random() * most);
  let text = String(2 + below(98));
  for (let more = 1 + below(3); more > 0; more--) {
    const sign = ["+", "-", "*"][below(3)]!;
    text += ` ${sign} ${sign === "*" ? 2 + below(11) : 2 + below(98)}`;
  }
  return text;
}

/** The equations from the expression to its value: products first, then from the left. */
function solved(expression: string): { steps: string[]; value: number } {
  const numbers = expression.match(/\d+/g)!.map(Number);
  const signs: string[] = expression.match(/[+*-]/g) ?? [];
  const steps: string[] = [];
  while (signs.length > 0) {
    const at = Math.max(0, signs.indexOf("*"));
    const [a, b, sign] = [numbers[at]!, numbers[at + 1]!, signs[at]!];
    const value = applied(a, sign, b);
    steps.push(`${a} ${sign} ${b} = ${value}`);
    numbers.splice(at, 2, value);
    signs.splice(at, 1);
  }
  return { steps, value: numbers[0]! };
}

export function arithmeticAnswer(expression: string): string {
  const { steps, value } = solved(expression);
  return [...steps, `#### ${value}`].join("\n");
}

/** Equations of two numbers; of three the end of a longer one is none. */
const equation = /(?<![\d+*-][ \t]*)(-?\d+)\s*([+*-])\s*(-?\d+)\s*=\s*(-?\d+)/g;

/** 1 for the right answer, plus the share of its steps that are written, minus the share of the written equations that are false; null for other prompts. */
export function arithmeticReward(prompt: string, answer: string): number | null {
  const expression = asksFor.exec(prompt)?.[1];
  if (expression === undefined) return null;
  const { steps, value } = solved(expression);
  const written = [...answer.matchAll(equation)].map(([, a, sign, b, c]) => ({
    text: `${a} ${sign} ${b} = ${c}`,
    holds: applied(Number(a), sign!, Number(b)) === Number(c),
  }));
  const said = /####\s*(-?\d+)\.?\s*$/.exec(answer)?.[1];
  const right = said !== undefined && Number(said) === value ? 1 : 0;
  const shown = steps.filter((step) => written.some(({ text }) => text === step)).length / steps.length;
  const wrong = written.length === 0 ? 0 : written.filter(({ holds }) => !holds).length / written.length;
  return right + shown - wrong;
}
