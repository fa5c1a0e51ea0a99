#!/usr/bin/env node
// The command `usher`, on any Node from 20 on.
import { buildPages, runScript } from "./bootstrap.mjs";

const [verb] = process.argv.slice(2);
if (verb === "serve" || verb === "demo") buildPages();
await runScript("src/cli/main.ts", process.argv.slice(2), { forDeveloping: false });
