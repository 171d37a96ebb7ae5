// Whether an endpoint answers, and who does: the button beside it.
import type { Endpoint } from "../db/tables/endpoints";
import { completion, said } from "./ask";
import { clientOf } from "./client";
import { dollarWords } from "./endpoint-schema";
import { keepAnswer, requireBelowCap } from "./spending";

const mostNamed = 5;

/** Asks for the list of models, which costs nothing; where the model is not on it, or there is none, for one token. In a sentence. */
export async function tryEndpoint(endpoint: Endpoint): Promise<string> {
  const listed = await modelsOf(endpoint);
  if (listed?.includes(endpoint.model))
    return `It lists ${listed.length === 1 ? "one model" : `${listed.length} models`}, ${endpoint.model} among them.`;
  const { answered, cost } = await oneToken(endpoint);
  const paid = `${answered} answered one token for ${dollarWords(cost)}`;
  if (listed === null) return `It lists no models; ${paid}.`;
  const named = listed.slice(0, mostNamed).join(", ");
  return `${endpoint.model} is not among the models that it lists (${named}${listed.length > mostNamed ? ", …" : ""}), but ${paid}.`;
}

/** Null where the server has no such list. */
async function modelsOf(endpoint: Endpoint): Promise<string[] | null> {
  const client = clientOf(endpoint);
  return said(endpoint, async () => {
    try {
      const { data } = await client.models.list();
      return data.map(({ id }) => id);
    } catch (error) {
      if (error instanceof Error && "status" in error && (error.status === 404 || error.status === 405)) return null;
      throw error;
    }
  });
}

async function oneToken(endpoint: Endpoint): Promise<{ answered: string; cost: number }> {
  requireBelowCap(endpoint);
  const question = { messages: [{ role: "user" as const, content: "Hello" }], max_tokens: 1, temperature: 0 };
  const { model, text, ...answer } = await completion(endpoint, question);
  await keepAnswer({ ...answer, endpointId: endpoint.id, request: "a test", answer: text, createdAt: Date.now() });
  return { answered: model, cost: answer.cost };
}
