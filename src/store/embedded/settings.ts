import type { OsUser } from "./os-users.ts";

/** The one role of an installation, and the database of that name. */
export const ROLE = "usher";

/** Names the socket file (`.s.PGSQL.5432`); nothing listens on a network. */
export const PORT = 5432;

export interface SettingsOptions {
  clusterName: string;
  socketDirectory: string;
  hbaFile: string;
  identFile: string;
  /** False gives up surviving a power cut, for databases that a test throws away. */
  durable: boolean;
}

/**
 * postgresql.conf. Sized for a small footprint beside Node: an idle server keeps about 20 MB for itself, a busy one
 * stays below 200 MB. WAL is bounded, and minimal, as nothing replicates from here.
 */
export function postgresqlConf({ clusterName, socketDirectory, hbaFile, identFile, durable }: SettingsOptions): string {
  const settings: Record<string, string> = {
    cluster_name: clusterName,
    listen_addresses: "",
    // A list: the quotes keep a comma or a space in the path.
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    port: String(PORT),
    hba_file: hbaFile,
    ident_file: identFile,
    max_connections: durable ? "60" : "200",
    shared_buffers: "64MB",
    work_mem: "16MB",
    maintenance_work_mem: "64MB",
    effective_cache_size: "1GB",
    max_wal_size: "512MB",
    min_wal_size: "64MB",
    wal_level: "minimal",
    max_wal_senders: "0",
    // PostgreSQL 18 would otherwise start three more processes for reading ahead.
    io_method: "sync",
    max_worker_processes: "4",
    // A container gives 64 MB of /dev/shm, which the hash tables of more workers overflow.
    max_parallel_workers_per_gather: "1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    log_line_prefix: "%m [%p] ",
    log_checkpoints: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return `# Written by Usher at each start; changes made here are lost.\n${Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("")}`;
}

/** pg_hba.conf: the socket only, and only for whom the kernel names. */
export function hbaConf(): string {
  return `local all ${ROLE} peer map=usher\n`;
}

/** pg_ident.conf: exactly Node's user and PostgreSQL's, which are the same unless root started Usher. */
export function identConf(node: OsUser, owner: OsUser): string {
  const names = [...new Set([node.name, owner.name])];
  return names.map((name) => `usher "${name.replaceAll('"', '""')}" ${ROLE}\n`).join("");
}
