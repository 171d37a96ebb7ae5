import { behaviour } from "./behaviour";

const [n, ...names] = process.argv.slice(2);
await behaviour(names, Number(n));
