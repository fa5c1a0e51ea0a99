/** Requests by endpoint template since the last reset, and the 3LO points they cost. */
export interface Counts {
  add(endpoint: string, statusCode: number, points: number, cpuMs: number): void;
  report(): CountsReport;
  reset(): void;
}

export interface CountsReport {
  requests: number;
  points: number;
  /** Milliseconds spent making answers, latency left out: the simulator's share of a measurement. */
  busyMs: number;
  byEndpoint: Record<string, number>;
  byStatus: Record<string, number>;
  since: string;
}

export function createCounts(now: () => Date): Counts {
  let report = empty(now());
  return {
    add(endpoint, statusCode, points, cpuMs) {
      report.requests += 1;
      report.points += points;
      report.busyMs += cpuMs;
      report.byEndpoint[endpoint] = (report.byEndpoint[endpoint] ?? 0) + 1;
      report.byStatus[statusCode] = (report.byStatus[statusCode] ?? 0) + 1;
    },
    report: () => ({ ...report, busyMs: Math.round(report.busyMs) }),
    reset() {
      report = empty(now());
    },
  };
}

function empty(since: Date): CountsReport {
  return { requests: 0, points: 0, busyMs: 0, byEndpoint: {}, byStatus: {}, since: since.toISOString() };
}
