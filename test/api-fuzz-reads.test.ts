import { routes } from "../src/api/routes.ts";
import { fuzzRoutes } from "./fuzz/fuzz-routes.ts";

fuzzRoutes(
  "reading from the API with malformed requests",
  routes.filter(({ method }) => method === "GET"),
);
