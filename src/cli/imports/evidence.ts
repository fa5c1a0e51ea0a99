import { Option, type Command } from "commander";
import { applyEvidenceImport, previewEvidenceImport } from "../../api/imports.ts";
import { EvidenceKindName } from "../../api/inventory.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { usageFailure } from "../failure.ts";
import { connect } from "../session.ts";
import { addFileOptions, type FileOptions, openFile, previewThenApply } from "./preview-file.ts";

type Kind = (typeof EvidenceKindName.options)[number];

interface EvidenceOptions extends FileOptions {
  site?: string;
  kind?: Kind;
  since: string;
  until?: string;
  complete?: boolean;
}

export function registerEvidenceImport(command: Command, cli: Cli): void {
  addFileOptions(
    command.command("import").description("preview or apply a file of uses: account, when, kind"),
    "account, site, when, kind, summary",
  )
    .option("--site <site>", "the site that the uses are of")
    .addOption(new Option("--kind <kind>", "the kind of rows that do not say one").choices(EvidenceKindName.options))
    .requiredOption("--since <date>", "from when on the file tells of uses")
    .option("--until <date>", "up to when it does (now)")
    .option("--complete", "the file holds every use of --kind at the site in that time: silence is proven")
    .action((path: string, options: EvidenceOptions) => importEvidence(cli, path, options));
}

async function importEvidence(cli: Cli, path: string, options: EvidenceOptions): Promise<void> {
  const { kind, complete } = options;
  if (complete && !kind) throw usageFailure("Complete for which kind?", "Add --kind authenticated, or another one.");
  const since = instantOf("--since", options.since);
  const until = options.until === undefined ? {} : { until: instantOf("--until", options.until) };
  const session = await connect(cli);
  const { id: siteId } = await findSite(session, options.site);
  const { csv, query } = await openFile(path, options);
  const covers = {
    siteId,
    since,
    ...until,
    ...(kind ? { kind } : {}),
    ...(complete && kind ? { complete: [kind] } : {}),
  };
  const preview = await session.call(previewEvidenceImport, { csv, query: { ...query, ...covers } });
  await previewThenApply(
    cli,
    preview,
    options,
    (body) => session.call(applyEvidenceImport, { params: { importId: preview.id }, body }),
    `usher seat list --filter siteId=${siteId}`,
  );
}

function instantOf(option: string, text: string): Date {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  throw usageFailure(`${option} ${text} is not a date.`, "It looks like 2026-05-03.");
}
