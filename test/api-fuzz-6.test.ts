import { fuzzPart } from "./fuzz/fuzz-routes.ts";

fuzzPart(6);
