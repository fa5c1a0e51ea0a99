import type { SampleScale } from "../../model/sample-company.ts";

/** What opens the pretend company; it opens nothing else. */
export interface SampleCredentials {
  email: string;
  apiToken: string;
  organizationKey: string;
  personalAccessToken: string;
}

/** The pretend Atlassian behind the sample company, in a process of its own. */
export interface SampleSimulator {
  /** Where it is reached in this machine, without a slash at the end. */
  listensAt: string;
  /** Base URLs of its sites in Cloud and of one instance of Data Center, as Usher knows them. */
  cloudUrls: readonly string[];
  dataCenterUrl: string;
  credentials(): Promise<SampleCredentials>;
  /** Its personnel file, headings first. */
  personnel(): Promise<readonly (readonly string[])[]>;
  /** Settles when it has ended, however that came. */
  ended: Promise<void>;
  stop(): void;
}

/** The same scale, seed and instant make the same company. */
export type StartSampleSimulator = (options: {
  scale: SampleScale;
  seed: number;
  beganAt: Date;
}) => Promise<SampleSimulator>;
