import { expect, test } from "vitest";
import { privateData } from "./private-data";

test.each([
  ["write to jo.doe+x@mail.example.org today", "email address jo.doe+x@mail.example.org"],
  ["pay with 4111 1111 1111 1111 please", "card number 4111…"],
  ["call +44 20 7946 0958 now", "phone number +442079460958"],
  ["call (212) 555-2368", "phone number +12125552368"],
  ["the server at 93.184.216.34 answers", "IP address 93.184.216.34"],
  ["AKIAIOSFODNN7EXAMPLE is the id", "AWS key AKIA…"],
  [`token ghp_${"a1B2".repeat(9)} leaked`, "GitHub token ghp_…"],
  [`sk-proj-${"x9Y8".repeat(8)}`, "API key sk-p…"],
  [`hf_${"aB3d".repeat(9)}`, "Hugging Face token hf_a…"],
  ["-----BEGIN RSA PRIVATE KEY-----", "private key ----…"],
])("finds what is private in %s", (text, what) => expect(privateData(text)).toEqual([what]));

test.each([
  "4111 1111 1111 1112 is no card by Luhn's sum",
  "π is 3.14159265358979323846",
  "In 1969 and 1972, 12 people walked there; 384,400 km is far.",
  "0000 0000 0000 0000",
  "127.0.0.1, 192.168.0.12 and 10.0.0.1 are everybody's, and 1.2.3.4.5 is a version",
  "use @Override, or a@b",
  "the class sk-button is blue",
])("finds nothing private in %s", (text) => expect(privateData(text)).toEqual([]));
