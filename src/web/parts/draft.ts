/** What somebody typed and has not saved, field by field, kept while the browser's tab is open. Secrets are never kept. */
type Fields = readonly (readonly [name: string, value: string])[];

const keyOf = (id: string) => `usher.draft.${id}`;

/** Every named field with its value; a password counts as changed once something is typed, and its words stay out. */
export function fieldsOf(form: HTMLFormElement): Fields {
  return [...form.elements].flatMap((element): [string, string][] => {
    if (element instanceof HTMLInputElement) {
      if (element.name === "") return [];
      if (element.type === "password") return [[element.name, element.value === "" ? "" : "…"]];
      if (element.type === "checkbox" || element.type === "radio") {
        return [[`${element.name}=${element.value}`, String(element.checked)]];
      }
      return [[element.name, element.value]];
    }
    const isText = element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
    return isText && element.name !== "" ? [[element.name, element.value]] : [];
  });
}

export function sameFields(one: Fields, other: Fields): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Keeps what differs from what was saved; nothing where nothing does. */
export function saveDraft(id: string, now: Fields, saved: Fields): void {
  if (sameFields(now, saved)) return clearDraft(id);
  const before = new Map(saved);
  const changed = now.filter(([name, value]) => value !== "…" && before.get(name) !== value);
  sessionStorage.setItem(keyOf(id), JSON.stringify(changed));
}

export function readDraft(id: string): Fields | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(id)) ?? "null") as Fields | null;
  } catch {
    // Not what we wrote: there is no draft.
    return null;
  }
}

export function clearDraft(id: string): void {
  sessionStorage.removeItem(keyOf(id));
}

/** Puts a draft back into its fields; whether anything was put back. */
export function restoreDraft(form: HTMLFormElement, draft: Fields): boolean {
  let isRestored = false;
  const values = new Map(draft);
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && (element.type === "checkbox" || element.type === "radio")) {
      const value = values.get(`${element.name}=${element.value}`);
      if (value === undefined || value === String(element.checked)) continue;
      // A click tells the field's own page of it, too.
      element.click();
      isRestored = true;
    } else if (
      element instanceof HTMLInputElement ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement
    ) {
      const value = element.name === "" ? undefined : values.get(element.name);
      if (value === undefined || element.type === "password") continue;
      element.value = value;
      isRestored = true;
    }
  }
  return isRestored;
}
