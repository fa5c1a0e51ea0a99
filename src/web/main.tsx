import "./look/tokens.css";
import "./look/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startKeys } from "./shell/keys.ts";
import { startPreferences } from "./shell/preferences.ts";
import { startTexts } from "./text/t.ts";

startTexts(new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("usher.lang") ?? "en");
startPreferences();
startKeys();

const place = document.getElementById("usher");
if (!place) throw new Error("The page has no place to draw into.");
createRoot(place).render(<App />);
