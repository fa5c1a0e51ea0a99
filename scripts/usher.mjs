#!/usr/bin/env node
// The command `usher`, on any Node from 20 on.
import { runScript } from "./bootstrap.mjs";

await runScript("src/cli/main.ts", process.argv.slice(2), { forDeveloping: false });
