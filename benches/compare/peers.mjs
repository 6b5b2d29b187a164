// A row of a table: how long ioc-extractor takes for a text and for twice
// of it. `node peers.mjs FILE`
import { readFileSync } from "node:fs";
import { extractIOC } from "ioc-extractor";

const SIZE = 50_000;
const text = readFileSync(process.argv[2], "utf8").slice(0, 2 * SIZE);
const times = [];
let hits = 0;
for (const part of [text.slice(0, SIZE), text]) {
  const start = process.hrtime.bigint();
  const found = extractIOC(part);
  times.push(Number(process.hrtime.bigint() - start) / 1e9);
  hits = Object.values(found).reduce((n, list) => n + (list?.length ?? 0), 0);
}
console.log(
  `| ioc-extractor | ${SIZE} | ${times[0].toFixed(2)} | ` +
    `${times[1].toFixed(2)} | ${hits} |`,
);
