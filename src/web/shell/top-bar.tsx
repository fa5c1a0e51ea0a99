import { Link } from "@tanstack/react-router";
import { CircleHelp, CircleUserRound, LoaderCircle, Menu, Search, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useApi } from "../api/query.ts";
import { Icon } from "../parts/icon.tsx";
import { t } from "../text/t.ts";
import { useMay, useSession } from "./session.tsx";
import classes from "./top-bar.module.css";
import { shellTexts as texts } from "./texts.ts";

const AccountMenu = lazy(() => import("./account-menu.tsx").then(({ AccountMenu }) => ({ default: AccountMenu })));

interface TopBarProps {
  isMenuOpen: boolean;
  onMenu: () => void;
  onSearch: () => void;
}

export function TopBar({ isMenuOpen, onMenu, onSearch }: TopBarProps): ReactNode {
  const may = useMay();
  return (
    <header className={classes["bar"]}>
      <button
        type="button"
        className={classes["menu"]}
        aria-expanded={isMenuOpen}
        aria-controls="pages"
        onClick={onMenu}
      >
        <Icon of={isMenuOpen ? X : Menu} />
        <span className={classes["name"]}>{t(texts.menu)}</span>
      </button>
      <Link to="/" className={classes["brand"]}>
        <img src="/usher.svg" alt="" width="20" height="20" />
        <span className={classes["name"]}>{t(texts.product)}</span>
      </Link>
      {may("connections:read") && <ModeBadge />}
      <div className={classes["space"]} />
      {may("runs:read") && <RunningWork />}
      <button type="button" className={classes["search"]} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <Icon of={Search} />
        <span className={classes["word"]}>{t(texts.search)}</span>
        <kbd className={classes["shortcut"]}>{t(texts.searchKeys)}</kbd>
      </button>
      <Link to="/help" className={classes["plain"]}>
        <Icon of={CircleHelp} />
        <span className={classes["word"]}>{t(texts.help)}</span>
      </Link>
      <Account />
    </header>
  );
}

/** Whether Usher may change anything at all, always in sight. */
function ModeBadge(): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  if (!sites.data || sites.data.items.length === 0) return null;
  const acting = sites.data.items.filter(({ mode }) => mode === "act").length;
  return (
    <span className={classes["mode"]} data-acts={acting > 0} title={t(texts.modeMeaning)}>
      {acting === 0 ? t(texts.observeOnly) : t(texts.acting, { acting, total: sites.data.items.length })}
    </span>
  );
}

const RUNS_EVERY_MS = 5000;

function RunningWork(): ReactNode {
  const runs = useApi("runs.list", { query: { state: "running", limit: 20 } }, { everyMs: RUNS_EVERY_MS });
  const count = runs.data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <Link to={"/runs" as string} search={{ state: "running" } as never} className={classes["plain"]}>
      <Icon of={LoaderCircle} /> <span className={classes["word"]}>{t(texts.working, { count })}</span>
    </Link>
  );
}

function Account(): ReactNode {
  const { operator } = useSession();
  const [trigger, setTrigger] = useState<HTMLButtonElement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setOpened] = useState(false);

  function toggle(): void {
    setOpened(true);
    setOpen(!isOpen);
  }

  return (
    <>
      <button
        ref={setTrigger}
        type="button"
        className={classes["account"]}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={toggle}
      >
        <Icon of={CircleUserRound} />
        <span className={classes["word"]}>{operator.name}</span>
      </button>
      <Suspense>{wasOpened && <AccountMenu anchor={trigger} isOpen={isOpen} onOpen={setOpen} />}</Suspense>
    </>
  );
}
