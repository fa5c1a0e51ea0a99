/** How large the pretend company is. */
export type ScaleName = "tiny" | "small" | "medium" | "large" | "xl";

export interface Scale {
  accounts: number;
  groups: number;
  spaces: number;
  /** Average members of a group, the one that holds everybody left out. */
  membersPerGroup: number;
  contentItems: number;
  /** How many of them were changed in the last 90 days. */
  recentItems: number;
  auditRecordsPerYear: number;
}

export const SCALES: Record<ScaleName, Scale> = {
  /** For what has to be done very often: a year of daily runs. */
  tiny: {
    accounts: 40,
    groups: 9,
    spaces: 6,
    membersPerGroup: 5,
    contentItems: 60,
    recentItems: 20,
    auditRecordsPerYear: 40,
  },
  small: {
    accounts: 200,
    groups: 20,
    spaces: 50,
    membersPerGroup: 15,
    contentItems: 4_000,
    recentItems: 600,
    auditRecordsPerYear: 800,
  },
  medium: {
    accounts: 4_000,
    groups: 300,
    spaces: 200,
    membersPerGroup: 40,
    contentItems: 40_000,
    recentItems: 6_000,
    auditRecordsPerYear: 8_000,
  },
  large: {
    accounts: 9_500,
    groups: 500,
    spaces: 2_000,
    membersPerGroup: 60,
    contentItems: 400_000,
    recentItems: 60_000,
    auditRecordsPerYear: 40_000,
  },
  xl: {
    accounts: 50_000,
    groups: 3_000,
    spaces: 10_000,
    membersPerGroup: 100,
    contentItems: 2_000_000,
    recentItems: 300_000,
    auditRecordsPerYear: 100_000,
  },
};

export function isScaleName(text: string): text is ScaleName {
  return Object.hasOwn(SCALES, text);
}

/** The second site of the organization: a third of everything. */
export function thirdOf(scale: Scale): Scale {
  const third = (count: number) => Math.ceil(count / 3);
  return {
    accounts: third(scale.accounts),
    groups: third(scale.groups),
    spaces: third(scale.spaces),
    membersPerGroup: scale.membersPerGroup,
    contentItems: third(scale.contentItems),
    recentItems: third(scale.recentItems),
    auditRecordsPerYear: third(scale.auditRecordsPerYear),
  };
}
