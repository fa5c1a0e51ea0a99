import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { useApi } from "../../api/query.ts";
import dialog from "../../parts/dialog.module.css";
import { t } from "../../text/t.ts";
import { useMayOpen } from "../session.tsx";
import { useSignOut } from "../sign-out.ts";
import { actionEntries, commandEntries, pageEntries } from "./commands.ts";
import { type Entry, type EntryGroup, foundGroups, matching, readQuery, withoutEmpty } from "./entries.ts";
import classes from "./palette.module.css";
import { recentEntries, remember } from "./recent.ts";
import { paletteTexts as texts } from "./texts.ts";

/** Anything, by name: Ctrl or Cmd K. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={classes["popup"]} aria-label={t(texts.title)}>
          {isOpen && <Search onClose={onClose} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ onClose }: { onClose: () => void }): ReactNode {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const { groups, isSearching } = useEntries(typed);

  function choose(entry: Entry): void {
    onClose();
    if (entry.href === null) return entry.act?.();
    remember(entry);
    router.history.push(entry.href);
  }

  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      mode="none"
      autoHighlight="always"
      keepHighlight
      value={typed}
      onValueChange={(value, { reason }) => reason !== "item-press" && setTyped(value)}
      itemToStringValue={(entry: Entry) => entry.label}
    >
      <Autocomplete.Input className={classes["field"]} placeholder={t(texts.field)} aria-label={t(texts.field)} />
      <p className={classes["hint"]}>{t(texts.hint)}</p>
      <Autocomplete.Empty className={classes["empty"]}>
        {groups.length === 0 && t(isSearching ? texts.searching : texts.nothing)}
      </Autocomplete.Empty>
      <Autocomplete.List className={classes["list"]}>
        {(group: EntryGroup) => (
          <Autocomplete.Group key={group.value} items={group.items} className={classes["group"]}>
            <Autocomplete.GroupLabel className={classes["label"]}>{group.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  className={classes["item"]}
                  onClick={() => choose(entry)}
                >
                  <span className={classes["words"]}>{entry.label}</span>
                  {entry.detail && <span className={classes["detail"]}>{entry.detail}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** What fits what is typed: this page's actions, what was opened lately, pages and commands at once; then the server's. */
function useEntries(typed: string): { groups: EntryGroup[]; isSearching: boolean } {
  const router = useRouter();
  const mayOpen = useMayOpen();
  const signOut = useSignOut();
  // Behind the dialog the page stays as it was when it was opened.
  const [actions] = useState(actionEntries);
  const [recent] = useState(recentEntries);
  const { narrowing, words } = readQuery(useDeferredValue(typed));
  const asksServer = words !== "" && narrowing !== "commands";
  const answer = useApi("search.all", { query: { q: words } }, { enabled: asksServer });

  const pages = useMemo(() => pageEntries(mayOpen), [mayOpen]);
  const commands = useMemo(() => commandEntries(router, signOut), [router, signOut]);
  const own: EntryGroup[] =
    narrowing === "people" || narrowing === "groups" || narrowing === "spaces"
      ? []
      : [
          { value: t(texts.actions), items: matching(actions, words) },
          { value: t(texts.recent), items: narrowing === "all" ? matching(recent, words) : [] },
          { value: t(texts.pages), items: narrowing === "all" ? matching(pages, words) : [] },
          {
            value: t(texts.commands),
            items: narrowing === "commands" || words !== "" ? matching(commands, words) : [],
          },
        ];
  const found = asksServer ? foundGroups(answer.data, narrowing) : [];
  return {
    groups: withoutEmpty([
      ...found.slice(0, answer.data?.exact ? 1 : 0),
      ...own,
      ...found.slice(answer.data?.exact ? 1 : 0),
    ]),
    isSearching: answer.isFetching,
  };
}
