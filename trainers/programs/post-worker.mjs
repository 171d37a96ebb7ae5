// Posts what it is sent and gives back what came.
import { answerWith } from "./answering.mjs";

answerWith(async ({ address, body, key, timeoutMs }) => {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
      body,
      redirect: "error", // the address that was given, and no other
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (error.name === "TimeoutError") return { error: `no answer within ${timeoutMs / 1000} s` };
    return { error: error.cause?.message || error.cause?.code || error.message };
  }
});
