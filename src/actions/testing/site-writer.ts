import type { Clock } from "../../lib/clock.ts";
import { CHANGE_KINDS, type Change } from "../../model/changes.ts";
import {
  type ObservedAccess,
  type ObservedUse,
  SourceFailure,
  type SourceFailureCode,
  type SiteSource,
  type SiteWriter,
} from "../../sources/source.ts";

/** What goes wrong with one request that changes something. */
export type WriteFault =
  /** The change is made and its answer is lost. */
  | "lost-after"
  /** Nothing is changed, and nobody knows. */
  | "lost-before"
  | SourceFailureCode;

/** A site written down by hand that can be changed, with faults that tests choose. */
export interface WritableSite {
  source: SiteSource;
  accounts: Map<string, { groups: Set<string>; isActive: boolean; isSuspended: boolean; products: string[] | null }>;
  /** By account; the next requests that change it fail so, one after the other. */
  faults: Map<string, WriteFault[]>;
  /** The next reads of an account fail so. */
  readFaults: Map<string, SourceFailureCode[]>;
  uses: Map<string, ObservedUse[]>;
  /** A change shows in reads after this. */
  lagMs: number;
  /** Changes that took effect, in order. */
  made: Change[];
  /** Requests for a change that was so already. */
  repeated: Change[];
  /** Called before and after everything that is asked; throws what the test wants to happen to the process. */
  checkpoint: (what: string) => void;
  closed: number;
}

export function writableSite(clock: Clock): WritableSite {
  const shown = new Map<string, { at: number; access: ObservedAccess }[]>();

  function truth(id: string): ObservedAccess {
    const account = site.accounts.get(id);
    if (!account) return { isKnown: false, groups: null, isActive: null, isSuspended: null, otherProducts: null };
    return {
      isKnown: true,
      groups: [...account.groups].map((sourceId) => ({ sourceId, name: sourceId })),
      isActive: account.isActive,
      isSuspended: account.isSuspended,
      otherProducts: account.products,
    };
  }
  /** What reads show: changes are seen only after their time. */
  function visible(id: string): ObservedAccess {
    const earlier = shown.get(id)?.find((each) => clock.now().getTime() < each.at + site.lagMs);
    return earlier ? earlier.access : truth(id);
  }
  function apply(change: Change): boolean {
    if (!("accountSourceId" in change)) return false;
    const account = site.accounts.get(change.accountSourceId);
    if (!account) throw failure("source.not-found");
    const before = truth(change.accountSourceId);
    const wasSo = changeIsSo(change, before);
    if (wasSo) return false;
    shown.set(change.accountSourceId, [
      ...(shown.get(change.accountSourceId) ?? []),
      { at: clock.now().getTime(), access: before },
    ]);
    if (change.kind === "remove-member") account.groups.delete(change.groupSourceId);
    if (change.kind === "add-member") account.groups.add(change.groupSourceId);
    if (change.kind === "suspend-account") account.isSuspended = true;
    if (change.kind === "reinstate-account") account.isSuspended = false;
    if (change.kind === "disable-account" || change.kind === "scim-deactivate") account.isActive = false;
    if (change.kind === "enable-account" || change.kind === "scim-activate") account.isActive = true;
    return true;
  }

  const writer: SiteWriter = {
    abilities: Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, null])) as SiteWriter["abilities"],
    probe: async () => [],
    async readAccess(id) {
      site.checkpoint("before a read");
      const fault = site.readFaults.get(id)?.shift();
      if (fault) throw failure(fault);
      return visible(id);
    },
    async make(change) {
      site.checkpoint("before a change");
      const id = "accountSourceId" in change ? change.accountSourceId : "";
      const fault = site.faults.get(id)?.shift();
      if (fault === "lost-before") throw failure("source.uncertain");
      if (fault && fault !== "lost-after") throw failure(fault);
      (apply(change) ? site.made : site.repeated).push(change);
      site.checkpoint("after a change");
      if (fault === "lost-after") throw failure("source.uncertain");
      return { createdSourceId: null };
    },
    readLicense: async () => null,
  };
  const site: WritableSite = {
    accounts: new Map(),
    faults: new Map(),
    readFaults: new Map(),
    uses: new Map(),
    lagMs: 0,
    made: [],
    repeated: [],
    checkpoint: () => undefined,
    closed: 0,
    // Nothing else of a source is asked for when a seat is changed.
    source: {
      writer,
      readLatestUse: async (id: string, since: Date) => {
        site.checkpoint("before looking at use");
        return (site.uses.get(id) ?? []).filter((each) => each.at >= since);
      },
      close: () => void (site.closed += 1),
    } as unknown as SiteSource,
  };
  return site;
}

function changeIsSo(change: Change, { groups, isActive, isSuspended }: ObservedAccess): boolean {
  switch (change.kind) {
    case "remove-member":
      return !groups?.some((each) => each.sourceId === change.groupSourceId);
    case "add-member":
      return groups?.some((each) => each.sourceId === change.groupSourceId) ?? false;
    case "suspend-account":
      return isSuspended === true;
    case "reinstate-account":
      return isSuspended === false;
    case "disable-account":
    case "scim-deactivate":
      return isActive === false;
    default:
      return isActive === true;
  }
}

export function failure(code: SourceFailureCode): SourceFailure {
  return new SourceFailure(`the site answered ${code}`, {
    code,
    publicMessage: `The site answered ${code}.`,
    fix: "Do what the test says.",
  });
}
