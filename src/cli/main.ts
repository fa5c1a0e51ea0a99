#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Set before anything else is loaded: it halves the time to the first output from the second start on.
enableCompileCache();

const { main } = await import("./process.ts");
process.exitCode = await main(process);
