// What a route asks for and answers, said once: handle.ts parses by it, the compiler holds the handler to it, docs/openapi.json is made from it.
import type { z } from "zod";

export interface Operation<Query, Body, Answer> {
  query?: z.ZodType<Query>;
  /** Of JSON. */
  body?: z.ZodType<Body>;
  /** What the body is where it is a file. */
  file?: string;
  /** What is answered: JSON; or the media types of what the handler makes a response of itself. */
  answer: z.ZodType<Answer> | readonly [string, ...string[]];
  /** Of a success, where it is not 200. */
  status?: 201 | 202;
}

/** An operation that clients know too, with where it stands. */
export interface Located extends Operation<unknown, unknown, unknown> {
  method: "GET" | "POST" | "PATCH";
  path: `/api/${string}`;
}

export interface Asked<Query, Body> {
  request: Request;
  query: Query;
  body: Body;
}
